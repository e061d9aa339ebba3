"""The moves every screen shares: show, renew, complain, call staff, leave."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.domain.reasons import Reason
from kiosk.domain.visit import AbandonCause, OpenDrop
from kiosk.flows.model import (
    Asking,
    Attract,
    Bagging,
    Comfort,
    Cue,
    Deadline,
    Do,
    Done,
    Items,
    NoCode,
    OutOfService,
    Photographing,
    Receipt,
    Refused,
    ScanFor,
    Screen,
    Session,
    StaffCalled,
    Starting,
    Timing,
    TypeBag,
    TypeOrder,
    TypeSerial,
    TypeShortCode,
)
from kiosk.ports import HintKind, Scanned, Service, Trouble

HINT_SECONDS = 2.0  # kiosk.ports.ScanHint
OFFER_SECONDS = 10.0  # the offer to type stays while the phone is put down to take it up
LARGE_TEXT_PATIENCE = 3  # experience.md 42
STAFF_PATIENCE = 3  # a person has to walk over

# What stops the kiosk from promising anything, gravest first.
BLOCKING = (
    Trouble.REVOKED,
    Trouble.NOT_ENROLLED,
    Trouble.STORE_FAILED,
    Trouble.POLICY_MISSING,
    Trouble.POLICY_EXPIRED,
)


def front(service: Service) -> Attract | OutOfService:
    """The screen that waits for the next code, or says why none can be taken."""
    blocked = next((t for t in BLOCKING if t in service.troubles), None)
    return Attract() if blocked is None else OutOfService(blocked)


def home(session: Session, do: Do, timing: Timing) -> Session:
    """The visit is over: nothing of it is left, only the kiosk's own state."""
    return Session(
        screen=front(session.service),
        comfort=Comfort(language=timing.default_language),
        service=session.service,
        now=do.now(),
    )


def leave(session: Session, do: Do, timing: Timing, cause: AbandonCause) -> Session:
    """Give up whatever is open and wipe."""
    return home(let_go(session, do, cause), do, timing)


def let_go(session: Session, do: Do, cause: AbandonCause) -> Session:
    """Give up the open drop, if there is one; the visit goes on in front."""
    drop = open_drop(session.screen)
    if drop is not None:
        do.abandon(drop, cause)
    return replace(session, screen=front(session.service), taken="")


def another(session: Session, do: Do, timing: Timing) -> Session:
    """Back to the front with the visit and its comfort kept."""
    return renew(let_go(session, do, AbandonCause.CANCELLED), do, timing)


def open_drop(screen: Screen) -> OpenDrop | None:
    """The drop that this screen would lose: judged, neither promised nor refused."""
    match screen:
        case (
            Items(drop=drop)
            | Asking(drop=drop)
            | TypeSerial(drop=drop)
            | Photographing(drop=drop)
            | Bagging(drop=drop)
            | TypeBag(drop=drop)
        ):
            return drop
        case StaffCalled(resume=resume) if resume is not None:
            return open_drop(resume)
        case _:
            return None


def show(session: Session, screen: Screen, do: Do, timing: Timing) -> Session:
    """Put a screen up with its full patience."""
    return renew(replace(session, screen=screen), do, timing)


def renew(session: Session, do: Do, timing: Timing) -> Session:
    """Somebody is there: the screen's patience starts again."""
    now = do.now()
    return replace(session, now=now, deadline=_deadline(session, timing, now))


def _deadline(session: Session, timing: Timing, now: float) -> Deadline | None:
    seconds = _patience(session, timing)
    if seconds is None:
        return None
    factor = _factor(session)
    ends = now + seconds * factor
    return Deadline(ends=ends, warns=max(now, ends - timing.warning * factor))


def _patience(session: Session, timing: Timing) -> float | None:
    """Seconds that this screen waits; None where there is nothing to wipe."""
    match session.screen:
        case Starting():
            return None
        case Attract() | OutOfService():
            untouched = session.comfort == Comfort(language=timing.default_language)
            return None if untouched and not session.visit_id else timing.idle
        case Done():
            return timing.done
        case Receipt():
            return timing.receipt
        case StaffCalled():
            return timing.idle * STAFF_PATIENCE
        case _:
            return timing.idle


def _factor(session: Session) -> int:
    return LARGE_TEXT_PATIENCE if session.comfort.large_text else 1


def visiting(session: Session, do: Do) -> Session:
    """The session with a visit: a new one where nobody was there."""
    return session if session.visit_id else replace(session, visit_id=do.begin_visit())


def turn_down(
    session: Session, reason: Reason, do: Do, timing: Timing, *, scan: str = ""
) -> Session:
    """Say on the same screen what is wrong; it fades by itself.

    A code that was turned down before does not renew the patience: a poster in the camera's
    view must not keep a visit on the screen for ever.
    """
    do.cue(Cue.ATTENTION)
    now = do.now()
    told = replace(
        session,
        screen=_with_problem(session, reason),
        problem_until=now + timing.problem * _factor(session),
        turned_down=scan,
        now=now,
    )
    if scan and scan == session.turned_down:
        return told
    return renew(told, do, timing)


def _with_problem(session: Session, reason: Reason) -> Screen:
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
        ) as screen:
            return replace(screen, problem=reason)
        case _:
            waits = front(session.service)
            return replace(waits, problem=reason) if isinstance(waits, Attract) else waits


def problem_of(screen: Screen) -> Reason | None:
    """What the screen complains about at the moment."""
    match screen:
        case (
            Attract(problem=problem)
            | TypeShortCode(problem=problem)
            | TypeOrder(problem=problem)
            | Items(problem=problem)
            | TypeSerial(problem=problem)
            | Photographing(problem=problem)
            | Bagging(problem=problem)
            | TypeBag(problem=problem)
        ):
            return problem
        case _:
            return None


def hint(session: Session, kind: HintKind, do: Do) -> Session:
    """Show what would help the code to be read. It renews nothing: nobody need be there."""
    match session.screen:
        case Attract() | Bagging() as screen:
            until = do.now() + (OFFER_SECONDS if kind is HintKind.TYPE_INSTEAD else HINT_SECONDS)
            return replace(session, screen=replace(screen, hint=kind), hint_until=until)
        case _:
            return session


def call_staff(
    session: Session,
    reason: Reason,
    do: Do,
    timing: Timing,
    *,
    drop: OpenDrop | None = None,
    resume: Screen | None = None,
) -> Session:
    """Send for a person, once. `drop` was referred by its verdict; `resume` is where to go on."""
    session = visiting(session, do)
    about = drop if drop is not None else open_drop(session.screen)
    do.call_staff(session.visit_id, reason, about)
    do.cue(Cue.ATTENTION)
    return show(session, StaffCalled(reason, drop, resume), do, timing)


def scan_for(screen: Screen) -> ScanFor:
    """What a scanner should look for while this screen is up."""
    match screen:
        case Attract() | NoCode() | TypeShortCode() | TypeOrder() | Done():
            return ScanFor.RETURN
        case Bagging() | TypeBag():
            return ScanFor.BAG
        case TypeSerial():
            return ScanFor.SERIAL
        case Items(drop=drop):
            # The bag's code says "all here" as well; without a bag to fill it says nothing.
            return ScanFor.BAG if drop.needs_bag or drop.asking() else ScanFor.NOTHING
        case (
            Starting()
            | Asking()
            | Photographing()
            | Refused()
            | StaffCalled()
            | Receipt()
            | OutOfService()
        ):
            return ScanFor.NOTHING
        case _:
            assert_never(screen)


def name_of(scan: Scanned) -> str:
    """One name for a code whichever scanner read it: a line's end, or the case that Caps Lock
    turns, makes no other code."""
    return scan.text.strip().upper()
