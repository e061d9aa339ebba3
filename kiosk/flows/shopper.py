"""The shopper's way from a code to a receipt: one total step over screens and events."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.reasons import Reason, Why
from kiosk.flows import arriving, deciding, handing, photographing, serials
from kiosk.flows.model import (
    Asking,
    Attract,
    Comfort,
    Do,
    FlowEvent,
    Items,
    LanguageChosen,
    NoCode,
    OutOfService,
    Photographing,
    Press,
    Pressed,
    Ready,
    ReceiptDone,
    Refused,
    Screen,
    ServiceChanged,
    Session,
    StaffCalled,
    Starting,
    Tick,
    Timing,
    TypeOrder,
    TypeSerial,
    TypeShortCode,
)
from kiosk.flows.turns import call_staff, front, home, renew, scan_for
from kiosk.flows.waiting import tick
from kiosk.ports import Service


def initial(timing: Timing) -> Session:
    """Before the core is awake."""
    return Session(Starting(), comfort=Comfort(language=timing.default_language))


def step(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    """The session after an event. An event that means nothing here leaves it as it is (the very
    same object), so that a double tap never does a thing twice."""
    after = _react(session, event, do, timing)
    wanted = scan_for(after.screen)
    # Another bundle may name other networks' codes, and with them what these are printed in.
    newer = after.service.policy_number != session.service.policy_number
    moved = type(after.screen) is not type(session.screen) or wanted is not scan_for(session.screen)
    if moved or newer:
        do.expect(wanted)
    return after


def _react(session: Session, event: FlowEvent, do: Do, timing: Timing) -> Session:
    match session.screen, event:
        case Starting(), Ready():
            return home(session, do, timing)
        case _, ServiceChanged(service=service):
            return _serve(session, service)
        case Starting(), _:
            return session
        case _, Tick():
            return tick(session, do, timing)
        case _, ReceiptDone():
            return handing.receipt_done(session, event, do, timing)
        case _, LanguageChosen(language=language) if language in timing.languages:
            return _comfort(session, replace(session.comfort, language=language), do, timing)
        case _, Pressed(Press.LARGE_TEXT | Press.HIGH_CONTRAST | Press.LOW_REACH as key):
            return _comfort(session, _toggled(session.comfort, key), do, timing)
        case _, Pressed(Press.MORE_TIME):
            return renew(session, do, timing) if session.deadline is not None else session
        case StaffCalled(), Pressed(Press.CALL_STAFF):
            return session
        case screen, Pressed(Press.CALL_STAFF):
            wanted = Reason(Why.HELP_WANTED)
            return call_staff(session, wanted, do, timing, resume=_resumable(screen))
        case ((Attract() | NoCode() | TypeShortCode() | TypeOrder()), _):
            return arriving.step(session, event, do, timing)
        case TypeSerial(), _:
            return serials.step(session, event, do, timing)
        case Photographing(), _:
            return photographing.step(session, event, do, timing)
        case ((Items() | Asking() | Refused()), _):
            return deciding.step(session, event, do, timing)
        case _:
            return handing.step(session, event, do, timing)


def _resumable(screen: Screen) -> Screen | None:
    """Where BACK leads after help; the front follows the service and needs no memory."""
    return None if isinstance(screen, Attract | OutOfService) else screen


def _serve(session: Session, service: Service) -> Session:
    """The kiosk's own state changed. Only an idle screen follows at once: a visit that runs
    finishes where it can."""
    if service == session.service:
        return session
    served = replace(session, service=service)
    waits = front(service)
    match session.screen:
        case Attract() if isinstance(waits, OutOfService):
            return replace(served, screen=waits)
        case OutOfService():
            return replace(served, screen=waits)
        case _:
            return served


def _toggled(comfort: Comfort, key: Press) -> Comfort:
    match key:
        case Press.LARGE_TEXT:
            return replace(comfort, large_text=not comfort.large_text)
        case Press.HIGH_CONTRAST:
            return replace(comfort, high_contrast=not comfort.high_contrast)
        case _:
            return replace(comfort, low_reach=not comfort.low_reach)


def _comfort(session: Session, comfort: Comfort, do: Do, timing: Timing) -> Session:
    if comfort == session.comfort:
        return session
    return renew(replace(session, comfort=comfort), do, timing)
