"""A delivery: parcel after parcel, with a driver's code or without.

A cause (damaged, misrouted) is about the next scan, never about the last one: a key that sometimes
looks back would refuse the wrong parcel while a driver waits. What was scanned before its dent was
seen is scanned once more after the key, and is given back. A full shop refuses scan after scan,
until its key is touched again: it is the shop that is full, not one parcel.

The delivery is laid aside when a recipient's code comes between, and goes on with the next scan of
the driver's code, the next announced parcel, or the key.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import Receive, RefusalCause, RefuseIn
from kiosk.domain.counter.deciding.listing import waiting
from kiosk.domain.counter.meaning import (
    DriverScanned,
    Meaning,
    ParcelScanned,
    PickUpScanned,
    ReturnScanned,
    which,
)
from kiosk.domain.counter.parcels import Parcel, ParcelState
from kiosk.domain.counter.rules import Fill
from kiosk.domain.counter.shop import Shop
from kiosk.domain.counter.suggesting import Coming
from kiosk.domain.counter.walking import Errand, shop_fill
from kiosk.flows.counter import inbound_lying, inbound_made, leaving, outbound
from kiosk.flows.counter.model import (
    CounterEvent,
    Did,
    Do,
    Key,
    Note,
    Pressed,
    Session,
    Timing,
)
from kiosk.flows.counter.states.inbound import Received, Receiving, WhoseLabel
from kiosk.flows.counter.turns import act, care, home, right, show, wrong
from kiosk.ports import Scanned

ECHO_S = 2.0
"""A label that is read again within this time was read twice, not scanned twice."""
ASIDE_S = 900.0
"""So long a delivery that was laid aside goes on."""
MORE_S = 120.0
"""So long after its end a delivery goes on with a parcel that is not here yet."""
KEPT = "delivery"
COMING = (ParcelState.UNKNOWN, ParcelState.ANNOUNCED, ParcelState.REFUSED_IN)
"""A scan of such a parcel means that a driver brings it."""
CAUSES = {
    Key.DAMAGED: RefusalCause.DAMAGED,
    Key.MISROUTED: RefusalCause.MISROUTED,
    Key.FULL: RefusalCause.FULL,
}


def begin(
    session: Session, round: DriverScanned | None, do: Do, timing: Timing, carrier: str = ""
) -> Session:
    """A new delivery, or the one that was laid aside, where that is of the same `carrier`. A shop
    that is nearly full says so before the driver unloads."""
    aside = session.kept.get(KEPT)
    if isinstance(aside, Receiving) and _goes_on(aside, round, carrier, do):
        return show(_forgotten(session), aside, do)
    shop, carrier = do.shop(), round.carrier if round else ""
    fill = shop_fill(shop)
    fresh = Receiving(
        round, carrier, announced=inbound_made.announced(shop, carrier), fill=fill, touched=do.now()
    )
    session = show(_forgotten(session), fresh, do)
    if not fill.nearly:
        return session
    values: dict[str, str | int] = {"where": "", "count": fill.count, "room": fill.room}
    return care(session, Did.NEARLY_FULL, do, timing, **values)


def _goes_on(aside: Receiving, round: DriverScanned | None, carrier: str, do: Do) -> bool:
    same = aside.round == round or (round is None and carrier in ("", aside.carrier))
    return same and do.now() < aside.touched + ASIDE_S


def _forgotten(session: Session) -> Session:
    return replace(session, kept={k: v for k, v in session.kept.items() if k != KEPT})


def _aside(session: Session, screen: Receiving) -> Session:
    return replace(session, kept={**session.kept, KEPT: screen})


def driver(session: Session, round: DriverScanned, do: Do, timing: Timing) -> Session:
    """A driver's code begins a delivery; shown once more, it ends it. Who brings nothing, and says
    so, goes on to what is to be fetched."""
    screen = session.screen
    if isinstance(screen, Receiving) and screen.round == round:
        return ended(session, screen, do) if screen.taken or screen.refused else session
    if isinstance(screen, Received) and screen.job.round == round:
        return session
    if round.brings == 0:
        return leaving.hand_over(session, round, do, timing)
    return begin(session, round, do, timing)


def step(session: Session, screen: Receiving, event: CounterEvent, do: Do) -> Session:
    match event:
        case Pressed(key=key) if key in CAUSES:
            cause = None if screen.cause is CAUSES[key] else CAUSES[key]
            return show(session, replace(screen, cause=cause), do)
        case Pressed(Key.BACK) if screen.cause is not None:
            return show(session, replace(screen, cause=None), do)
        case Pressed(Key.DONE) if screen.round or screen.taken or screen.refused:
            return ended(session, screen, do)
        case Pressed(Key.BACK) if screen.round or screen.taken or screen.refused:
            return home(_aside(session, screen), do)
        case Pressed(Key.BACK | Key.DONE):
            return home(session, do)
        case _:
            return session


def ended(session: Session, screen: Receiving, do: Do) -> Session:
    """Both counts, and what waits for this carrier."""
    waits = bool(screen.carrier) and any(waiting(do.shop(), screen.carrier))
    qr = do.received_qr(screen.round, len(screen.taken), len(screen.refused))
    return show(session, Received(replace(screen, cause=None), qr, waits), do)


def after(
    session: Session, screen: Received, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Pressed(Key.BACK):
            return show(session, screen.job, do)
        case Pressed(Key.DONE) if screen.waits:
            round = screen.job.round or DriverScanned(screen.job.carrier, "")
            return leaving.hand_over(home(session, do), round, do, timing)
        case Pressed(Key.DONE):
            return home(session, do)
        case _:
            return session


def scanned(
    session: Session,
    screen: Receiving,
    meaning: Meaning,
    scan: Scanned | str,
    do: Do,
    timing: Timing,
) -> Session:
    match meaning:
        case ParcelScanned():
            return label(session, screen, meaning, do, timing)
        case DriverScanned():
            return driver(session, meaning, do, timing)
        case PickUpScanned():
            return outbound.code(_aside(session, screen), meaning, do, timing)
        case ReturnScanned():
            return outbound.visit(_aside(session, screen), meaning, scan, do, timing)
        case _:
            return wrong(session, Note(Did.PARCEL_EXPECTED), do, timing)


def one_more(
    session: Session, screen: Received, meaning: ParcelScanned, do: Do, timing: Timing
) -> Session:
    """One more from the van, after the counts: the delivery goes on. A parcel that was taken is
    not for the delivery any more but for its shelf."""
    numbers = [reading.number for reading in meaning.readings]
    here = any(do.shop().parcels[number].state not in COMING for number in numbers)
    if here or do.now() >= screen.job.touched + MORE_S:
        return session
    return label(show(session, screen.job, do), screen.job, meaning, do, timing)


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
    carrier = found.carrier or shop.parcels[found.number].carrier or screen.carrier
    if screen.cause is not None:
        return _refuse(session, screen, found.number, carrier, screen.cause, do, timing)
    return _take(session, screen, found.number, carrier, do, timing)


def _take(
    session: Session, screen: Receiving, number: str, carrier: str, do: Do, timing: Timing
) -> Session:
    before = do.shop().parcels[number]
    match before.state:
        case ParcelState.RECEIVED:
            return _again(session, screen, before, do, timing)
        case ParcelState.MISSING:
            return inbound_lying.found(session, number, do, timing)
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
    """A parcel that lies at the desk: harmless. Read twice by one scan, it is still what was said
    of it a moment ago."""
    if parcel.number == screen.last and do.now() < screen.touched + ECHO_S:
        return replace(session, now=do.now())
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
