"""To recipients, and from customers who bring something."""

from __future__ import annotations

from kiosk.domain.counter.meaning import (
    BagScanned,
    Meaning,
    ParcelScanned,
    PickUpScanned,
    ReturnScanned,
)
from kiosk.flows.counter.model import CounterEvent, Did, Do, Note, Screen, Session, Timing
from kiosk.flows.counter.states.outbound import Approving
from kiosk.flows.counter.turns import wrong
from kiosk.ports import Scanned


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.outbound`; the very same
    object where it means nothing there."""
    del event, do, timing
    return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.outbound`; the very same object for what it does not use."""
    del meaning, scan, do, timing
    return session


def badge(session: Session, screen: Approving, digest: str, do: Do, timing: Timing) -> Session:
    """A badge at the prompt for a supervisor's approval."""
    del digest
    return _nothing(session, do, timing)


def dropped(screen: Screen, do: Do) -> None:
    """Nobody goes on with this job any more: what it had open (a shopper's return) is given up."""


def code(session: Session, meaning: PickUpScanned, do: Do, timing: Timing) -> Session:
    del meaning
    return _nothing(session, do, timing)


def drop(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A label that nobody announced."""
    del meaning
    return _nothing(session, do, timing)


def bag(session: Session, meaning: BagScanned, do: Do, timing: Timing) -> Session:
    """A bag of a drop, or a parcel that was taken as one (its number is then the bag's)."""
    del meaning
    return _nothing(session, do, timing)


def visit(
    session: Session, meaning: ReturnScanned, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A shopper's return code: the shopper's own flow gets the scan."""
    del meaning, scan
    return _nothing(session, do, timing)


def _nothing(session: Session, do: Do, timing: Timing) -> Session:
    return wrong(session, Note(Did.NOTHING_HERE), do, timing)
