"""The order of facts, whoever recorded them and whenever they arrive.

Facts are ordered by their hybrid logical time (kiosk.domain.hlc), then by device, then by their
place in the decision that made them. That is an order of all facts of all counters, the same
everywhere. A counter's own clock must be moved past every stamp that it has seen
(`advance(max(own, Shop.latest), ...)`): then what was decided sorts after what it was decided on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from kiosk.domain.counter.facts import Fact


class Stamp(NamedTuple):
    """When and by whom: an HLC stamp, the device, the fact's place among those of one decision."""

    hlc: str
    device: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact with its stamp. A stamp belongs to one fact; should a cloned device give one twice,
    both facts count, in the order of their texts."""

    stamp: Stamp
    fact: Fact


@dataclass(slots=True)
class Log:
    """The facts about one thing, in order, each once."""

    records: list[Recorded] = field(default_factory=list)

    def place(self, new: Recorded) -> int | None:
        """Where a record belongs; None for one that is there. From the end: most are the newest."""
        at = len(self.records)
        while at and self.records[at - 1].stamp > new.stamp:
            at -= 1
        while at and self.records[at - 1].stamp == new.stamp:
            held = self.records[at - 1]
            if held == new:
                return None
            if repr(held.fact) < repr(new.fact):
                break
            at -= 1
        return at
