"""The day's list: what goes back is pulled from the shelves, scan by scan.

Each scan tells the shelf for returns that the parcel goes onto. What is not on the list is stopped.
With the key touched first, the next parcel waits longer instead.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import Stage
from kiosk.domain.counter.meaning import Meaning, ParcelScanned, ShelfScanned, which
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.suggesting import shelf_fill
from kiosk.flows.counter import inbound_lists, inbound_made, inbound_parcel
from kiosk.flows.counter.inbound_made import seen_as
from kiosk.flows.counter.model import Did, Do, Key, Note, Session, Timing
from kiosk.flows.counter.states.inbound import Pulling, WhoseLabel
from kiosk.flows.counter.turns import act, care, right, show, wrong


def pressed(session: Session, screen: Pulling, key: Key, do: Do) -> Session:
    if key is Key.EXTEND:
        return show(session, replace(screen, extending=not screen.extending), do)
    if key is Key.BACK and screen.extending:
        return show(session, replace(screen, extending=False), do)
    return inbound_lists.list_pressed(session, screen, key, do)


def scanned(session: Session, screen: Pulling, meaning: Meaning, do: Do, timing: Timing) -> Session:
    match meaning:
        case ShelfScanned(shelf_id=shelf_id):
            return _onto(session, screen, shelf_id, do, timing)
        case ParcelScanned():
            found = which(do.shop(), meaning)
            if not isinstance(found, Tracking):
                return show(session, WhoseLabel(found.readings, screen), do)
            if screen.extending:
                return _extend(session, screen, found.number, do, timing)
            return _pull(session, screen, found.number, do, timing)
        case _:
            return session


def _onto(session: Session, screen: Pulling, shelf_id: str, do: Do, timing: Timing) -> Session:
    """From now on onto this shelf."""
    shelf, fill = do.shop().shelves[shelf_id], shelf_fill(do.shop(), shelf_id)
    values: dict[str, str | int] = {"shelf": shelf_id, "room": fill.room}
    if not shelf.room:
        return wrong(session, Refused(Because.SHELF_UNKNOWN, Then.SCAN_SHELF, values), do, timing)
    if not shelf.returns:
        no = Refused(Because.SHELF_NOT_FOR_THIS, Then.OTHER_SHELF, values)
        return wrong(session, no, do, timing)
    if fill.full:
        return wrong(session, Refused(Because.SHELF_FULL, Then.OTHER_SHELF, values), do, timing)
    session = show(session, replace(screen, shelf=shelf_id), do)
    return right(session, Did.SHELF_SEEN, do, timing, shelf=shelf_id)


def _pull(session: Session, screen: Pulling, number: str, do: Do, timing: Timing) -> Session:
    parcel = do.shop().parcels[number]
    if parcel.state is ParcelState.RTS_STAGED:  # pulled already: harmless
        values: dict[str, str | int] = {"number": number, "shelf": parcel.shelf_id}
        return care(session, Did.STAGED, do, timing, **values)
    now = inbound_made.pulling(do.shop(), screen)
    goes_back = seen_as(parcel) in inbound_made.GOES_BACK
    if goes_back and not now.shelf:
        return wrong(session, Note(Did.SHELF_EXPECTED), do, timing)
    session, acted = act(session, Stage(number, now.shelf), number, do, timing)
    if acted is None:
        return session
    after = inbound_made.pulling(do.shop(), replace(now, pulled=now.pulled + 1))
    session = show(session, after, do)
    return right(session, Did.STAGED, do, timing, number=number, shelf=now.shelf)


def _extend(session: Session, screen: Pulling, number: str, do: Do, timing: Timing) -> Session:
    """One parcel: the key is off again."""
    session, done = inbound_parcel.extend(session, number, do, timing)
    if not done:
        return session
    return show(session, inbound_made.pulling(do.shop(), replace(screen, extending=False)), do)
