"""What passing time does: problems and hints fade, a countdown starts, a visit ends."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Attract,
    Bagging,
    Cue,
    Do,
    Done,
    Items,
    Photographing,
    Receipt,
    Session,
    Timing,
    TypeBag,
    TypeOrder,
    TypeSerial,
    TypeShortCode,
)
from kiosk.flows.turns import leave, show


def tick(session: Session, do: Do, timing: Timing) -> Session:
    """One look at the clock. Without a deadline and anything to fade, nothing changes at all."""
    now = do.now()
    deadline = session.deadline
    if deadline is not None and now >= deadline.ends:
        return _over(session, do, timing)
    faded = _fade(session, now)
    if deadline is None:
        return faded
    if session.now < deadline.warns <= now:
        do.cue(Cue.ATTENTION)
    return replace(faded, now=now)


def _over(session: Session, do: Do, timing: Timing) -> Session:
    match session.screen:
        case Receipt():
            return show(session, Done(), do, timing)
        case _:
            return leave(session, do, timing, AbandonCause.TIMED_OUT)


def _fade(session: Session, now: float) -> Session:
    match session.screen:
        case (
            Attract()
            | TypeShortCode()
            | TypeOrder()
            | Items()
            | TypeSerial()
            | Photographing()
            | Bagging()
            | TypeBag()
        ) as screen if screen.problem is not None and now >= session.problem_until:
            session = replace(session, screen=replace(screen, problem=None))
    match session.screen:
        case (Attract() | Bagging()) as screen if (
            screen.hint is not None and now >= session.hint_until
        ):
            session = replace(session, screen=replace(screen, hint=None))
    return session
