"""Which job a screen belongs to, and which job a scan begins."""

from __future__ import annotations

from typing import assert_never

from kiosk.domain.counter import meaning as means
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.meaning import Meaning, ParcelScanned
from kiosk.flows.counter import inbound, leaving, outbound
from kiosk.flows.counter.model import CounterEvent, Did, Do, Note, Session, Timing
from kiosk.flows.counter.states import inbound as inbound_states
from kiosk.flows.counter.states import leaving as leaving_states
from kiosk.flows.counter.states import outbound as outbound_states
from kiosk.flows.counter.turns import wrong
from kiosk.ports import Scanned

INBOUND = (
    inbound_states.Receiving
    | inbound_states.Received
    | inbound_states.WhoseLabel
    | inbound_states.ParcelInHand
    | inbound_states.LookingFor
    | inbound_states.ShelfInHand
    | inbound_states.ToShelve
    | inbound_states.Pulling
)
OUTBOUND = (
    outbound_states.HandingOut
    | outbound_states.Approving
    | outbound_states.SigningFor
    | outbound_states.HandedOut
    | outbound_states.CodeBarred
    | outbound_states.WhoseDrop
    | outbound_states.DropTaken
    | outbound_states.BagInHand
    | outbound_states.Returning
)
LEAVING = (
    leaving_states.Containers
    | leaving_states.NewContainer
    | leaving_states.ContainerInHand
    | leaving_states.HandOver
    | leaving_states.Signing
    | leaving_states.Signed
    | leaving_states.Labels
)


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """The job of the screen in front has the first right to an event."""
    screen = session.screen
    if isinstance(screen, INBOUND):
        return inbound.step(session, event, do, timing)
    if isinstance(screen, OUTBOUND):
        return outbound.step(session, event, do, timing)
    if isinstance(screen, LEAVING):
        return leaving.step(session, event, do, timing)
    return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan: the screen in front first, then whatever the scan means."""
    screen = session.screen
    if isinstance(screen, INBOUND):
        after = inbound.scanned(session, meaning, scan, do, timing)
    elif isinstance(screen, OUTBOUND):
        after = outbound.scanned(session, meaning, scan, do, timing)
    elif isinstance(screen, LEAVING):
        after = leaving.scanned(session, meaning, scan, do, timing)
    else:
        after = session
    return after if after is not session else begin(session, meaning, scan, do, timing)


def begin(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """The job that a scan begins by itself."""
    match meaning:
        case means.PickUpScanned():
            return outbound.code(session, meaning, do, timing)
        case ParcelScanned():
            return _parcel(session, meaning, do, timing)
        case means.ShelfScanned():
            return inbound.shelf(session, meaning, do, timing)
        case means.BagScanned():
            return outbound.bag(session, meaning, do, timing)
        case means.ContainerScanned():
            return leaving.container(session, meaning, do, timing)
        case means.DriverScanned():
            return inbound.driver(session, meaning, do, timing)
        case means.ReturnScanned():
            return outbound.visit(session, meaning, scan, do, timing)
        case means.SealScanned():
            return wrong(session, Note(Did.CONTAINER_EXPECTED), do, timing)
        case means.BadgeScanned() | means.ItemScanned():
            return wrong(session, Note(Did.NOTHING_HERE), do, timing)
        case means.NotKnown(reason=reason):
            return wrong(session, reason, do, timing)
        case _:
            assert_never(meaning)


def _parcel(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A label: of a parcel that was taken from a customer and has not gone, of one that the shop
    knows, or one that nobody told of."""
    shop = do.shop()
    numbers = [reading.number for reading in meaning.readings]
    taken = next((n for n in numbers if shop.bags[n].state in _HERE), None)
    if taken is not None:
        return outbound.bag(session, means.BagScanned(taken), do, timing)
    if any(number in shop.parcels for number in numbers):
        return inbound.parcel(session, meaning, do, timing)
    return outbound.drop(session, meaning, do, timing)


_HERE = (BagState.COMMITTED, BagState.CONTAINED)
