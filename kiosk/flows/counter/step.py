"""One step of the counter: who is there first, then the scan, then the screen in front.

An event that means nothing leaves the session as it is (the very same object), so that a double
touch never does a thing twice.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.meaning import BadgeScanned
from kiosk.flows.counter import desk, jobs, outbound, overriding, shift, signing
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Did,
    Do,
    Drawn,
    Key,
    LanguageChosen,
    Note,
    OfVisit,
    Pressed,
    Ready,
    ServiceChanged,
    Session,
    Tick,
    Timing,
    Typed,
    Written,
)
from kiosk.flows.counter.states.desk import (
    Ask,
    ChoosePin,
    Help,
    Home,
    OutOfService,
    Overriding,
    SignIn,
    Starting,
    ToSettle,
    TypeCode,
    Unlocking,
)
from kiosk.flows.counter.states.outbound import Approving, Returning
from kiosk.flows.counter.turns import home, right, show, wrong
from kiosk.flows.keys import Comfort
from kiosk.ports import Scanned, Service, Trouble

ECHO_S = 0.5
"""Nobody scans the same code twice within this time; scanners do."""
CLOSED = (Trouble.STORE_FAILED, Trouble.REVOKED, Trouble.NOT_ENROLLED)
"""Nothing may be recorded then: the counter takes no work, the first of them is said."""
_TOUCHES = (Pressed, Typed, Chosen, Written, Drawn, LanguageChosen, OfVisit)


def initial(timing: Timing) -> Session:
    """Before the core is awake."""
    return Session(Starting(), comfort=Comfort(timing.default_language))


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """The session after an event."""
    if isinstance(session.screen, Starting):
        return _waking(session, event, do)
    before, session = session, shift.look(session, do, timing)
    over = before.staff.session is not None and session.staff.session is None
    if over and isinstance(event, _TOUCHES):
        return session  # meant for a screen that is gone; a scan may be meant for the new one
    asked = signing.asked_anew(session, do, timing)
    if asked is not session:
        return asked  # whatever it was: nothing is done before they have a PIN of their own
    if isinstance(event, (*_TOUCHES, Scanned)):
        session = shift.touch(session, do)
    return _react(session, event, do, timing)


def _waking(session: Session, event: CounterEvent, do: Do) -> Session:
    match event:
        case Ready():
            return _front(replace(session, bar=do.bar()), do)
        case ServiceChanged(service=service, bar=bar):
            return replace(session, service=service, bar=bar)
        case _:
            return session


def _front(session: Session, do: Do) -> Session:
    trouble = _closed(session.service)
    return show(session, SignIn() if trouble is None else OutOfService(trouble), do)


def _react(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match session.screen, event:
        case _, ServiceChanged():
            return _serve(session, event, do)
        case _, Tick():
            return _tick(session, do, timing)
        case _, LanguageChosen(language=language) if language in timing.languages:
            return _comfort(session, replace(session.comfort, language=language), do)
        case _, Pressed(Key.LARGE_TEXT | Key.HIGH_CONTRAST as key):
            return _comfort(session, _toggled(session.comfort, key), do)
        case OutOfService(), _:
            return session
        case _, Scanned():
            return _scanned(session, event, do, timing)
        case SignIn() as screen, _:
            return signing.step(session, screen, event, do, timing)
        case _ if session.staff.session is None:
            return session
        case _, Pressed(Key.SIGN_OUT):
            return right(shift.leave(session, do, timing), Did.SIGNED_OUT, do, timing)
        case ChoosePin() as screen, _:
            return signing.choosing(session, screen, event, do, timing)
        case Overriding() as screen, _:
            return overriding.step(session, screen, event, do, timing)
        case _:
            return _worked(session, event, do, timing)


def _worked(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """The screen in front first, then the keys that are good on every screen."""
    after = _own(session, event, do, timing)
    if after is not session:
        return after
    match session.screen, event:
        case _, Pressed(Key.UNDO) if session.undo is not None and do.now() < session.undo.until:
            return desk.undo(session, session.undo, do, timing)
        case TypeCode() | Returning(), _:
            return session
        case _, Pressed(Key.TYPE_CODE):
            return show(session, TypeCode(session.screen), do)
        case Home(), _:
            return session
        case _, Pressed(Key.BACK | Key.DONE):
            return home(session, do)
        case _:
            return session


def _own(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    match session.screen:
        case Home():
            return desk.at_home(session, event, do, timing)
        case Help():
            return desk.at_help(session, event, do, timing)
        case Unlocking() as screen:
            return desk.unlocking(session, screen, event, do, timing)
        case ToSettle() as screen:
            return desk.settling(session, screen, event, do, timing)
        case TypeCode() as screen:
            if isinstance(event, Pressed) and event.key is Key.SUBMIT and screen.text.strip():
                return _scanned(session, screen.text.strip(), do, timing)
            return desk.typing(session, screen, event, do)
        case _:
            return jobs.step(session, event, do, timing)


def _scanned(session: Session, scan: Scanned | str, do: Do, timing: Timing) -> Session:
    """A badge always means a person; everything else waits until somebody is signed in. What a
    scanner reads twice was scanned once: the second would mean something else on the screen
    that the first one led to."""
    if isinstance(scan, Scanned):
        heard = hash(scan.raw), do.now()
        if heard[0] == session.heard[0] and heard[1] < session.heard[1] + ECHO_S:
            return session
        session = replace(session, heard=heard)
    meaning = do.identify(scan)
    if isinstance(meaning, BadgeScanned):
        if isinstance(scan, str):
            return wrong(session, Note(Did.BADGE_NOT_TYPED), do, timing)
        match session.screen:
            case Overriding(ask=Ask.BADGE | Ask.PIN) as screen:
                return overriding.badge(session, screen, meaning.digest, do, timing)
            case Approving() as screen:
                return outbound.badge(session, screen, meaning.digest, do, timing)
            case _:
                return signing.badge(session, meaning.digest, do, timing)
    match session.screen:
        case SignIn() | Overriding(ask=Ask.BADGE | Ask.PIN):
            return wrong(session, Note(Did.BADGE_EXPECTED), do, timing)
        case ChoosePin() | Overriding():
            return wrong(session, Note(Did.NOTHING_HERE), do, timing)
        case TypeCode(back=back):
            return jobs.scanned(show(session, back, do), meaning, scan, do, timing)
        case _:
            return jobs.scanned(session, meaning, scan, do, timing)


def _tick(session: Session, do: Do, timing: Timing) -> Session:
    """Time on the screen in front, and what fades on all of them."""
    match session.screen:
        case SignIn() as screen:
            session = signing.tick(session, screen, do)
        case Overriding() as screen:
            session = overriding.tick(session, screen, do)
        case _:
            session = jobs.step(session, Tick(), do, timing)
    now = do.now()
    if session.flash is not None and now >= session.flash.until:
        session = replace(session, flash=None, now=now)
    if session.undo is None:
        return session
    return replace(session, undo=session.undo if now < session.undo.until else None, now=now)


def _serve(session: Session, event: ServiceChanged, do: Do) -> Session:
    """What works changed. Where nothing may be recorded any more, the work waits behind the
    screen that says so."""
    session = replace(session, service=event.service, bar=event.bar)
    trouble = _closed(event.service)
    match session.screen:
        case OutOfService(back=back) if trouble is None:
            return _front(session, do) if back is None else show(session, back, do)
        case OutOfService(back=back) if trouble is not None:
            return show(session, OutOfService(trouble, back), do)
        case _ if trouble is not None:
            back = shift.in_front(session.screen) if session.staff.session is not None else None
            return show(session, OutOfService(trouble, back), do)
        case _:
            return session


def _closed(service: Service) -> Trouble | None:
    return next((trouble for trouble in CLOSED if trouble in service.troubles), None)


def _comfort(session: Session, comfort: Comfort, do: Do) -> Session:
    if comfort == session.comfort:
        return session
    return replace(session, comfort=comfort, now=do.now())


def _toggled(comfort: Comfort, key: Key) -> Comfort:
    if key is Key.LARGE_TEXT:
        return replace(comfort, large_text=not comfort.large_text)
    return replace(comfort, high_contrast=not comfort.high_contrast)
