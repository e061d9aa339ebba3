"""To recipients, and from customers who bring something: which part of it an event belongs to."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from typing import assert_never

from kiosk.domain.counter.meaning import (
    BagScanned,
    Meaning,
    ParcelScanned,
    PickUpScanned,
    ReturnScanned,
)
from kiosk.flows.counter import outbound_drop, outbound_hand, outbound_proof, outbound_visit
from kiosk.flows.counter.model import (
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Note,
    Pressed,
    Screen,
    Session,
    Tick,
    Timing,
)
from kiosk.flows.counter.states.outbound import (
    Approving,
    BagInHand,
    CodeBarred,
    DropTaken,
    HandedOut,
    HandingOut,
    Returning,
    SigningFor,
    WhoseDrop,
)
from kiosk.flows.counter.turns import home, show, wrong
from kiosk.ports import Scanned

OUTBOUND = (
    HandingOut
    | Approving
    | SigningFor
    | HandedOut
    | CodeBarred
    | WhoseDrop
    | DropTaken
    | BagInHand
    | Returning
)


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.outbound`; the very same
    object where it means nothing there."""
    screen = session.screen
    if not isinstance(screen, OUTBOUND):
        return session
    match screen:
        case HandingOut():
            after = outbound_proof.step(session, screen, event, do, timing)
            return after if after is not session else _of_job(session, screen, event, do, timing)
        case SigningFor(job=job):
            after = outbound_proof.signing(session, screen, event, do, timing)
            return after if after is not session else _behind(session, job, event, do, timing)
        case Approving(job=job):
            after = outbound_proof.approving(session, screen, event, do, timing)
            return after if after is not session else _behind(session, job, event, do, timing)
        case HandedOut() | CodeBarred():
            return _passing(session, screen, event, do)
        case WhoseDrop():
            return outbound_drop.whose_step(session, screen, event, do, timing)
        case DropTaken():
            return outbound_drop.taken_step(session, screen, event, do, timing)
        case BagInHand():
            return outbound_drop.bag_step(session, screen, event, do, timing)
        case Returning():
            return outbound_visit.step(session, screen, event, do)
        case _:
            assert_never(screen)


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.outbound`; the very same object for what it does not use."""
    job = outbound_hand.job_of(session)
    if job is not None:
        after = outbound_proof.card(session, job, scan, do, timing)
        if after is not session:
            return after
        return outbound_hand.scanned(session, job, meaning, do, timing)
    match session.screen:
        case BagInHand() as screen:
            return outbound_drop.bag_scanned(session, screen, meaning, do, timing)
        case WhoseDrop() if not isinstance(meaning, PickUpScanned | ParcelScanned):
            return wrong(session, Note(Did.NOTHING_HERE), do, timing)
        case Returning() as screen:
            return outbound_visit.scanned(session, screen, meaning, scan, do)
        case _:
            return session


def badge(session: Session, screen: Approving, digest: str, do: Do, timing: Timing) -> Session:
    """A badge at the prompt for a supervisor's approval."""
    return outbound_proof.badge(session, screen, digest, do, timing)


def dropped(screen: Screen, do: Do) -> None:
    """Nobody goes on with this job any more: what it had open (a shopper's return) is given up."""
    outbound_visit.dropped(screen, do)


def code(session: Session, meaning: PickUpScanned, do: Do, timing: Timing) -> Session:
    return outbound_hand.code(session, meaning, do, timing)


def hand_out(session: Session, number: str, do: Do, timing: Timing) -> Session:
    """A parcel that is in the hand goes to somebody who shows no code."""
    return outbound_hand.without_code(session, number, do, timing)


def drop(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A label that nobody announced."""
    return outbound_drop.drop(session, meaning, do, timing)


def bag(session: Session, meaning: BagScanned, do: Do, timing: Timing) -> Session:
    """A bag of a drop, or a parcel that was taken as one (its number is then the bag's)."""
    return outbound_drop.bag(session, meaning, do, timing)


def visit(
    session: Session, meaning: ReturnScanned, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A shopper's return code: the shopper's own flow gets the scan."""
    del meaning
    return outbound_visit.begin(session, scan, do, timing)


def _of_job(
    session: Session, job: HandingOut, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    return outbound_hand.step(session, job, event, do, timing)


def _behind(
    session: Session, job: HandingOut, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """What another counter told, told to the job behind a question. Where nothing of it changed,
    the question stays."""
    return _of_job(session, job, event, do, timing) if isinstance(event, Heard) else session


def _passing(
    session: Session, screen: HandedOut | CodeBarred, event: CounterEvent, do: Do
) -> Session:
    """A screen that goes by itself."""
    if isinstance(event, Pressed) and event.key in (Key.DONE, Key.BACK):
        return home(session, do)
    if not isinstance(event, Tick):
        return session
    if do.now() >= screen.until:
        return home(session, do)
    if isinstance(screen, CodeBarred):
        wait = ceil(screen.until - do.now())
        return session if wait == screen.wait else show(session, replace(screen, wait=wait), do)
    return session
