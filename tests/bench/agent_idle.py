"""What an agent costs that has nothing to do: its share of a core, and its calls, at the pace that
ships.

The real agent on its own thread over a real store, and a real centre in a process of its own, with
a bundle in force. Counting begins with a heartbeat, when all else is done, and lasts SECONDS (60
unless told). Nothing else runs in this process meanwhile, so its processor time is the agent's.
"""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from kiosk.seal.keys import SigningKey
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.agent import Agent
from sync.agent.bounded import Session
from sync.agent.pace import Pace
from sync.central import policy
from sync.central.database import Database
from tests.bench import drain_centre as centres
from tests.bench import policy_shop as shop
from tests.bench.crowd import size
from tests.bench.store_shop import DEVICE

KEY = SigningKey("", bytes(range(9, 41)))


class Counted(HTTPAdapter):
    """Sends as the agent does; `beat` is set by each heartbeat that was answered."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self._inner = inner
        self.calls: list[str] = []
        self.beat = threading.Event()

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        answer = self._inner.send(request, *args, **more)
        self.calls.append(str(request.path_url).rpartition("/")[2])
        if self.calls[-1] == "heartbeat":
            self.beat.set()
        return answer

    def close(self) -> None:
        self._inner.close()


def run() -> list[str]:
    seconds = size("SECONDS", 60)
    with (
        tempfile.TemporaryDirectory(prefix="idle-bench-") as made,
        centres.database("SQLite", Path(made)) as url,
    ):
        centres.fill(url, [DEVICE], KEY, 0)
        _publish(url)
        with centres.serving(url) as served:
            return _idle(Path(made), served, seconds)


def _publish(url: str) -> None:
    there = Database(url)
    content = shop.content(1)
    for merchant in content.merchants:
        policy.put_merchant(there, centres.TENANT, merchant, list(shop.RULES))
    made = policy.publish(there, SystemClock(), centres.TENANT, centres.BUNDLE_KEY)
    assert not isinstance(made, policy.NotPublished), made
    there.close()


def _idle(folder: Path, served: centres.Served, seconds: int) -> list[str]:
    store = open_store(folder / "kiosk", SystemClock(), SystemIds())
    session = Session()
    counted = Counted(session.adapters["http://"])
    session.mount("http://", counted)
    agent = Agent(
        store,
        served.url,
        DEVICE,
        KEY,
        {centres.BUNDLE_KEY.kid: centres.BUNDLE_KEY.public},
        SystemClock(),
        SystemIds(),
        "1.0",
        10.0,
        lambda _state: None,
        tenant=centres.TENANT,
        pace=Pace(first_contact=0.0),
        session=session,
    )
    agent.start()
    assert counted.beat.wait(60), "no heartbeat"
    while store.outbox.position().queued or not agent.state.policy_number:
        time.sleep(0.2)
    counted.beat.clear()
    assert counted.beat.wait(120), "no second heartbeat"
    before, began, busy = len(counted.calls), time.perf_counter(), time.process_time()
    time.sleep(seconds)
    spent, wall = time.process_time() - busy, time.perf_counter() - began
    calls = counted.calls[before:]
    agent.stop()
    store.close()
    told = ", ".join(f"{calls.count(name)} {name}" for name in sorted(set(calls))) or "none"
    return [
        f"agent_idle: {wall:.0f} s after a heartbeat, {len(calls)} calls ({told})",
        f"  processor {1e3 * spent:.0f} ms: {spent / wall:.4%} of a core",
    ]
