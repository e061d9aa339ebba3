"""Signing in, switching with a badge, and choosing a PIN.

The screen of whoever is signed in stays behind the pad until somebody else has shown who they
are: a badge alone, found or made up, ends nobody's work.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from kiosk.domain.staff.pins import weak
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.signing_in import Shown, asks_pin
from kiosk.flows.counter import shift
from kiosk.flows.counter.model import (
    CounterEvent,
    Did,
    Do,
    Key,
    Note,
    Pressed,
    Screen,
    Session,
    Timing,
    Tone,
    Typed,
)
from kiosk.flows.counter.states.desk import ChoosePin, Home, OutOfService, Pad, SignIn
from kiosk.flows.counter.turns import home, right, say, show, wrong

LONGEST_ID, LONGEST_PIN = 32, 12
FORGOTTEN = 30.0
"""Seconds after which half a PIN that nobody goes on with is taken off the pad."""


def badge(session: Session, digest: str, do: Do, timing: Timing) -> Session:
    """A badge was shown, on any screen where no second person is awaited. One's own says no more
    than that one is signed in: it does not make the hours begin anew."""
    house, who = do.house(), session.staff.session
    member = house.roster.of_badge(digest)
    if who is not None and member is not None and member.staff_id == who.staff_id:
        back = session.screen.back if isinstance(session.screen, SignIn) else None
        session = session if back is None else show(session, back, do)
        return right(session, Did.SIGNED_IN, do, timing, name=member.name)
    if _wait(session.screen, do):
        return session
    if not asks_pin(house.roster, digest, house.sign_in):
        return _try(session, Shown(badge=digest), "", do, timing)
    back = _behind(session)
    return show(session, SignIn(Pad.PIN, digest, back=back, typed_at=do.now()), do)


def step(session: Session, screen: SignIn, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match event:
        case Pressed(Key.BACK):
            return _back(session, screen, do)
        case _ if _wait(screen, do):
            return session
        case Pressed(Key.TYPE_ID) if screen.pad is Pad.BADGE:
            return _typing(session, replace(screen, pad=Pad.STAFF_ID), do)
        case Typed(char=char):
            return _typed(session, screen, char, do)
        case Pressed(Key.ERASE) if screen.pad is Pad.STAFF_ID and screen.staff_id:
            return _typing(session, replace(screen, staff_id=screen.staff_id[:-1]), do)
        case Pressed(Key.ERASE) if screen.pad is Pad.PIN and screen.pin:
            return _typing(session, replace(screen, pin=screen.pin[:-1]), do)
        case Pressed(Key.SUBMIT) if screen.pad is Pad.STAFF_ID and screen.staff_id:
            return _typing(session, replace(screen, pad=Pad.PIN), do)
        case Pressed(Key.SUBMIT) if screen.pad is Pad.PIN and screen.pin:
            shown = Shown(screen.badge, screen.staff_id, pin=True)
            return _try(session, shown, screen.pin, do, timing)
        case _:
            return session


def tick(session: Session, screen: SignIn, do: Do) -> Session:
    """The wait counted down; what was typed and left is taken off."""
    wait = _wait(screen, do)
    if wait != screen.wait:
        return show(session, replace(screen, wait=wait), do)
    typed = screen.pad is not Pad.BADGE and not wait
    if typed and do.now() - screen.typed_at >= FORGOTTEN:
        return _back(session, replace(screen, pad=Pad.BADGE), do)
    return session


def choosing(
    session: Session, screen: ChoosePin, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """A PIN of one's own, typed twice."""
    match event:
        case Typed(char=char) if _digit(char) and len(screen.pin) < LONGEST_PIN:
            return show(session, replace(screen, pin=screen.pin + char), do)
        case Pressed(Key.ERASE) if screen.pin:
            return show(session, replace(screen, pin=screen.pin[:-1]), do)
        case Pressed(Key.BACK) if screen.first or screen.pin:
            return show(session, ChoosePin(back=screen.back), do)
        case Pressed(Key.BACK):
            return shift.leave(session, do, timing)
        case Pressed(Key.SUBMIT) if screen.pin and screen.first:
            return _twice(session, screen, do, timing)
        case Pressed(Key.SUBMIT) if screen.pin:
            return _once(session, screen, do, timing)
        case _:
            return session


def must_choose(session: Session, do: Do) -> bool:
    """Whether whoever is signed in has no PIN of their own yet, or has to choose anew."""
    who = session.staff.session
    member = do.house().roster.member(who.staff_id) if who is not None else None
    return member is not None and member.must_choose_pin


def asked_anew(session: Session, do: Do, timing: Timing) -> Session:
    """A newer list asks whoever is at work for another PIN: the pad comes over their work, which
    goes on behind it."""
    if isinstance(session.screen, ChoosePin | SignIn | OutOfService) or not must_choose(
        session, do
    ):
        return session
    pad = show(session, ChoosePin(back=shift.in_front(session.screen)), do)
    return say(pad, Tone.CARE, Refused(Because.PIN_TO_CHOOSE, Then.CHOOSE_PIN), do, timing)


def _once(session: Session, screen: ChoosePin, do: Do, timing: Timing) -> Session:
    refused = weak(screen.pin, do.house().pins, _staff_id(session))
    if refused is not None:
        return wrong(show(session, replace(screen, pin=""), do), refused, do, timing)
    typed = show(session, ChoosePin(screen.pin, back=screen.back), do)
    return right(typed, Did.PIN_AGAIN, do, timing)


def _twice(session: Session, screen: ChoosePin, do: Do, timing: Timing) -> Session:
    anew = show(session, ChoosePin(back=screen.back), do)
    if screen.first != screen.pin:
        return wrong(anew, Note(Did.PINS_DIFFER), do, timing)
    refused = do.choose_pin(_staff_id(session), screen.pin)
    if refused is not None:
        return wrong(anew, refused, do, timing)
    done = home(session, do) if screen.back is None else show(session, screen.back, do)
    return right(done, Did.PIN_CHOSEN, do, timing)


def _typed(session: Session, screen: SignIn, char: str, do: Do) -> Session:
    """The first key of an id needs no key of its own before it."""
    match screen.pad:
        case Pad.PIN if _digit(char) and len(screen.pin) < LONGEST_PIN:
            return _typing(session, replace(screen, pin=screen.pin + char), do)
        case Pad.BADGE | Pad.STAFF_ID if id_char(char) and len(screen.staff_id) < LONGEST_ID:
            typed = replace(screen, pad=Pad.STAFF_ID, staff_id=screen.staff_id + char)
            return _typing(session, typed, do)
        case _:
            return session


def _typing(session: Session, screen: SignIn, do: Do) -> Session:
    return show(session, replace(screen, typed_at=do.now()), do)


def _try(session: Session, shown: Shown, pin: str, do: Do, timing: Timing) -> Session:
    answer = do.sign_in(shown, pin)
    if isinstance(answer, Refused):
        return _refused(session, shown, answer, do, timing)
    session = shift.enter(session, answer, do, timing)
    member = do.house().roster.member(answer.staff_id)
    name = member.name if member is not None else answer.staff_id
    found = not isinstance(session.screen, Home)
    if must_choose(session, do):
        session = show(session, ChoosePin(back=session.screen if found else None), do)
    return right(session, Did.JOB_AGAIN if found else Did.SIGNED_IN, do, timing, name=name)


def _refused(session: Session, shown: Shown, why: Refused, do: Do, timing: Timing) -> Session:
    """What was shown stays, the PIN goes; where the counter must wait, nothing can be typed."""
    seconds = why.values.get("seconds", 0) if why.because is Because.TOO_MANY_TRIES else 0
    wait = int(seconds)
    pad = Pad.PIN if shown.pin and not wait else Pad.BADGE
    badge, staff_id = (shown.badge, shown.staff_id) if pad is Pad.PIN else ("", "")
    until = do.now() + wait if wait else 0.0
    screen = SignIn(pad, badge, staff_id, "", wait, until, do.now(), _behind(session))
    return wrong(show(session, screen, do), why, do, timing)


def _back(session: Session, screen: SignIn, do: Do) -> Session:
    """The work of whoever is signed in, or the empty pad. A wait stays a wait."""
    if screen.back is not None:
        return show(session, screen.back, do)
    empty = SignIn(wait=screen.wait, until=screen.until)
    return session if screen == empty else show(session, empty, do)


def _behind(session: Session) -> Screen | None:
    """What whoever is signed in goes on with if nobody signs in over it."""
    if session.staff.session is None:
        return None
    return shift.in_front(session.screen)


def _wait(screen: Screen, do: Do) -> int:
    """Whole seconds until another try; 0 for now."""
    return max(0, ceil(screen.until - do.now())) if isinstance(screen, SignIn) else 0


def _staff_id(session: Session) -> str:
    return session.staff.session.staff_id if session.staff.session is not None else ""


def _digit(char: str) -> bool:
    return len(char) == 1 and char in "0123456789"


def id_char(char: str) -> bool:
    return len(char) == 1 and char.isprintable() and not char.isspace()
