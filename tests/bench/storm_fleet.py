"""A fleet that comes back all at once, and a centre of fixed capacity: the model of the storm.

Of the product itself are the gate in front of the centre (sync.central.admission) and the pace of
the agent (sync.agent.pace). Made up are the network, which takes no time, and the work behind the
gate: one worker that takes as long for a request as ingest took where it was measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sync.agent import pace as paces
from sync.agent.pace import Pace
from sync.central.admission import Asgi, Gate, Message, Receive, Scope, Send
from tests.bench.storm_time import Dice

START = datetime(2026, 11, 22, tzinfo=UTC)
TIMEOUT_S = 10.0
BULK_BYTES = 40_000  # two hundred events, packed
SMALL_BYTES = 1_500


@dataclass(frozen=True, slots=True)
class Capacity:
    """Seconds of the one worker: for a batch of so many events, and for a heartbeat or any other
    small request."""

    batch: float
    event: float
    small: float

    def of(self, events: int) -> float:
        return self.batch + self.event * events if events else self.small


@dataclass(frozen=True, slots=True)
class Storm:
    kiosks: int
    events: int
    capacity: Capacity
    live: int = 0
    """Kiosks without a backlog that record a drop now and then while the storm goes on."""
    live_every_s: float = 60.0
    until_s: float = 3600.0

    @property
    def backlog_s(self) -> float:
        """The work of the backlogs alone."""
        return self.kiosks * self.capacity.of(self.events)

    @property
    def floor_s(self) -> float:
        """With the heartbeat and the look for a policy that each kiosk owes on its return."""
        return self.backlog_s + 2 * self.kiosks * self.capacity.small


@dataclass(slots=True)
class Tally:
    """What came of it. `asked` counts a kiosk's requests until its backlog was taken."""

    drained_s: float = 0.0
    worked_s: float = 0.0
    """Of these, what the worker worked: also for heartbeats, looks and the drops of that time."""
    left: int = 0
    asked: list[int] = field(default_factory=list)
    fresh_s: list[float] = field(default_factory=list)
    """From a live drop to its acknowledgement."""
    wasted: int = 0
    """Batches that were worked on for somebody who had gone."""


class Worker:
    """ASGI application: one thing at a time, each as long as its size says."""

    def __init__(self, capacity: Capacity) -> None:
        self._capacity = capacity
        self._free_at = 0.0
        self.worked_s = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        takes = self._capacity.of(scope["events"])
        self._free_at = max(self._free_at, _now()) + takes
        await asyncio.sleep(self._free_at - _now())
        self.worked_s += takes
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


Wait = Callable[[int, str, Dice], float]
"""Seconds until the next try, from the failures so far and the Retry-After, "" for none."""


def as_the_agent(pace: Pace) -> Wait:
    """sync.agent.agent.Agent._missed."""

    def wait(failures: int, told: str, dice: Dice) -> float:
        known = paces.told_to_wait(told, _wall(), pace, dice) if told else None
        return paces.back_off(failures, pace, dice) if known is None else known

    return wait


def every(seconds: float) -> Wait:
    return lambda _failures, _told, _dice: seconds


def _now() -> float:
    return asyncio.get_running_loop().time()


def _wall() -> datetime:
    return START + timedelta(seconds=_now())


@dataclass(slots=True)
class Fleet:
    storm: Storm
    gated: bool
    wait: Wait
    pace: Pace = field(default_factory=Pace)
    tally: Tally = field(default_factory=Tally)
    _worker: Worker = field(init=False)
    _app: Asgi = field(init=False)

    async def play(self) -> Tally:
        self._worker = Worker(self.storm.capacity)
        self._app = Gate(self._worker) if self.gated else self._worker
        drains = [asyncio.create_task(self._kiosk(n)) for n in range(self.storm.kiosks)]
        lives = [asyncio.create_task(self._live(n)) for n in range(self.storm.live)]
        _, late = await asyncio.wait(drains, timeout=self.storm.until_s)
        self.tally.left = len(late)
        for task in (*late, *lives):
            task.cancel()
        await asyncio.gather(*late, *lives, return_exceptions=True)
        return self.tally

    async def _kiosk(self, number: int) -> None:
        dice, device = Dice(number), f"/v1/devices/k{number}"
        await asyncio.sleep(self.pace.first_contact * paces.fraction(dice))
        asked = await self._until_taken(f"{device}/events", self.storm.events, BULK_BYTES, dice)
        self.tally.asked.append(asked)
        self.tally.drained_s, self.tally.worked_s = _now(), self._worker.worked_s
        await self._until_taken(f"{device}/heartbeat", 0, SMALL_BYTES, dice)
        await self._until_taken("/v1/policy/manifest", 0, 0, dice)

    async def _live(self, number: int) -> None:
        dice, device = Dice(-1 - number), f"/v1/devices/l{number}"
        while True:
            await asyncio.sleep(2 * self.storm.live_every_s * paces.fraction(dice))
            began = _now()
            await self._until_taken(f"{device}/events", 1, SMALL_BYTES, dice)
            self.tally.fresh_s.append(_now() - began)

    async def _until_taken(self, path: str, events: int, size: int, dice: Dice) -> int:
        """How often it was asked."""
        asked = 0
        while True:
            asked += 1
            status, told = await self._ask(path, events, size)
            if status == 200:
                return asked
            await asyncio.sleep(self.wait(asked - 1, told, dice))

    async def _ask(self, path: str, events: int, size: int) -> tuple[int, str]:
        """Status (0 for no answer in time) and Retry-After."""
        said: list[Message] = []
        given: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
        scope: Scope = {
            "type": "http",
            "path": path,
            "headers": [(b"content-length", str(size).encode())],
            "events": events,
        }

        async def receive() -> Message:
            return given.pop()

        async def send(message: Message) -> None:
            said.append(message)

        # Shielded: a server goes on with what it began, whether or not somebody still waits.
        work = asyncio.ensure_future(self._app(scope, receive, send))
        try:
            await asyncio.wait_for(asyncio.shield(work), TIMEOUT_S)
        except TimeoutError:
            self.tally.wasted += 1
            return 0, ""
        told = dict(said[0]["headers"])
        return int(said[0]["status"]), told.get(b"retry-after", b"").decode()
