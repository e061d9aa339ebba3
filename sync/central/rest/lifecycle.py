"""Where an authorisation may go from where it stands. What is not listed cannot be done."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

from kiosk.domain.returns import Authorisation
from kiosk.domain.returns import AuthorisationState as State

NEXT = MappingProxyType(
    {
        State.REQUESTED: (State.AUTHORISED, State.IN_REVIEW, State.CANCELLED),
        State.IN_REVIEW: (State.AUTHORISED, State.REJECTED, State.CANCELLED),
        State.AUTHORISED: (State.EXPIRED, State.CANCELLED, State.CLOSED),
        State.EXPIRED: (State.AUTHORISED,),
        State.CLOSED: (State.AUTHORISED,),
        State.REJECTED: (),
        State.CANCELLED: (),
    }
)
FIRST = (State.REQUESTED, State.IN_REVIEW, State.AUTHORISED)
"""What a merchant may begin with, and what it may still write over."""


def standing(one: Authorisation, now: datetime) -> State:
    """The state by the centre's clock: an authorisation past its end is EXPIRED."""
    lapsed = one.expires_at is not None and one.expires_at <= now
    return State.EXPIRED if one.state is State.AUTHORISED and lapsed else one.state


def possible(state: State) -> tuple[str, ...]:
    """Where a merchant can take it: EXPIRED comes by the clock alone."""
    return tuple(one.value for one in NEXT[state] if one is not State.EXPIRED)


def may(state: State, to: State) -> bool:
    return to in NEXT[state] and to is not State.EXPIRED
