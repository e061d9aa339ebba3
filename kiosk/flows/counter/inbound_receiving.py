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

from kiosk.domain.counter.commands import RefusalCause
from kiosk.domain.counter.deciding.listing import waiting
from kiosk.domain.counter.meaning import (
    DriverScanned,
    Meaning,
    ParcelScanned,
    PickUpScanned,
    ReturnScanned,
)
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.walking import shop_fill
from kiosk.flows.counter import inbound_made, inbound_taking, leaving, outbound
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
from kiosk.flows.counter.states.inbound import Received, Receiving
from kiosk.flows.counter.turns import care, home, show, wrong
from kiosk.ports import Scanned

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


def begin(session: Session, round: DriverScanned | None, do: Do, timing: Timing) -> Session:
    """A new delivery, or the one that was laid aside. A shop that is nearly full says so before
    the driver unloads."""
    session = begun(session, round, "", do)
    screen = session.screen
    if not isinstance(screen, Receiving) or screen.last or not screen.fill.nearly:
        return session
    values: dict[str, str | int] = {"count": screen.fill.count, "room": screen.fill.room}
    return care(session, Did.NEARLY_FULL, do, timing, where="", **values)


def begun(session: Session, round: DriverScanned | None, carrier: str, do: Do) -> Session:
    """The same, without a word. One that was laid aside goes on where it is of this `carrier`."""
    aside = session.kept.get(KEPT)
    if isinstance(aside, Receiving) and _goes_on(aside, round, carrier, do):
        return show(_forgotten(session), aside, do)
    shop, whose = do.shop(), round.carrier if round else ""
    coming, fill = inbound_made.announced(shop, whose), shop_fill(shop)
    fresh = Receiving(round, whose, announced=coming, fill=fill, touched=do.now())
    return show(_forgotten(session), fresh, do)


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
            return inbound_taking.label(session, screen, meaning, do, timing)
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
    return inbound_taking.label(show(session, screen.job, do), screen.job, meaning, do, timing)
