"""What really happened, as nobody in the simulation knows it; and what it says about the ends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain import chain
from kiosk.domain.visit import CommittedDrop


class Broken(BaseException):
    """An invariant of the sync design does not hold; `number` is its number there. No handler of
    the program's may take it for a mishap of its own."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"invariant {number}: {what}")
        self.number = number


@dataclass(frozen=True)
class Fact:
    """One event as it was recorded."""

    device_id: str
    type: str
    subject: str
    data: dict[str, Any]
    body: dict[str, object]

    @property
    def photos(self) -> tuple[str, ...]:
        """The names of those that it speaks of."""
        return tuple(photo["sha256"] for photo in self.data.get("photos", ()))


@dataclass
class Truth:
    """`destroyed` are events whose every copy a fault took; `altered` those of which a fault
    changed a copy; `uprooted` those whose kiosk's disk is gone, so that only the centre has them;
    `promises` the drops whose receipt a shopper saw, by drop id. `unseen` are photographs whose
    every copy a fault took, `torn` those that one disk at least has lost."""

    facts: dict[str, Fact] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)
    altered: set[str] = field(default_factory=set)
    uprooted: set[str] = field(default_factory=set)
    promises: dict[str, CommittedDrop] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    torn: set[str] = field(default_factory=set)

    def record(
        self,
        device_id: str,
        name: str,
        type_: str,
        subject: str,
        time: str,
        hlc: str,
        monotonic_ms: int,
        policyversion: int,
        data: str,
        offset_ms: int | None,
    ) -> None:
        """Seen on a disk. The first look counts: a copy may be altered later."""
        if name in self.facts:
            return
        content = json.loads(data)
        body = chain.body(
            type_, time, subject, hlc, monotonic_ms, policyversion, content, offset_ms
        )
        self.facts[name] = Fact(device_id, type_, subject, content, body)

    def must_exist(self) -> set[str]:
        return self.facts.keys() - self.destroyed

    def must_show(self) -> set[str]:
        """The photographs that recorded drops name."""
        named = {name for one in self.must_exist() for name in self.facts[one].photos}
        return named - self.unseen
