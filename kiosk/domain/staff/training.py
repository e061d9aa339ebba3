"""Training mode: the counter's own rules on made-up data, which never becomes a record.

What is done in training comes as `Practised`. It is no fact, has no `type`, and says what it holds
under another name: nothing that stores, hashes or sends facts takes it, and mypy says so before.
`real` is the one way from what a session made to what may be recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Generic, NoReturn, TypeVar

from kiosk.domain.counter.commands import Command, Who
from kiosk.domain.counter.deciding import decide
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.hlc import advance
from kiosk.domain.staff.saying import Because, Then
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.sessions import Session

Made = TypeVar("Made")
DEVICE = "training"
"""The name that stamps of training bear, if one should ever be seen elsewhere."""


class Practised(Generic[Made]):
    """Facts of made-up data. Deliberately no dataclass: what writes facts down takes it apart by
    its fields, and finds none."""

    __slots__ = ("_for_show",)

    def __init__(self, for_show: Iterable[Made]) -> None:
        self._for_show = tuple(for_show)

    @property
    def for_show(self) -> tuple[Made, ...]:
        """What a screen tells of it, under the mark of training."""
        return self._for_show

    def __repr__(self) -> str:
        return f"TRAINING{self._for_show!r}"

    def __reduce__(self) -> NoReturn:
        raise TypeError("what was practised is not kept")


def made(session: Session, facts: Iterable[Made]) -> tuple[Made, ...] | Practised[Made]:
    """What a session made, marked where it was practice."""
    return Practised(facts) if session.training else tuple(facts)


def real(what: tuple[Made, ...] | Practised[Made]) -> tuple[Made, ...] | StaffRefused:
    """What may be recorded; refused for practice."""
    if isinstance(what, Practised):
        return StaffRefused(Because.IN_TRAINING, Then.LEAVE_TRAINING)
    return what


class Practice:
    """A shop of made-up data, decided by the same rules as the real one. It is dropped when
    training ends."""

    def __init__(self, rules: Rules, facts: Iterable[Fact] = ()) -> None:
        self._rules, self._shop = rules, Shop()
        self._take(facts, 0)

    @property
    def shop(self) -> Shop:
        """The made-up one, to be looked at."""
        return self._shop

    def ask(self, command: Command, who: Who, at: datetime) -> Practised[Fact] | Refused:
        """A command decided and, where it is good, taken in. `at` is an aware instant."""
        decided = decide(self._shop, self._rules, command, who, at)
        if isinstance(decided, Refused):
            return decided
        self._take(decided, int(at.timestamp() * 1000))
        return Practised(decided)

    def _take(self, facts: Iterable[Fact], wall_ms: int) -> None:
        for fact in facts:
            stamp = Stamp(advance(self._shop.latest, wall_ms), DEVICE)
            self._shop.apply(Recorded(stamp, fact))
