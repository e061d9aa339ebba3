"""The promise: drop, lines, bag, event, outbox row, print job and used code in one commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from kiosk.app import answering, judging
from kiosk.app.answering import Place, Wanted
from kiosk.app.checking import already, units_of
from kiosk.app.finding import local_day
from kiosk.app.numbers import drop_number
from kiosk.domain import codes
from kiosk.domain.codes.model import BagCode, Unreadable
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.drops import Drop, DropState, IllegalTransition
from kiosk.domain.events import DropCommitted, LineFact, PhotoFact
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import CommittedDrop, OpenDrop, Rejected
from kiosk.ports import Scanned
from kiosk.seal import receipts
from kiosk.seal.keys import SigningKey
from kiosk.seal.receipts import ReceiptClaims

if TYPE_CHECKING:
    from kiosk.store import Work

Kept = tuple[tuple[LineFact, ...], dict[str, str | int]]


@dataclass(frozen=True, slots=True)
class Promisor:
    """Who promises: the kiosk's code in drop numbers, its id and its key."""

    kiosk_code: str
    device_id: str
    key: SigningKey


class Goods(Protocol):
    """Who takes on what was dropped here, where the kiosk has a counter."""

    def within(self, work: Work, promise: CommittedDrop) -> None:
        """Part of the promise's own transaction."""
        ...

    def after(self) -> None:
        """It is on the disk."""
        ...


def read_bag(
    drop: OpenDrop, bag: Scanned | str | None, place: Place, forms: Sequence[ThirdPartyForm] = ()
) -> str | Reason:
    """The bag's id, "" where none is needed; a bag held up without need stays empty. Where it is
    none, what it is."""
    if not drop.needs_bag:
        return ""
    if bag is None:
        return Reason(Why.CODE_NOT_A_BAG)
    if isinstance(bag, str):
        typed = codes.parse(bag, b"", "")
        return typed.bag_id if isinstance(typed, BagCode) else Reason(Why.CODE_WRONG_CHECK)
    code = codes.parse(bag.text, bag.raw, bag.aim, forms)
    match code:
        case BagCode(bag_id=bag_id):
            return bag_id
        case Unreadable():
            return answering.unreadable(code, Wanted.BAG, place, bag.text)
        case _:
            return answering.elsewhere(code, Wanted.BAG, place) or Reason(Why.CODE_NOT_A_BAG)


def commit(
    work: Work,
    drop: OpenDrop,
    bag_id: str,
    promisor: Promisor,
    now: datetime,
    kept: Kept,
    photos: tuple[PhotoFact, ...] = (),
    goods: Goods | None = None,
) -> CommittedDrop | Rejected:
    """`now` is the wall clock's; `kept` is what judging.kept says of the drop; `photos` are on the
    disk. `goods` is the counter that takes the bag on. A drop that is committed already gives the
    same promise again."""
    row = work.drops.find_open(drop.drop_id)
    if row is None:
        # Given up meanwhile, or promised already and asked twice.
        return work.drops.receipt_of(drop.drop_id) or Rejected(Reason(Why.RETURN_OPEN_ELSEWHERE))
    in_the_way = _in_the_way(work, drop, bag_id, row.given)
    if in_the_way is not None:
        return Rejected(in_the_way)
    _walk(row.drop, drop, bag_id, local_day(now, drop.merchant.timezone))
    number = drop_number(promisor.kiosk_code, work.drops.next_count())
    # The event first: the receipt names its link.
    link = work.record(fact_of(drop, number, bag_id, kept, photos), drop.drop_id)
    promise = _promise(drop, number, bag_id, promisor, now, link)
    work.drops.commit(promise, drop.code_id, kept[0])
    if goods is not None:
        goods.within(work, promise)
    return promise


def _in_the_way(work: Work, drop: OpenDrop, bag_id: str, earlier: bool) -> Reason | None:
    taken = judging.settled(drop)
    if not taken:
        return Reason(Why.NOTHING_BROUGHT)
    given = work.drops.given(drop.authorisation.return_id) if earlier else None
    units = units_of(drop.authorisation, given)
    for item, _ in taken:
        if item.brought + units.get(item.line.line_id, 0) > item.line.quantity:
            return already(given, drop.merchant)
    if bag_id and work.drops.bag_in_use(bag_id):
        return Reason(Why.BAG_IN_USE)
    return None


def _walk(value: Drop, drop: OpenDrop, bag_id: str, on: date) -> None:
    """Every step of the lifecycle, in one go; raises IllegalTransition if one is skipped."""
    if drop.asking() is not None:
        raise IllegalTransition(f"{drop.drop_id}: a question is open")
    needs_bag = drop.needs_bag
    if value.state is DropState.OPEN:
        value = value.decide(needs_bag)
    if value.needs_bag != needs_bag:  # what is brought may have changed since
        value = replace(value, needs_bag=needs_bag)
    if needs_bag:
        value = value.bag(bag_id)
    value.commit(on)


def _promise(
    drop: OpenDrop, number: str, bag_id: str, promisor: Promisor, now: datetime, link: str
) -> CommittedDrop:
    return_id = drop.authorisation.return_id
    claims = ReceiptClaims(promisor.device_id, drop.drop_id, number, return_id, bag_id, now, link)
    return CommittedDrop(
        drop_id=drop.drop_id,
        drop_number=number,
        visit_id=drop.visit_id,
        return_id=return_id,
        order_number=drop.authorisation.order_number,
        merchant=drop.merchant,
        items=drop.items,
        bag_id=bag_id,
        committed_at=now,
        refund=judging.refund(drop),
        provisional=any(verdict.provisional for _, verdict in judging.settled(drop)),
        proof=receipts.issue(claims, promisor.key),
        link=link,
    )


def fact_of(
    drop: OpenDrop, number: str, bag_id: str, kept: Kept, photos: tuple[PhotoFact, ...] = ()
) -> DropCommitted:
    """What the event of a promise tells."""
    lines, shared = kept
    return DropCommitted(
        drop_id=drop.drop_id,
        drop_number=number,
        visit_id=drop.visit_id,
        return_id=drop.authorisation.return_id,
        merchant_id=drop.merchant.merchant_id,
        bag_id=bag_id,
        policy_number=drop.policy_number,
        offline=drop.offline,
        identified_by=drop.identified_by.value,
        code_id=drop.code_id,
        lines=lines,
        facts=shared,
        photos=photos,
    )
