"""Parcels that come in, lie, and are looked for: which screen an event belongs to.

inbound_receiving   a delivery, with a driver's code or without
inbound_taking      one parcel of it
inbound_parcel      a parcel in the hand, and one that cannot be found
inbound_lists       a shelf in the hand, and what waits for one
inbound_pulling     the day's list of what goes back
inbound_made        the screens, made from the shop
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.meaning import (
    Ambiguous,
    DriverScanned,
    ItemScanned,
    Meaning,
    NotKnown,
    ParcelScanned,
    SealScanned,
    ShelfScanned,
    which,
)
from kiosk.flows.counter import (
    inbound_lists,
    inbound_made,
    inbound_parcel,
    inbound_pulling,
    inbound_receiving,
    inbound_taking,
)
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Note,
    Pressed,
    Session,
    Timing,
)
from kiosk.flows.counter.states.inbound import (
    LookingFor,
    ParcelInHand,
    Pulling,
    Received,
    Receiving,
    ShelfInHand,
    ToShelve,
    WhoseLabel,
)
from kiosk.flows.counter.turns import act, right, show, wrong
from kiosk.ports import Scanned


def step(session: Session, event: CounterEvent, do: Do, timing: Timing) -> Session:
    """A touch, a tick, or what a print came to, on a screen of `states.inbound`; the very same
    object where it means nothing there."""
    match session.screen, event:
        case screen, Heard():
            now = inbound_made.again(session, screen, do)
            return session if now == screen else show(session, now, do)
        case WhoseLabel() as screen, _:
            return _whose(session, screen, event, do, timing)
        case Receiving() as screen, _:
            return inbound_receiving.step(session, screen, event, do)
        case Received() as screen, _:
            return inbound_receiving.after(session, screen, event, do, timing)
        case ShelfInHand() | ToShelve() | Pulling(), Pressed(Key.UNDO):
            return _undone(session, do, timing)
        case ParcelInHand() as screen, Pressed(key=key):
            return inbound_parcel.hand_pressed(session, screen, key, do, timing)
        case LookingFor() as screen, Pressed(key=key):
            return inbound_parcel.looking_pressed(session, screen, key, do, timing)
        case (ShelfInHand() | ToShelve()) as screen, Pressed(key=key):
            return inbound_lists.list_pressed(session, screen, key, do)
        case Pulling() as screen, Pressed(key=key):
            return inbound_pulling.pressed(session, screen, key, do)
        case (ShelfInHand() | ToShelve() | Pulling()) as screen, Chosen(value=value):
            return inbound_lists.chosen(session, screen, value, do)
        case _:
            return session


def _undone(session: Session, do: Do, timing: Timing) -> Session:
    """The last act taken back; the list stays, as it is then."""
    undo, screen = session.undo, session.screen
    if undo is None or do.now() >= undo.until:
        return session
    session, acted = act(replace(session, undo=None), undo.command, "", do, timing)
    if acted is None:
        return session
    session = show(session, inbound_made.again(session, screen, do), do)
    return right(session, Did.UNDONE, do, timing)


def _whose(
    session: Session, screen: WhoseLabel, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """One touch says whose label it is; the screen before then gets it as that carrier's."""
    match event:
        case Chosen(value=value):
            chosen = [one for one in screen.readings if one.carrier == value]
            if len(chosen) != 1:
                return session
            back, meaning = show(session, screen.back, do), ParcelScanned((chosen[0],))
            after = scanned(back, meaning, chosen[0].number, do, timing)
            return after if after is not back else parcel(back, meaning, do, timing)
        case Pressed(Key.BACK):
            return show(session, screen.back, do)
        case _:
            return session


def scanned(
    session: Session, meaning: Meaning, scan: Scanned | str, do: Do, timing: Timing
) -> Session:
    """A scan on a screen of `states.inbound`; the very same object for what it does not use."""
    match session.screen, meaning:
        case WhoseLabel(), _:  # impatience: the question stands, and nothing is lost
            return wrong(session, Note(Did.FINISH_FIRST), do, timing)
        case Receiving() as screen, _:
            return inbound_receiving.scanned(session, screen, meaning, scan, do, timing)
        case Received() as screen, ParcelScanned():
            return inbound_receiving.one_more(session, screen, meaning, do, timing)
        case ParcelInHand() as screen, _:
            return inbound_parcel.hand_scanned(session, screen, meaning, do, timing)
        case ShelfInHand() as screen, ParcelScanned():
            return inbound_lists.onto_shelf(session, screen, meaning, do, timing)
        case ToShelve() as screen, ParcelScanned() if inbound_parcel.known(do.shop(), meaning):
            return inbound_parcel.taken_up(session, meaning, screen, do, timing)
        case Pulling() as screen, ParcelScanned() | ShelfScanned():
            return inbound_pulling.scanned(session, screen, meaning, do, timing)
        case ShelfInHand() | ToShelve() | Pulling(), ItemScanned() | SealScanned() | NotKnown():
            return wrong(session, Note(Did.PARCEL_EXPECTED), do, timing)
        case _:
            return session


def parcel(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A parcel that the shop knows, or that was announced: a delivery begins with one that is not
    here yet, every other one is in somebody's hand."""
    found = which(do.shop(), meaning)
    if isinstance(found, Ambiguous):
        return show(session, WhoseLabel(found.readings, session.screen), do)
    if do.shop().parcels[found.number].state in inbound_receiving.COMING:
        begun = inbound_receiving.begun(session, None, found.carrier, do)
        if isinstance(begun.screen, Receiving):
            return inbound_taking.label(begun, begun.screen, meaning, do, timing)
    return inbound_parcel.taken_up(session, meaning, None, do, timing)


def shelf(session: Session, meaning: ShelfScanned, do: Do, timing: Timing) -> Session:
    return inbound_lists.shelf_scanned(session, meaning, do, timing)


def driver(session: Session, meaning: DriverScanned, do: Do, timing: Timing) -> Session:
    return inbound_receiving.driver(session, meaning, do, timing)


def receive(session: Session, do: Do, timing: Timing) -> Session:
    """A delivery without a driver's code."""
    return inbound_receiving.begin(session, None, do, timing)


def to_shelve(session: Session, do: Do, timing: Timing) -> Session:
    """What is received and lies at the desk."""
    del timing
    return show(session, inbound_made.shelving(do.shop()), do)


def pulling(session: Session, do: Do, timing: Timing) -> Session:
    """The day's list."""
    del timing
    return show(session, inbound_made.pulling(do.shop()), do)


def looking(session: Session, number: str, do: Do, timing: Timing) -> Session:
    """A missing parcel, chosen from the list of what only a person can settle."""
    del timing
    return show(session, inbound_made.looking(do.shop(), number), do)
