"""Containers, what goes with a driver, and labels: which part a touch or a scan is for."""

from __future__ import annotations

from kiosk.domain.counter.meaning import ContainerScanned, DriverScanned, Meaning
from kiosk.flows.counter import (
    leaving_fill,
    leaving_into,
    leaving_labels,
    leaving_list,
    leaving_sign,
)
from kiosk.flows.counter.model import CounterEvent, Do, Session, Timing
from kiosk.flows.counter.states.leaving import (
    ContainerInHand,
    Containers,
    HandOver,
    Labels,
    NewContainer,
    Signed,
    Signing,
)
from kiosk.ports import Scanned


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.leaving`; the very same
    object where it means nothing there."""
    match session.screen:
        case Containers() as screen:
            return leaving_fill.listed(session, screen, event, do, timing)
        case NewContainer() as screen:
            return leaving_fill.new(session, screen, event, do, timing)
        case ContainerInHand() as screen:
            return leaving_fill.in_hand(session, screen, event, do, timing)
        case HandOver() as screen:
            return leaving_list.handing(session, screen, event, do, timing)
        case Signing() as screen:
            return leaving_sign.signing(session, screen, event, do, timing)
        case Signed() as screen:
            return leaving_sign.signed(session, screen, event, do)
        case Labels() as screen:
            return leaving_labels.step(session, screen, event, do)
        case _:
            return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.leaving`; the very same object for what it does not use."""
    del scan
    match session.screen:
        case ContainerInHand() as screen:
            return leaving_into.scanned(session, screen, meaning, do, timing)
        case HandOver() as screen:
            return leaving_list.scanned(session, screen, meaning, do, timing)
        case Signing():
            return leaving_sign.interrupted(session, do, timing)
        case _:
            return session


def container(session: Session, meaning: ContainerScanned, do: Do, timing: Timing) -> Session:
    """A plate that is scanned when nothing else wants it."""
    return leaving_fill.container(session, meaning, do, timing)


def containers(session: Session, do: Do, timing: Timing) -> Session:
    """The list of the shop's containers."""
    del timing
    return leaving_fill.overview(session, do)


def waits(carrier: str, do: Do) -> bool:
    """Whether anything waits for this carrier to be fetched."""
    return leaving_list.waits(do.shop(), carrier)


def hand_over(session: Session, meaning: DriverScanned, do: Do, timing: Timing) -> Session:
    """What waits for this carrier, once its delivery is taken."""
    return leaving_list.begin(session, meaning.carrier, meaning, do, timing)


def labels(session: Session, do: Do, timing: Timing) -> Session:
    """Labels to print."""
    del timing
    return leaving_labels.begin(session, do)
