"""A shelf in the hand, and lists. Shelf, parcel, parcel, parcel: all of them go onto that shelf."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.meaning import ParcelScanned, ShelfScanned, which
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.flows.counter import inbound_made, inbound_parcel
from kiosk.flows.counter.inbound_made import in_hand, lines
from kiosk.flows.counter.model import Did, Do, Key, Session, Timing
from kiosk.flows.counter.states.inbound import Pulling, ShelfInHand, ToShelve, WhoseLabel
from kiosk.flows.counter.turns import home, right, show, turned, wrong


def shelf_scanned(session: Session, meaning: ShelfScanned, do: Do, timing: Timing) -> Session:
    """A shelf's label by itself: what lies there, and what is scanned next goes there."""
    name = meaning.shelf_id
    if not do.shop().shelves[name].room:
        no = Refused(Because.SHELF_UNKNOWN, Then.SCAN_SHELF, {"shelf": name})
        return wrong(session, no, do, timing)
    session = show(session, inbound_made.shelf(do.shop(), name), do)
    return right(session, Did.SHELF_SEEN, do, timing, shelf=name)


def onto_shelf(
    session: Session, screen: ShelfInHand, meaning: ParcelScanned, do: Do, timing: Timing
) -> Session:
    """Shelf first, then parcel after parcel. One that is not here yet is received first."""
    found_one = which(do.shop(), meaning)
    if not isinstance(found_one, Tracking):
        return show(session, WhoseLabel(found_one.readings, screen), do)
    number, name = found_one.number, screen.shelf.shelf_id
    session, lies = inbound_parcel.onto(session, number, name, do, timing)
    return inbound_parcel.again(session, screen, do) if lies else session


def list_pressed(
    session: Session, screen: ShelfInHand | ToShelve | Pulling, key: Key, do: Do
) -> Session:
    match key:
        case Key.NEXT_PAGE | Key.LAST_PAGE:
            page = turned(session, screen.page, key, lines(screen))
            turn = replace(screen, page=page)
            return session if page == screen.page else inbound_parcel.again(session, turn, do)
        case Key.BACK | Key.DONE:
            return home(session, do)
        case _:
            return session


def chosen(
    session: Session, screen: ShelfInHand | ToShelve | Pulling, value: str, do: Do
) -> Session:
    """A line of a list: that parcel, without having it in the hand."""
    match screen:
        case ToShelve():
            shown = tuple(errand.parcel for errand in screen.errands)
        case _:
            shown = screen.parcels
    if all(parcel.number != value for parcel in shown):
        return session
    return show(session, in_hand(do, value, screen, held=False), do)
