"""Taps and scans of each job at the counter, counted by a walk that really takes it.

    python -m tests.flows.counter.taps     the table, as docs/counter.md has it

A walk is a function that takes a shift to the end of one job; taps and scans count from where staff
stand when the job comes: before Home, signed in. Each module `taps_*` beside this has `ROWS`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kiosk.flows.counter.model import Chosen, CounterEvent, Drawn, Pressed, Ready, Session, Typed
from kiosk.ports import Scanned
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import FakeDesk

_TAPS = (Pressed, Chosen, Drawn, Typed)


@dataclass(frozen=True, slots=True)
class Row:
    """One job: what it is, the walk, and the most taps that design/product.md wants for it; for how
    many parcels or containers it is done, so that scans can be read."""

    job: str
    walk: Callable[[Counting], None]
    goal: int
    of: int = 1


@dataclass(frozen=True, slots=True)
class Counted:
    job: str
    taps: int
    scans: int
    goal: int
    of: int

    @property
    def within(self) -> bool:
        return self.taps <= self.goal


class Counting(Shift):
    """A shift that counts. What stands before `begins` is not counted."""

    def __init__(self) -> None:
        super().__init__(FakeDesk())
        self.taps = self.scans = 0
        self.happens(Ready())
        self.sign_in()

    def begins(self) -> None:
        """Everything is prepared: the job begins now."""
        self.taps = self.scans = 0

    def happens(self, event: CounterEvent) -> Session:
        self.taps += isinstance(event, _TAPS)
        self.scans += isinstance(event, Scanned)
        return super().happens(event)


def counted(row: Row) -> Counted:
    """The walk, taken."""
    shift = Counting()
    row.walk(shift)
    return Counted(row.job, shift.taps, shift.scans, row.goal, row.of)


def rows() -> tuple[Row, ...]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("taps_*.py"))
    modules = (importlib.import_module(f"tests.flows.counter.{name}") for name in names)
    return tuple(row for module in modules for row in module.ROWS)


def table() -> str:
    lines = ["| job | taps | scans | at most |", "|---|---|---|---|"]
    told = map(counted, rows())
    lines += [f"| {one.job} | {one.taps} | {one.scans} | {one.goal} |" for one in told]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
