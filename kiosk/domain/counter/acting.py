"""What became of something that staff asked for."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.counter.facts import Fact


@dataclass(frozen=True, slots=True)
class Acted:
    """Recorded, and taken in by the shop. In training: practised, nothing is recorded."""

    facts: tuple[Fact, ...]
