"""Containers, what goes with a driver, and labels."""

from __future__ import annotations

from kiosk.domain.counter.meaning import ContainerScanned, DriverScanned, Meaning
from kiosk.flows.counter.model import CounterEvent, Did, Do, Note, Session, Timing
from kiosk.flows.counter.turns import wrong
from kiosk.ports import Scanned


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.leaving`; the very same
    object where it means nothing there."""
    del event, do, timing
    return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.leaving`; the very same object for what it does not use."""
    del meaning, scan, do, timing
    return session


def container(session: Session, meaning: ContainerScanned, do: Do, timing: Timing) -> Session:
    del meaning
    return _nothing(session, do, timing)


def containers(session: Session, do: Do, timing: Timing) -> Session:
    """The list of the shop's containers."""
    return _nothing(session, do, timing)


def hand_over(session: Session, meaning: DriverScanned, do: Do, timing: Timing) -> Session:
    """What waits for this carrier, once its delivery is taken."""
    del meaning
    return _nothing(session, do, timing)


def labels(session: Session, do: Do, timing: Timing) -> Session:
    """Labels to print."""
    return _nothing(session, do, timing)


def _nothing(session: Session, do: Do, timing: Timing) -> Session:
    return wrong(session, Note(Did.NOTHING_HERE), do, timing)
