"""One parcel of a delivery: taken, given back, or there already."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import Receive, RefusalCause, RefuseIn
from kiosk.domain.counter.meaning import ParcelScanned, which
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import Coming
from kiosk.domain.counter.walking import Errand
from kiosk.flows.counter import inbound_made, inbound_parcel
from kiosk.flows.counter.model import Did, Do, Session, Timing
from kiosk.flows.counter.states.inbound import Receiving, WhoseLabel
from kiosk.flows.counter.turns import act, care, right, show

ECHO_S = 2.0
"""A label that is read again within this time was read twice, not scanned twice."""


def label(
    session: Session, screen: Receiving, meaning: ParcelScanned, do: Do, timing: Timing
) -> Session:
    """The parcel that a label means. Who else brings parcels of this carrier is known: a label
    that may be two carriers' is the delivery's own, where that is one of them."""
    shop = do.shop()
    found = which(shop, meaning)
    if not isinstance(found, Tracking):
        own = [one for one in found.readings if one.carrier == screen.carrier]
        if len(own) != 1:
            return show(session, WhoseLabel(found.readings, screen), do)
        found = own[0]
    if screen.cause is None and _echo(screen, found.number, do):
        return replace(session, now=do.now())
    carrier = found.carrier or shop.parcels[found.number].carrier or screen.carrier
    if screen.cause is not None:
        return _refuse(session, screen, found.number, carrier, screen.cause, do, timing)
    return _take(session, screen, found.number, carrier, do, timing)


def _echo(screen: Receiving, number: str, do: Do) -> bool:
    """Read twice by one scan: it is still what was said of it a moment ago. A parcel that was
    given back is not taken by that."""
    return number == screen.last and do.now() < screen.touched + ECHO_S


def _take(
    session: Session, screen: Receiving, number: str, carrier: str, do: Do, timing: Timing
) -> Session:
    before = do.shop().parcels[number]
    match before.state:
        case ParcelState.RECEIVED:
            return _again(session, screen, before, do, timing)
        case ParcelState.MISSING:
            return inbound_parcel.found(session, number, do, timing)
        case _:
            pass
    session, acted = act(session, Receive(number, carrier), number, do, timing)
    if acted is None:
        return session
    shop = do.shop()
    parcel = shop.parcels[number]
    shelf = inbound_made.suggested(shop, parcel, _coming(shop, screen))
    session = show(session, _with(screen, before, Errand(parcel, shelf), do), do)
    values: dict[str, str | int] = {"number": number, "shelf": shelf}
    if not before.announced:
        return care(session, Did.RECEIVED_UNKNOWN, do, timing, **values)
    strange = screen.round is not None and parcel.carrier != screen.round.carrier
    if strange or not shelf:  # of another carrier than the driver's, or no shelf has room for it
        return care(session, Did.RECEIVED, do, timing, **values)
    return right(session, Did.RECEIVED, do, timing, **values)


def _coming(shop: Shop, screen: Receiving) -> Coming:
    """What this delivery has brought and nobody has shelved yet: it counts as if it lay where it
    was told to go, so that thirty parcels are not all sent to one shelf."""
    coming: dict[str, tuple[str, ...]] = {}
    desk = shop.in_state(ParcelState.RECEIVED)
    for errand in screen.taken:
        if errand.shelf_id and errand.parcel.number in desk:
            coming[errand.shelf_id] = (
                *coming.get(errand.shelf_id, ()),
                errand.parcel.recipient,
            )
    return coming


def _with(screen: Receiving, before: Parcel, errand: Errand, do: Do) -> Receiving:
    """The delivery with one parcel more. One that was refused in it and is taken after all is
    counted once. Once the carrier is known, its own announced parcels are counted."""
    parcel = errand.parcel
    carrier = screen.carrier or parcel.carrier
    counted = before.state is ParcelState.ANNOUNCED and before.carrier == carrier
    left = max(0, screen.announced - counted)
    announced = left if screen.carrier else inbound_made.announced(do.shop(), carrier)
    return replace(
        screen,
        carrier=carrier,
        taken=(*screen.taken, errand),
        refused=tuple(one for one in screen.refused if one[0] != parcel.number),
        announced=announced,
        last=parcel.number,
        suggested=errand.shelf_id,
        fill=Fill(screen.fill.count + 1, screen.fill.room),
        touched=do.now(),
    )


def _again(session: Session, screen: Receiving, parcel: Parcel, do: Do, timing: Timing) -> Session:
    """A parcel that lies at the desk: harmless."""
    told = (one.shelf_id for one in screen.taken if one.parcel.number == parcel.number)
    shelf = next(told, "") or inbound_made.suggested(do.shop(), parcel)
    now = replace(screen, last=parcel.number, suggested=shelf, touched=do.now())
    session = show(session, now, do)
    return care(session, Did.ALREADY_TAKEN, do, timing, number=parcel.number, shelf=shelf)


def _refuse(
    session: Session,
    screen: Receiving,
    number: str,
    carrier: str,
    cause: RefusalCause,
    do: Do,
    timing: Timing,
) -> Session:
    session, acted = act(session, RefuseIn(number, carrier, cause), number, do, timing)
    if acted is None:
        return session
    taken = tuple(one for one in screen.taken if one.parcel.number != number)
    others = tuple(one for one in screen.refused if one[0] != number)
    now = replace(
        screen,
        carrier=screen.carrier or carrier,
        taken=taken,
        refused=(*others, (number, cause)),
        last=number,
        suggested="",
        cause=cause if cause is RefusalCause.FULL else None,
        fill=Fill(screen.fill.count - len(screen.taken) + len(taken), screen.fill.room),
        touched=do.now(),
    )
    values: dict[str, str | int] = {"number": number, "cause": cause.value}
    return care(show(session, now, do), Did.NOT_TAKEN, do, timing, **values)
