"""Containers while they are here: provided, filled, sealed, opened again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.deciding.containing import container_fill
from kiosk.domain.counter.index import By
from kiosk.domain.counter.meaning import (
    ContainerScanned,
)
from kiosk.domain.counter.shop import Shop
from kiosk.flows.counter import leaving_list
from kiosk.flows.counter.model import (
    Approved,
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    Pressed,
    Session,
    Timing,
)
from kiosk.flows.counter.states.leaving import (
    ContainerInHand,
    ContainerLine,
    Containers,
    NewContainer,
    Sure,
)
from kiosk.flows.counter.turns import act, ask_reason, care, home, right, show, turned

S = ContainerState
HERE = (S.OPEN, S.CLOSED, S.MANIFESTED, S.AVAILABLE)
"""The states of containers that are in the shop, as the list has them."""
ANY = "*"
"""What is chosen for goods of any carrier."""
HOLDS = 40
"""Bags and parcels that a container for anybody's goods takes."""


# --- the list ------------------------------------------------------------------------------------


def overview(session: Session, do: Do) -> Session:
    return show(session, _overview(do.shop(), 0), do)


def _overview(shop: Shop, page: int) -> Containers:
    ids = [
        c for state in HERE for c in _by_carrier(shop, shop.containers.index.of(By.STATE, state))
    ]
    return Containers(
        tuple(line_of(shop, c) for c in ids), leaving_list.waiting_by_carrier(shop), page
    )


def _by_carrier(shop: Shop, ids: Iterable[str]) -> list[str]:
    return sorted(ids, key=lambda c: (shop.containers[c].carrier, shop.containers[c].plate, c))


def line_of(shop: Shop, container_id: str) -> ContainerLine:
    return ContainerLine(shop.containers[container_id], container_fill(shop, container_id))


def listed(
    session: Session, screen: Containers, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Chosen(value) if any(line.container.container_id == value for line in screen.lines):
            return _take(session, value, do, timing)
        case Chosen(value) if any(one.carrier == value for one in screen.waiting):
            return leaving_list.begin(session, value, None, do, timing)
        case Heard():
            return show(session, _overview(do.shop(), screen.page), do)
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key):
            page = turned(session, screen.page, key, len(screen.lines))
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case _:
            return session


# --- a plate that is scanned ---------------------------------------------------------------------


def container(session: Session, meaning: ContainerScanned, do: Do, timing: Timing) -> Session:
    found = do.shop().by_plate(meaning.plate)
    if found is not None:
        return _take(session, found.container_id, do, timing)
    return show(session, NewContainer(meaning.plate, do.carriers()), do)


def new(
    session: Session, screen: NewContainer, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    """One touch says whose it is; it is open then."""
    match event:
        case Chosen(value) if value == ANY:
            return _provide(session, screen.plate, "", HOLDS, do, timing)
        case Chosen(value):
            chosen = next((one for one in screen.carriers if one.carrier == value), None)
            if chosen is None:
                return session
            return _provide(session, screen.plate, chosen.carrier, chosen.room, do, timing)
        case _:
            return session


def _provide(
    session: Session, plate: str, carrier: str, holds: int, do: Do, timing: Timing
) -> Session:
    container_id = do.new_id()
    command = ask.ProvideContainer(container_id, plate, carrier, holds)
    session, acted = act(session, command, plate, do, timing)
    return session if acted is None else _take(session, container_id, do, timing)


def _take(session: Session, container_id: str, do: Do, timing: Timing) -> Session:
    """A container in front of somebody; one that only stands ready is opened by that."""
    if do.shop().containers[container_id].state is S.AVAILABLE:
        session, acted = act(session, ask.OpenContainer(container_id), container_id, do, timing)
        if acted is None:
            return session
        plate = do.shop().containers[container_id].plate
        session = right(session, Did.OPENED, do, timing, container=plate)
    return show(session, hand_of(do.shop(), container_id), do)


def hand_of(shop: Shop, container_id: str, page: int = 0) -> ContainerInHand:
    """The container as it is now, with all that lies in it."""
    return ContainerInHand(
        line_of(shop, container_id),
        tuple(sorted(shop.bags_in(container_id))),
        tuple(sorted(shop.parcels_in(container_id))),
        page,
    )


# --- one in hand ---------------------------------------------------------------------------------


def in_hand(
    session: Session, screen: ContainerInHand, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    it = screen.line.container
    match event:
        case Heard():
            return as_it_is(session, screen, do)
        case Approved(command=ask.ReopenContainer()):
            return right(
                as_it_is(session, screen, do), Did.REOPENED, do, timing, container=it.plate
            )
        case Approved(command=ask.ReportLost()):
            return care(home(session, do), Did.CONTAINER_LOST, do, timing, container=it.plate)
        case Pressed(Key.CLOSE) if it.state is S.OPEN:
            return care(session, Did.SEAL_EXPECTED, do, timing, container=it.plate)
        case Pressed(Key.REOPEN) if it.state is S.CLOSED:
            command = ask.ReopenContainer(it.container_id, "")
            return ask_reason(session, command, it.plate, do)
        case Pressed(Key.HAND_OVER) if it.state is S.CLOSED and it.carrier:
            return leaving_list.begin(session, it.carrier, None, do, timing)
        case Pressed(Key.HAND_OVER) if it.state is S.CLOSED:
            return overview(session, do)
        case Pressed(Key.CONTAINER_DAMAGED):
            return _told(session, screen, Sure.DAMAGED, do, timing)
        case Pressed(Key.CONTAINER_LOST):
            return _told(session, screen, Sure.LOST, do, timing)
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key):
            page = turned(session, screen.page, key, screen.line.fill.count)
            return session if page == screen.page else show(session, replace(screen, page=page), do)
        case Pressed(Key.BACK) if screen.sure is not None:
            return show(session, replace(screen, sure=None), do)
        case _:
            return session


def _told(session: Session, screen: ContainerInHand, sure: Sure, do: Do, timing: Timing) -> Session:
    """Damaged or lost: the second touch of the same key tells it."""
    it = screen.line.container
    if screen.sure is not sure:
        session = show(session, replace(screen, sure=sure), do)
        return care(session, Did.TOUCH_AGAIN, do, timing, container=it.plate)
    session = show(session, replace(screen, sure=None), do)
    lost = sure is Sure.LOST
    report = ask.ReportLost if lost else ask.ReportDamaged
    session, acted = act(session, report(it.container_id), it.plate, do, timing)
    if acted is None:
        return session
    did = Did.CONTAINER_LOST if lost else Did.CONTAINER_DAMAGED
    return care(home(session, do), did, do, timing, container=it.plate)


def as_it_is(session: Session, screen: ContainerInHand, do: Do) -> Session:
    """What the shop knows of it now; home once it is not here any more."""
    container_id = screen.line.container.container_id
    if do.shop().containers[container_id].state not in HERE:
        return home(session, do)
    return show(session, hand_of(do.shop(), container_id, screen.page), do)
