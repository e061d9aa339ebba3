"""What customers bring with a carrier's label on it, and the bags of drops: on into containers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kiosk.domain.codes import bag as plates
from kiosk.domain.codes.model import BagCode, Tracking
from kiosk.domain.codes.presented import cut
from kiosk.domain.counter.bags import BAGS, Bag, BagState
from kiosk.domain.counter.commands import ContainBag, OpenContainer, ReceiveInstead, VoidDrop
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.deciding.containing import container_fill
from kiosk.domain.counter.meaning import (
    Ambiguous,
    BagScanned,
    ContainerScanned,
    Meaning,
    ParcelScanned,
    which,
)
from kiosk.domain.counter.suggesting import container_for
from kiosk.domain.staff.permits import Needs
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.flows.counter import inbound
from kiosk.flows.counter.model import (
    Acted,
    Approved,
    Chosen,
    CounterEvent,
    Did,
    Do,
    Heard,
    Key,
    PaperDone,
    Pressed,
    PrintDropReceipt,
    Session,
    Tick,
    Timing,
)
from kiosk.flows.counter.states.outbound import BagInHand, DropTaken, Paper, WhoseDrop
from kiosk.flows.counter.turns import act, ask_reason, care, home, right, show, wrong


def drop(session: Session, meaning: ParcelScanned, do: Do, timing: Timing) -> Session:
    """A label that nobody announced, brought by a customer: taken at once."""
    meant = which(do.shop(), meaning)
    if isinstance(meant, Ambiguous):
        return show(session, WhoseDrop(_carriers(meant.readings)), do)
    if not meant.carrier:
        return show(session, WhoseDrop(_any_of(meant, do)), do)
    return _take(session, meant, do, timing)


def bag(session: Session, meaning: BagScanned, do: Do, timing: Timing) -> Session:
    """A bag, or a label that was taken: shown with where it goes. What has gone is said."""
    held = do.shop().bags[meaning.bag_id]
    if held.state in (BagState.HANDED_OVER, BagState.VOIDED):
        refused = BAGS.refusal(held.state)
        return wrong(session, refused, do, timing)
    screen = _in_hand(held, do)
    shown = show(session, screen, do)
    match held.state:
        case BagState.UNKNOWN:
            return care(shown, Did.BAG_UNTOLD, do, timing, number=held.bag_id)
        case _ if screen.label or screen.inside:
            return care(shown, Did.DROP_KNOWN, do, timing, number=held.bag_id)
        case _:
            return right(shown, Did.CONTAINER_EXPECTED, do, timing)


def taken_step(
    session: Session, screen: DropTaken, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case PaperDone(job=job, paper=paper) if job == screen.job:
            return show(session, _printed(screen, paper, do, timing), do)
        case Tick() if screen.until and do.now() >= screen.until:
            return home(session, do)
        case Pressed(Key.FROM_DRIVER):
            return _from_driver(session, screen.number, screen.carrier, do, timing)
        case Pressed(Key.REPRINT) if screen.paper is not Paper.WAITING:
            return show(session, _print(screen, do), do)
        case _:
            return session


def bag_step(
    session: Session, screen: BagInHand, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Pressed(Key.VOID) if screen.voidable:
            return ask_reason(session, VoidDrop(screen.bag_id, ""), screen.bag_id, do)
        case Pressed(Key.FROM_DRIVER) if screen.voidable and screen.label:
            return _from_driver(session, screen.bag_id, screen.carrier, do, timing)
        case Approved(command=VoidDrop()):
            gone = home(session, do)
            return right(gone, Did.DROP_VOIDED, do, timing, number=screen.bag_id)
        case Heard():
            return _heard(session, screen, do)
        case _:
            return session


def bag_scanned(
    session: Session, screen: BagInHand, meaning: Meaning, do: Do, timing: Timing
) -> Session:
    """The next container is where the bag goes. One that nobody has opened yet is opened by it;
    a plate that nobody knows begins a container of its own."""
    if not isinstance(meaning, ContainerScanned):
        return session
    container = do.shop().by_plate(meaning.plate)
    if container is None:
        return session
    if container.state is ContainerState.AVAILABLE:
        opening = OpenContainer(container.container_id)
        session, opened = act(session, opening, container.container_id, do, timing)
        if opened is None:
            return session
    into = ContainBag(screen.bag_id, container.container_id)
    after, acted = act(session, into, screen.bag_id, do, timing)
    if acted is None:
        return after
    after = home(after, do)
    fill = container_fill(do.shop(), container.container_id)
    if fill.nearly:
        where, count, room = container.plate, fill.count, fill.room
        return care(after, Did.NEARLY_FULL, do, timing, where=where, count=count, room=room)
    plate = container.plate
    return right(after, Did.CONTAINED, do, timing, what=screen.bag_id, container=plate)


def whose_step(
    session: Session, screen: WhoseDrop, event: CounterEvent, do: Do, timing: Timing
) -> Session:
    match event:
        case Chosen(value=carrier):
            chosen = next((one for one in screen.readings if one.carrier == carrier), None)
            return session if chosen is None else _take(session, chosen, do, timing)
        case _:
            return session


def _take(session: Session, label: Tracking, do: Do, timing: Timing) -> Session:
    number, carrier = label.number, label.carrier
    answer = do.take_drop(session.staff, number, carrier)
    match answer:
        case (Acted(), str() as drop_number):
            taken = replace(home(session, do), undo=None)
            qr = do.drop_qr(number, carrier, drop_number)
            screen = _print(DropTaken(number, carrier, drop_number, qr), do)
            shown = show(taken, screen, do)
            if _is_served(carrier, do):
                return right(shown, Did.DROP_TAKEN, do, timing, number=number, carrier=carrier)
            return care(shown, Did.DROP_UNSERVED, do, timing, carrier=carrier)
        case Needs():
            alone = Refused(Because.NOT_ALLOWED, Then.ASK_SUPERVISOR)
            return wrong(session, alone, do, timing)
        case _:
            return wrong(session, answer, do, timing)


def _is_served(carrier: str, do: Do) -> bool:
    """Whether any of the carrier's drivers comes here, as far as the counter book says."""
    served = {one.carrier for one in do.carriers()}
    return not served or carrier in served


def _print(screen: DropTaken, do: Do) -> DropTaken:
    job = do.print(PrintDropReceipt(screen.number, screen.carrier, screen.drop_number))
    return replace(screen, paper=Paper.WAITING, job=job, until=0.0)


def _printed(screen: DropTaken, paper: Paper, do: Do, timing: Timing) -> DropTaken:
    """Where no paper came, the screen stays: its QR is the proof then, until somebody goes on."""
    until = do.now() + timing.done if paper is Paper.PRINTED else 0.0
    return replace(screen, paper=paper, until=until)


def _from_driver(session: Session, number: str, carrier: str, do: Do, timing: Timing) -> Session:
    """No customer's: the drop is taken back and the parcel received, in one act."""
    after, acted = act(session, ReceiveInstead(number, carrier), number, do, timing)
    if acted is None:
        return after
    label = ParcelScanned((Tracking(carrier, "", number),))
    shown = inbound.parcel(home(after, do), label, do, timing)
    return right(shown, Did.RECEIVED, do, timing, number=number, shelf="")


def _in_hand(held: Bag, do: Do) -> BagInHand:
    shop = do.shop()
    inside = shop.containers[held.container_id].plate if held.state is BagState.CONTAINED else ""
    suggested = container_for(shop, held)
    today = do.rules().opening.day(datetime.fromtimestamp(do.at(), UTC)).isoformat()
    return BagInHand(
        held.bag_id,
        held.carrier,
        suggested.plate if suggested is not None else "",
        inside,
        held.state is BagState.COMMITTED and held.committed_on == today,
        held.state is not BagState.UNKNOWN and not _is_plate(held.bag_id),
    )


def _heard(session: Session, screen: BagInHand, do: Do) -> Session:
    held = do.shop().bags[screen.bag_id]
    if held.state in (BagState.HANDED_OVER, BagState.VOIDED):
        return home(session, do)
    now = _in_hand(held, do)
    return session if now == screen else show(session, now, do)


def _is_plate(bag_id: str) -> bool:
    return isinstance(plates.parse(cut(bag_id.encode(), "")), BagCode)


def _carriers(readings: tuple[Tracking, ...]) -> tuple[Tracking, ...]:
    """Each carrier once, the best reading of it."""
    best: dict[str, Tracking] = {}
    for one in readings:
        best.setdefault(one.carrier, one)
    return tuple(one for one in best.values() if one.carrier)


def _any_of(label: Tracking, do: Do) -> tuple[Tracking, ...]:
    """A number that names no carrier: one of those that this shop works with."""
    return tuple(replace(label, carrier=one.carrier) for one in do.carriers())
