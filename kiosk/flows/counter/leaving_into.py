"""Bags and parcels that are scanned into a container, and the seal that closes it."""

from __future__ import annotations

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.meaning import (
    BagScanned,
    ContainerScanned,
    Meaning,
    ParcelScanned,
    SealScanned,
    which,
)
from kiosk.domain.counter.shop import Shop
from kiosk.flows.counter.leaving_fill import as_it_is, hand_of
from kiosk.flows.counter.model import Did, Do, Session, Timing
from kiosk.flows.counter.states.leaving import ContainerInHand
from kiosk.flows.counter.turns import act, care, right, show


def scanned(
    session: Session, screen: ContainerInHand, meaning: Meaning, do: Do, timing: Timing
) -> Session:
    it = screen.line.container
    match meaning:
        case SealScanned(seal_id):
            return _seal(session, screen, seal_id, do, timing)
        case BagScanned(bag_id):
            bag = ask.ContainBag(bag_id, it.container_id)
            return _into(session, screen, bag, bag_id, do, timing)
        case ParcelScanned():
            found = _goods(do.shop(), meaning, it.container_id)
            if found is None:
                return session
            command, name = found
            return _into(session, screen, command, name, do, timing)
        case ContainerScanned(plate) if plate == it.plate:
            return as_it_is(session, screen, do)
        case _:
            return session


def _goods(
    shop: Shop, label: ParcelScanned, into: str
) -> tuple[ask.ContainBag | ask.ContainParcel, str] | None:
    """What a label is here: a drop that came with it, or a parcel; None for what nobody knows,
    or two parcels of one number."""
    taken = (BagState.COMMITTED, BagState.CONTAINED)
    for reading in label.readings:
        if shop.bags[reading.number].state in taken:
            return ask.ContainBag(reading.number, into), reading.number
    known = which(shop, label)
    if isinstance(known, Tracking) and known.number in shop.parcels:
        return ask.ContainParcel(known.number, into), known.number
    return None


def _into(
    session: Session,
    screen: ContainerInHand,
    command: ask.ContainBag | ask.ContainParcel,
    what: str,
    do: Do,
    timing: Timing,
) -> Session:
    container_id = screen.line.container.container_id
    session, acted = act(session, command, what, do, timing)
    if acted is None:
        return session
    after = hand_of(do.shop(), container_id, screen.page)
    session, fill = show(session, after, do), after.line.fill
    plate = after.line.container.plate
    if fill.nearly:
        return care(
            session, Did.NEARLY_FULL, do, timing, where=plate, count=fill.count, room=fill.room
        )
    return right(session, Did.CONTAINED, do, timing, what=what, container=plate)


def _seal(
    session: Session, screen: ContainerInHand, seal_id: str, do: Do, timing: Timing
) -> Session:
    it = screen.line.container
    command = ask.CloseContainer(it.container_id, seal_id)
    session, acted = act(session, command, it.plate, do, timing)
    if acted is None:
        return session
    session = show(session, hand_of(do.shop(), it.container_id, screen.page), do)
    return right(session, Did.CLOSED, do, timing, container=it.plate, seal=seal_id)
