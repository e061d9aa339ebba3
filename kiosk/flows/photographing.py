"""The question for photographs of an item: the live picture, a press, "use it" or another.

There is no countdown: the press takes what is seen, a hand that holds the goods included. Where
the camera or the disk fails meanwhile the rule decides anew, without them.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.policy.rules.evidence import CANNOT
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows import deciding
from kiosk.flows.model import (
    Answered,
    Cue,
    Do,
    FlowEvent,
    Items,
    Photographing,
    Press,
    Pressed,
    Session,
    Timing,
)
from kiosk.flows.turns import leave, show, turn_down
from kiosk.ports import Photo


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """Photographing."""
    screen = session.screen
    assert isinstance(screen, Photographing)
    match event:
        case Pressed(Press.TAKE_PHOTO) if screen.photo is None:
            return _take(session, screen, do, timing)
        case Pressed(Press.USE_PHOTO) if screen.photo is not None:
            return _use(session, screen, screen.photo, do, timing)
        case Pressed(Press.RETAKE) if screen.photo is not None:
            return show(session, replace(screen, photo=None), do, timing)
        case Answered(answer=answer) if answer == CANNOT:
            return deciding.settle(
                session, screen.drop, screen.item, screen.question, CANNOT, do, timing
            )
        case Pressed(Press.BACK):
            return show(session, Items(screen.drop), do, timing)
        case Pressed(Press.CANCEL):
            return leave(session, do, timing, AbandonCause.CANCELLED)
        case _:
            return session


def _take(session: Session, screen: Photographing, do: Do, timing: Timing) -> Session:
    photo = do.take_photo()
    if photo is None:
        return _failed(session, screen, do, timing)
    do.cue(Cue.SCANNED)
    return show(session, replace(screen, photo=photo, problem=None), do, timing)


def _use(session: Session, screen: Photographing, photo: Photo, do: Do, timing: Timing) -> Session:
    """One more; with the last one the question is answered. The same picture twice shows no more
    than once."""
    name = do.keep_photo(photo)
    if not name or name in screen.kept:
        return _failed(session, screen, do, timing)
    kept = (*screen.kept, name)
    if len(kept) < screen.question.count:
        return show(session, replace(screen, kept=kept, photo=None, problem=None), do, timing)
    answer = ",".join(kept)
    return deciding.settle(session, screen.drop, screen.item, screen.question, answer, do, timing)


def _failed(session: Session, screen: Photographing, do: Do, timing: Timing) -> Session:
    """Once more where it can be; where it cannot, the rule says who decides instead."""
    drop = do.reconsider(screen.drop, screen.item)
    asking = drop.asking()
    if asking is None or asking[1].question != screen.question:
        return deciding.go_on(session, screen.drop, drop, do, timing)
    again = replace(session, screen=replace(screen, drop=drop, photo=None))
    return turn_down(again, Reason(Why.PHOTO_FAILED), do, timing)
