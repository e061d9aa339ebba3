"""A parcel in the hand: where it lies, where it goes, where to look for it.

Parcel, shelf: done. A shelf that refuses leaves the parcel in the hand, with another one to go to.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.codes.model import Tracking
from kiosk.domain.counter.commands import (
    Command,
    ContainParcel,
    Extend,
    RefuseOut,
    ReportFound,
    ReportMissing,
    Shelve,
    Stage,
)
from kiosk.domain.counter.meaning import (
    ContainerScanned,
    ItemScanned,
    Meaning,
    NotKnown,
    ParcelScanned,
    SealScanned,
    ShelfScanned,
    which,
)
from kiosk.domain.counter.parcels import PARCELS, ParcelState
from kiosk.domain.counter.shop import Shop
from kiosk.flows.counter import inbound_made, outbound
from kiosk.flows.counter.inbound_made import GOES_BACK, in_hand, seen_as
from kiosk.flows.counter.model import Did, Do, Key, Note, Screen, Session, Timing, Tone
from kiosk.flows.counter.states.inbound import (
    LookingFor,
    ParcelInHand,
    ToShelve,
    WhoseLabel,
)
from kiosk.flows.counter.turns import (
    TO_PULL,
    act,
    care,
    home,
    right,
    say,
    show,
    turned,
    undoable,
    wrong,
)

LEFT = (ParcelState.COLLECTED, ParcelState.RETURNED_TO_SENDER)


def taken_up(
    session: Session, meaning: ParcelScanned, back: Screen | None, do: Do, timing: Timing
) -> Session:
    """A parcel that the shop knows is in somebody's hand. A missing one is found by that; one that
    had left is shown with what became of it."""
    found_one = which(do.shop(), meaning)
    if not isinstance(found_one, Tracking):
        return show(session, WhoseLabel(found_one.readings, session.screen), do)
    number = found_one.number
    before = do.shop().parcels[number]
    if before.state is ParcelState.MISSING:
        session = found(session, number, do, timing)
        return show(session, in_hand(do, number, back), do)
    session = show(session, in_hand(do, number, back), do)
    if before.state in LEFT:
        return wrong(session, PARCELS.refusal(before.state), do, timing)
    tone = Tone.CARE if before.state in TO_PULL else Tone.RIGHT
    note = Note(Did.SEEN, {"number": number, "shelf": before.shelf_id})
    return say(session, tone, note, do, timing)


def found(session: Session, number: str, do: Do, timing: Timing) -> Session:
    """A missing parcel was scanned."""
    session, acted = act(session, ReportFound(number), number, do, timing)
    return care(session, Did.FOUND, do, timing, number=number) if acted else session


def onto(
    session: Session, number: str, shelf_id: str, do: Do, timing: Timing
) -> tuple[Session, bool]:
    """Put a parcel on a shelf: shelved, moved or, where both go back, staged. Whether it lies there
    now."""
    shop = do.shop()
    parcel, shelf = shop.parcels[number], shop.shelves[shelf_id]
    staged = seen_as(parcel) in GOES_BACK and shelf.returns
    settled = ParcelState.RTS_STAGED if staged else ParcelState.SHELVED
    if number in shop.lying(shelf_id) and parcel.state is settled:
        return _told(session, number, shelf_id, staged, do, timing), True  # it lies there: no news
    command: Command = Stage(number, shelf_id) if staged else Shelve(number, shelf_id)
    session, acted = act(session, command, number, do, timing)
    if acted is None:
        return session, False
    session = _told(session, number, shelf_id, staged, do, timing)
    if not staged and parcel.state is ParcelState.SHELVED and parcel.shelf_id:
        former = Shelve(number, parcel.shelf_id)
        session = undoable(session, Did.SHELVED, former, do, timing)
    return session, True


def _told(
    session: Session, number: str, shelf_id: str, staged: bool, do: Do, timing: Timing
) -> Session:
    did = Did.STAGED if staged else Did.SHELVED
    return right(session, did, do, timing, number=number, shelf=shelf_id)


def hand_scanned(
    session: Session, screen: ParcelInHand, meaning: Meaning, do: Do, timing: Timing
) -> Session:
    number = screen.parcel.number
    match meaning:
        case ShelfScanned(shelf_id=shelf_id) if screen.held:
            session, lies = onto(session, number, shelf_id, do, timing)
            if lies:
                return returned(session, screen.back, do)
            return again(session, screen, do) if session.screen is screen else session
        case ContainerScanned(plate=plate) if (
            screen.held and screen.parcel.state is ParcelState.RTS_STAGED
        ):
            container = do.shop().by_plate(plate)
            if container is None:
                return session
            command = ContainParcel(number, container.container_id)
            session, acted = act(session, command, number, do, timing)
            if acted is None:
                return session
            values: dict[str, str | int] = {"what": number, "container": plate}
            return right(returned(session, screen.back, do), Did.CONTAINED, do, timing, **values)
        case ParcelScanned() if known(do.shop(), meaning):
            return taken_up(session, meaning, screen.back, do, timing)
        case ItemScanned() | SealScanned() | NotKnown() if screen.held:
            return wrong(session, Note(Did.SHELF_EXPECTED), do, timing)
        case _:
            return session


def hand_pressed(
    session: Session, screen: ParcelInHand, key: Key, do: Do, timing: Timing
) -> Session:
    number = screen.parcel.number
    match key:
        case Key.STORY:
            return show(session, replace(screen, open_story=not screen.open_story, page=0), do)
        case Key.NEXT_PAGE | Key.LAST_PAGE if screen.open_story:
            page = turned(session, screen.page, key, len(screen.story))
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case Key.MISSING if screen.parcel.is_here or screen.parcel.state is ParcelState.MISSING:
            return show(session, inbound_made.looking(do.shop(), number, screen.back), do)
        case Key.HAND_OUT:
            return outbound.hand_out(session, number, do, timing)
        case Key.REFUSED:
            session, acted = act(session, RefuseOut(number), number, do, timing)
            if acted is None:
                return session
            return right(again(session, screen, do), Did.DECLINED, do, timing, number=number)
        case Key.EXTEND:
            session, done = extend(session, number, do, timing)
            return again(session, screen, do) if done else session
        case Key.BACK | Key.DONE:
            return returned(session, screen.back, do)
        case _:
            return session


def extend(session: Session, number: str, do: Do, timing: Timing) -> tuple[Session, bool]:
    session, acted = act(session, Extend(number), number, do, timing)
    if acted is None:
        return session, False
    until = do.shop().parcels[number].until
    return right(session, Did.EXTENDED, do, timing, number=number, until=until), True


def looking_pressed(
    session: Session, screen: LookingFor, key: Key, do: Do, timing: Timing
) -> Session:
    number = screen.parcel.number
    match key:
        case Key.MISSING if screen.parcel.state is not ParcelState.MISSING:
            session, acted = act(session, ReportMissing(number), number, do, timing)
            if acted is None:
                return session
            session = returned(session, screen.back, do)
            session = right(session, Did.MISSING_TOLD, do, timing, number=number)
            return undoable(session, Did.MISSING_TOLD, ReportFound(number), do, timing)
        case Key.NEXT_PAGE | Key.LAST_PAGE:
            page = turned(session, screen.page, key, len(screen.places) - 1)
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case Key.BACK | Key.DONE:
            return returned(session, screen.back, do)
        case _:
            return session


def returned(session: Session, back: Screen | None, do: Do) -> Session:
    """The list that a parcel came from, as it is now: Home where it came from none, or where
    nothing is left on the list."""
    now = None if back is None else inbound_made.again(session, back, do)
    if now is None or (isinstance(now, ToShelve) and not now.errands):
        return home(session, do)
    return show(session, now, do)


def known(shop: Shop, meaning: ParcelScanned) -> bool:
    return any(reading.number in shop.parcels for reading in meaning.readings)


def again(session: Session, screen: Screen, do: Do) -> Session:
    return show(session, inbound_made.again(session, screen, do), do)
