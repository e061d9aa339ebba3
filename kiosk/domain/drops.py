"""A drop's life (product.md, Lifecycles): every step returns the next value or raises.

    OPEN -> DECIDED -> BAGGED -> COMMITTED -> CONTAINED -> HANDED_OVER -> RECEIVED
    OPEN, DECIDED, BAGGED -> ABANDONED          the bag is free again
    DECIDED -> REFUSED
    DECIDED -> COMMITTED                        only where every brought line is returnless
    COMMITTED -> VOIDED                         by staff, the same day, not contained, with reason

`disputed` is a flag beside the state: the centre found a conflict about a promise already made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class DropState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    BAGGED = "bagged"
    COMMITTED = "committed"
    CONTAINED = "contained"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    ABANDONED = "abandoned"
    REFUSED = "refused"
    VOIDED = "voided"


TRANSITIONS: dict[DropState, frozenset[DropState]] = {
    DropState.OPEN: frozenset({DropState.DECIDED, DropState.ABANDONED}),
    DropState.DECIDED: frozenset(
        {DropState.BAGGED, DropState.COMMITTED, DropState.REFUSED, DropState.ABANDONED}
    ),
    DropState.BAGGED: frozenset({DropState.COMMITTED, DropState.ABANDONED}),
    DropState.COMMITTED: frozenset({DropState.CONTAINED, DropState.VOIDED}),
    DropState.CONTAINED: frozenset({DropState.HANDED_OVER}),
    DropState.HANDED_OVER: frozenset({DropState.RECEIVED}),
    DropState.RECEIVED: frozenset(),
    DropState.ABANDONED: frozenset(),
    DropState.REFUSED: frozenset(),
    DropState.VOIDED: frozenset(),
}
PROMISED = frozenset(
    {
        DropState.COMMITTED,
        DropState.CONTAINED,
        DropState.HANDED_OVER,
        DropState.RECEIVED,
        DropState.VOIDED,
    }
)


class IllegalTransition(Exception):
    """A step that the lifecycle does not know: a mistake of the program, never of a person."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One drop. `bag_id` is "" while it has none; `needs_bag` is known once decided.

    `committed_on` is the site's local day of the promise; voiding is for that day only.
    """

    drop_id: str
    return_id: str
    state: DropState = DropState.OPEN
    needs_bag: bool = True
    bag_id: str = ""
    committed_on: date | None = None
    container_id: str = ""
    cause: str = ""
    disputed: bool = False

    @classmethod
    def open(cls, drop_id: str, return_id: str) -> Drop:
        """A return was found; nothing is judged yet."""
        return cls(drop_id, return_id)

    def _to(self, state: DropState) -> DropState:
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransition(f"{self.drop_id}: {self.state.value} -> {state.value}")
        return state

    def _must(self, holds: bool, why: str) -> None:
        if not holds:
            raise IllegalTransition(f"{self.drop_id}: {self.state.value}: {why}")

    def decide(self, needs_bag: bool) -> Drop:
        """Every brought line has its verdict; `needs_bag` unless all of them are returnless."""
        return replace(self, state=self._to(DropState.DECIDED), needs_bag=needs_bag)

    def bag(self, bag_id: str) -> Drop:
        state = self._to(DropState.BAGGED)
        self._must(bag_id != "", "a bag has an id")
        self._must(self.needs_bag, "returnless lines need no bag")
        return replace(self, state=state, bag_id=bag_id)

    def commit(self, on: date) -> Drop:
        """The promise. `on` is the site's local day."""
        state = self._to(DropState.COMMITTED)
        self._must(self.bag_id != "" or not self.needs_bag, "goods need a bag")
        return replace(self, state=state, committed_on=on)

    def abandon(self, cause: str) -> Drop:
        """Given up before the promise; the bag is free again."""
        return replace(self, state=self._to(DropState.ABANDONED), bag_id="", cause=cause)

    def refuse(self) -> Drop:
        """Nothing can be taken."""
        return replace(self, state=self._to(DropState.REFUSED))

    def void(self, on: date, reason: str) -> Drop:
        """Staff take a promise back: on the day it was given, with a reason."""
        state = self._to(DropState.VOIDED)
        self._must(on == self.committed_on, "only on the day of the promise")
        self._must(reason.strip() != "", "a reason is needed")
        return replace(self, state=state, cause=reason)

    def contain(self, container_id: str) -> Drop:
        state = self._to(DropState.CONTAINED)
        self._must(self.bag_id != "", "without goods there is nothing to contain")
        self._must(container_id != "", "a container has an id")
        return replace(self, state=state, container_id=container_id)

    def hand_over(self) -> Drop:
        return replace(self, state=self._to(DropState.HANDED_OVER))

    def receive(self) -> Drop:
        return replace(self, state=self._to(DropState.RECEIVED))

    def dispute(self) -> Drop:
        """The centre found a conflict; the state stays. Only a promise can be disputed."""
        self._must(self.state in PROMISED, "nothing was promised")
        return replace(self, disputed=True)

    def settle(self) -> Drop:
        """The case is closed."""
        self._must(self.disputed, "nothing is disputed")
        return replace(self, disputed=False)
