"""One thing to say about a list of rules."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.policy.file.mistakes import Level, Path


@dataclass(frozen=True, slots=True)
class Remark:
    """`place` is the rule's in the list, None for the list itself; `path` is within the rule."""

    place: int | None
    level: Level
    problem: str
    remedy: str = ""
    path: Path = ()
