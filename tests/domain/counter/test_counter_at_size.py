"""Twenty thousand parcels: what a scan costs is counted, not timed."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from kiosk.domain.counter.commands import (
    Command,
    Expire,
    Extend,
    HandOut,
    Receive,
    RefuseOut,
    ReportMissing,
    Shelve,
    Stage,
)
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.outbound_facts import ShelfSet
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelReceived, ParcelShelved
from kiosk.domain.counter.pick_up import opened
from kiosk.domain.counter.suggesting import shelf_for
from tests.domain.counter.desk import HOUSE, Desk, recorded

FEW, MANY = 200, 20_000
SHELVES = 40


def code(number: int) -> str:
    return f"{number:064x}"


def stocked(parcels: int) -> Desk:
    """So many parcels; a tenth of them announced with codes and on forty shelves, the others as
    they came, at the desk. Three are over."""
    desk = Desk()
    room = parcels // SHELVES + 2
    facts: list[Any] = [ShelfSet(f"S{n:02}", "hall", room) for n in range(SHELVES)]
    for n in range(parcels):
        number, shelf = f"P{n}", f"S{n % SHELVES:02}"
        until = "2025-03-09" if n < 3 else f"2025-03-{11 + n % 7}"
        facts.append(ParcelReceived(number, "dhl", "2025-03-02", until, "anna"))
        if n % 10 < 1 or n < 20:
            facts.append(ParcelAnnounced(number, "dhl", recipient=f"r{n}", code=code(n)))
            facts.append(ParcelShelved(number, shelf, "anna"))
    for at, fact in enumerate(facts):
        desk.shop.apply(Recorded(Stamp(f"{at:012x}-0001", "counter-1"), fact))
    return desk


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many of Python's own instructions are carried out: a walk over parcels would be seen."""
    steps = [0]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes = True
        steps[0] += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield steps
    finally:
        sys.settrace(before)


def jobs(desk: Desk) -> Iterator[tuple[str, Callable[[], object]]]:
    def do(command: Command, **who: Any) -> Callable[[], object]:
        return lambda: desk.do(command, **who)

    yield "find by code", lambda: opened(desk.shop, code(7))
    yield "receive", do(Receive("new", "dhl"))
    yield "suggest a shelf", lambda: shelf_for(desk.shop, desk.shop.parcels["new"])
    yield "shelve", do(Shelve("new", "S00"))
    yield "move", do(Shelve("P7", "S00"))
    yield "hand out", do(HandOut(("P7",), code(7)))
    yield "cannot find", do(ReportMissing("P8"))
    yield "refuse out", do(RefuseOut("P9"))
    yield "stage", do(Stage("P9", "R1"))
    yield "extend", do(Extend("P10"))
    yield "expire what is due", do(Expire(), who=HOUSE)
    yield (
        "a fact of yesterday",
        lambda: desk.shop.apply(recorded("counter-2", [ParcelShelved("P11", "S01", "ben")])[0]),
    )


@pytest.fixture(scope="module")
def desks() -> tuple[Desk, Desk]:
    return stocked(FEW), stocked(MANY)


def test_a_scan_costs_the_same_among_twenty_thousand_parcels(desks: tuple[Desk, Desk]) -> None:
    """No walk over parcels (instructions) and no copy of a list or map of them (memory)."""
    costs: list[dict[str, tuple[int, int]]] = []
    for desk in desks:
        cost = {}
        for name, job in jobs(desk):
            tracemalloc.start()
            with counted() as steps:
                job()
            cost[name] = steps[0], tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        costs.append(cost)
    few, many = costs
    for name, (steps, memory) in many.items():
        assert steps <= few[name][0] * 1.05 + 50, (name, few[name], many[name])
        assert memory < 64 * 1024, (name, memory)
