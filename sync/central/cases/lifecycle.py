"""A case's way: OPEN -> ASSIGNED -> SETTLED -> REOPENED. Its state is a fold over its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, unique
from typing import Final, assert_never


@unique
class State(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    SETTLED = "settled"
    REOPENED = "reopened"


UNSETTLED: Final = (State.OPEN, State.ASSIGNED, State.REOPENED)


@unique
class Step(StrEnum):
    OPENED = "opened"
    FOUND = "found"  # more evidence
    TAKEN = "taken"  # somebody makes it theirs
    LEFT = "left"  # and gives it back
    COMMENTED = "commented"
    SETTLED = "settled"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as it was written down. `who` is "" for the centre itself."""

    step: Step
    at: datetime
    who: str = ""
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands."""

    state: State = State.OPEN
    owner: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    resolution: str = ""


def allowed(state: State, step: Step) -> bool:
    """Whether a step can be taken from here. Nothing is ever opened twice, and what is settled
    changes only by being opened again."""
    match step:
        case Step.OPENED:
            return False
        case Step.FOUND | Step.SETTLED | Step.TAKEN:
            return state is not State.SETTLED
        case Step.LEFT:
            return state is State.ASSIGNED
        case Step.COMMENTED:
            return True
        case Step.REOPENED:
            return state is State.SETTLED
    assert_never(step)


def after(standing: Standing, taken: Taken) -> Standing:
    """The next standing. Call it with allowed steps only."""
    match taken.step:
        case Step.OPENED | Step.FOUND | Step.COMMENTED:
            return standing
        case Step.TAKEN:
            return replace(standing, state=State.ASSIGNED, owner=taken.who)
        case Step.LEFT:
            return replace(standing, state=State.OPEN, owner="")
        case Step.SETTLED:
            return Standing(State.SETTLED, standing.owner, taken.at, taken.who, taken.resolution)
        case Step.REOPENED:
            return Standing(State.REOPENED)
    assert_never(taken.step)


def fold(steps: Iterable[Taken]) -> Standing:
    """Where a case stands after all its steps, in their order."""
    standing = Standing()
    for taken in steps:
        standing = after(standing, taken)
    return standing
