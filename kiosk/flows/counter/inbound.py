"""Parcels that come in, lie, and are looked for."""

from __future__ import annotations

from kiosk.domain.counter.meaning import DriverScanned, Meaning, ParcelScanned, ShelfScanned
from kiosk.flows.counter.model import CounterEvent, Did, Do, Note, Session, Timing
from kiosk.flows.counter.turns import wrong
from kiosk.ports import Scanned


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.inbound`; the very same
    object where it means nothing there."""
    del event, do, timing
    return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.inbound`; the very same object for what it does not use."""
    del meaning, scan, do, timing
    return session


def parcel(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A parcel that the shop knows, or that was announced."""
    del meaning
    return _nothing(session, do, timing)


def shelf(session: Session, meaning: ShelfScanned, do: Do, timing: Timing) -> Session:
    del meaning
    return _nothing(session, do, timing)


def driver(session: Session, meaning: DriverScanned, do: Do, timing: Timing) -> Session:
    del meaning
    return _nothing(session, do, timing)


def receive(session: Session, do: Do, timing: Timing) -> Session:
    """A delivery without a driver's code."""
    return _nothing(session, do, timing)


def to_shelve(session: Session, do: Do, timing: Timing) -> Session:
    """What is received and lies at the desk."""
    return _nothing(session, do, timing)


def pulling(session: Session, do: Do, timing: Timing) -> Session:
    """The day's list."""
    return _nothing(session, do, timing)


def looking(session: Session, number: str, do: Do, timing: Timing) -> Session:
    """A missing parcel, chosen from the list of what only a person can settle."""
    del number
    return _nothing(session, do, timing)


def _nothing(session: Session, do: Do, timing: Timing) -> Session:
    return wrong(session, Note(Did.NOTHING_HERE), do, timing)
