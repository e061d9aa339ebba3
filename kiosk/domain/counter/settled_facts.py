"""What a person decided at the centre about things of the counter that did not go together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ConflictSettled:
    """Somebody settled the case of a conflict, or opened it again (`open`): the last word counts.

    `kind` and `name` are the thing (kiosk.domain.counter.facts.Kind); `hlc`, `device` and `part`
    the stamp of the fact that did not fit. Nothing about the thing itself changes by it.
    """

    type: ClassVar[str] = "takeback.counter.conflict_settled.v1"
    kind: str
    name: str
    hlc: str
    device: str
    part: int = 0
    open: bool = False
