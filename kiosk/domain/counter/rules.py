"""What a shop and its carriers want: the part of a decision that is no fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.domain.counter.holding import Hold, Opening
from kiosk.domain.counter.proving import ProofRule

NEARLY_FULL = 90
"""Per cent of a container or a shelf from which on staff are warned."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By carrier: `holds` with `hold` for the others, `proofs` with a supervisor for the others."""

    opening: Opening
    holds: Mapping[str, Hold] = field(default_factory=dict)
    hold: Hold = field(default_factory=Hold)
    proofs: Mapping[str, ProofRule] = field(default_factory=dict)

    def hold_of(self, carrier: str) -> Hold:
        return self.holds.get(carrier, self.hold)


@dataclass(frozen=True, slots=True)
class Fill:
    """How full something is: so many of so many."""

    count: int
    room: int

    @property
    def full(self) -> bool:
        return self.count >= self.room

    @property
    def nearly(self) -> bool:
        """From nine tenths on; reckoned in whole numbers."""
        return self.count * 100 >= self.room * NEARLY_FULL
