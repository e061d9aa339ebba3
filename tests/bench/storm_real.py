"""Kiosks with a backlog against a real centre over sockets: what the model of the storm is fed
with, and a smaller storm to show that it holds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk.domain import chain
from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock, SystemIds
from sync.agent import pace as paces
from sync.agent.bounded import Session
from sync.agent.client import Busy, Client, Ok
from sync.agent.pace import Pace
from sync.wire import codec
from sync.wire.messages import EventRecord, Heartbeat, Push
from tests.bench.drain_centre import Served
from tests.bench.store_shop import kiosk
from tests.bench.storm_fleet import Capacity

KEY = SigningKey("", bytes(range(7, 39)))
IDS, CLOCK = SystemIds(), SystemClock()
SMALLS = 60
"""Requests of each small kind that are timed."""


def a_drop(folder: Path) -> EventRecord:
    """One promise of the bench's shop as it travels."""
    with kiosk(folder, 10) as box:
        box.promise(box.present(1), 1)
        batch = box.store.outbox.next_batch(10, 1 << 20)
        assert batch is not None
        found = [event for event in batch.events if "drop.committed" in event.type]
        return codec.record(found[0], "")


def backlog(like: EventRecord, count: int) -> Push:
    """A chain of so many drops, each with ids of its own."""
    epoch, previous = IDS.uuid(), chain.GENESIS
    events = []
    for sequence in range(1, count + 1):
        name = IDS.uuid()
        event = msgspec.structs.replace(
            like,
            id=IDS.uuid(),
            subject=name,
            epoch=epoch,
            sequence=sequence,
            data={**like.data, "drop_id": name, "return_id": f"R-{name}"},
        )
        previous = codec.link(previous, event) or ""
        events.append(msgspec.structs.replace(event, chain=previous))
    return Push(epoch=epoch, prev_chain=chain.GENESIS, events=tuple(events))


def heartbeat(told: Push | None = None) -> Heartbeat:
    """Of a kiosk whose events, all of `told`, the centre has."""
    last = told.events[-1] if told else None
    return Heartbeat(
        time=CLOCK.now(),
        version="1.0",
        epoch=last.epoch if last else "",
        cursor=last.sequence if last else 0,
        chain_head=last.chain if last else "",
        queued=0,
    )


@dataclass(slots=True)
class Caller:
    """The agent's client, and its patience."""

    url: str
    name: str
    pace: Pace = field(default_factory=Pace)
    asked: int = 0

    def client(self) -> Client:
        return Client(self.url, self.name, KEY, CLOCK, IDS, "1.0", 30.0, Session())

    def push(self, what: Push, ends: float) -> bool:
        """Until it is taken, as the agent's schedule has it; whether it was, before `ends`."""
        client = self.client()
        try:
            while time.monotonic() < ends:
                answer = client.post(f"/v1/devices/{self.name}/events", what)
                self.asked += 1
                if isinstance(answer, Ok):
                    return True
                time.sleep(self._wait(answer))
            return False
        finally:
            client.close()

    def _wait(self, answer: object) -> float:
        told = answer.retry_after if isinstance(answer, Busy) else ""
        known = paces.told_to_wait(told, CLOCK.now(), self.pace, IDS) if told else None
        return paces.back_off(self.asked - 1, self.pace, IDS) if known is None else known

    def beat(self, client: Client, told: Push | None = None) -> None:
        answer = client.post(f"/v1/devices/{self.name}/heartbeat", heartbeat(told))
        assert isinstance(answer, Ok), answer


def capacity(served: Served, names: Sequence[str], backlogs: Sequence[Push]) -> Capacity:
    """What the centre's processor takes: from whole backlogs, single drops and heartbeats."""
    ends = time.monotonic() + 300
    many = len(backlogs[0].events)
    whole = _cost(served, [(name, one) for name, one in zip(names, backlogs, strict=False)], ends)
    like = backlogs[0].events[0]
    single = _cost(served, [(names[0], one) for one in _one_by_one(backlog(like, SMALLS))], ends)
    caller = Caller(served.url, names[0])
    client = caller.client()
    began = served.busy()
    for _ in range(SMALLS):
        caller.beat(client)
    small = (served.busy() - began) / SMALLS
    client.close()
    event = max(whole - single, 0.0) / (many - 1)
    return Capacity(single - event, event, small)


def _one_by_one(chained: Push) -> Iterator[Push]:
    """As drops of the moment come: each in a batch of its own, in the epoch of those before."""
    before = chained.prev_chain
    for event in chained.events:
        yield Push(epoch=chained.epoch, prev_chain=before, events=(event,))
        before = event.chain


def _cost(served: Served, given: Sequence[tuple[str, Push]], ends: float) -> float:
    """Seconds of the centre's processor for each."""
    began = served.busy()
    for name, one in given:
        assert Caller(served.url, name).push(one, ends)
    return (served.busy() - began) / len(given)


@dataclass(frozen=True, slots=True)
class Came:
    """A storm over sockets: seconds to its end by the wall and of the centre's processor."""

    wall: float
    busy: float
    asked: list[int]
    left: int


def storm(served: Served, names: Sequence[str], backlogs: Sequence[Push], within_s: float) -> Came:
    """All at once but for a first contact spread over `within_s`, each on a thread."""
    callers = [Caller(served.url, name) for name in names]
    began, busy = time.monotonic(), served.busy()
    taken: list[float] = []

    def one(caller: Caller, what: Push) -> None:
        time.sleep(within_s * paces.fraction(IDS))
        if caller.push(what, began + 300):
            taken.append(time.monotonic() - began)

    threads = [
        threading.Thread(target=one, args=pair) for pair in zip(callers, backlogs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = len(names) - len(taken)
    return Came(max(taken), served.busy() - busy, [caller.asked for caller in callers], left)
