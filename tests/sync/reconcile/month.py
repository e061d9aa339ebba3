"""A made-up month: shops, drops, containers, carriers, a hub and refunds; and faults planted in it
on purpose, each with the one case that it must open.

It knows nothing of how the matching works: it tells what would happen in the street, and what a
person would call wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.events import DropCommitted, LineFact, ReceiptSettled
from kiosk.domain.money import Money
from kiosk.domain.returns import Authorisation, AuthorisationState, ReturnLine
from sync.central.reconcile.model import Kind, Movement

PRICE = 2_500
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
Planted = tuple[str, str, str, str]
"""Kind of case, kind of unit, unit, part: ("missing", "bag", "BAG-1", "")."""


@dataclass
class Bag:
    """One drop and its bag, and what becomes of both."""

    name: str
    return_id: str
    lines: int
    number: int
    at: datetime
    site: int
    drop_id: str
    dropped: bool = True
    unfit: bool = False  # its event cannot be taken in
    contained: bool = True
    received: bool = True
    counted: int = 0  # how many more units the hub counts than there are
    graded: dict[str, int] = field(default_factory=dict)  # units by line; {} is not unpacked
    refund: int = 0  # of the promise; 0 is right, else so many minor units more
    refunded: bool = True
    currency: str = "EUR"
    event_id: str = ""


@dataclass
class Box:
    """A shop's container of one day."""

    name: str
    manifest: str
    site: int
    at: datetime
    bags: list[Bag] = field(default_factory=list)
    handed: bool = True
    acknowledged: bool = True
    received: bool = True
    handed_count: int = 0  # how many more bags are counted than there are
    listed: int = 0  # how many more containers the carrier finds on its manifest


@dataclass(frozen=True)
class Happened:
    """Something that the centre is told, when it happened: by a kiosk (a fact), or else."""

    at: datetime
    site: int  # -1 is no kiosk's
    late: bool
    event_id: str = ""
    subject: str = ""
    fact: object = None
    movement: Movement | None = None


@dataclass
class Month:
    """`sites` shops with a kiosk each, `days` days, `each` drops a shop and day."""

    seed: int = 1
    sites: int = 5
    days: int = 20
    each: int = 8
    boxes: list[Box] = field(default_factory=list)
    planted: set[Planted] = field(default_factory=set)
    others: list[Movement] = field(default_factory=list)
    late_sites: set[int] = field(default_factory=set)
    late_movements: list[Movement] = field(default_factory=list)
    skipped: set[tuple[int, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        for day in range(self.days):
            for site in range(self.sites):
                self.boxes.append(self._box(site, day))

    def _box(self, site: int, day: int) -> Box:
        morning = BEGIN + timedelta(days=day, hours=8)
        name = f"{site:02}-{day:02}"
        box = Box(f"TOTE-{name}", f"MAN-{name}", site, morning + timedelta(hours=11))
        for place in range(self.each):
            number = day * self.each + place + 1
            box.bags.append(
                Bag(
                    name=f"BAG-{name}-{place:02}",
                    return_id=f"RMA-{name}-{place:02}",
                    lines=self.dice.choice((1, 1, 1, 2, 3)),
                    number=number,
                    at=morning + timedelta(minutes=600 * place / self.each),
                    site=site,
                    drop_id=self.name(),
                    event_id=self.name(),
                )
            )
            if self.dice.random() < 0.2:
                bag = box.bags[-1]
                bag.graded = {f"L{line + 1}": 1 for line in range(bag.lines)}
        return box

    def name(self) -> str:
        return f"{self.dice.getrandbits(128):032x}"

    @property
    def last_day(self) -> date:
        return (BEGIN + timedelta(days=self.days - 1)).date()

    @property
    def over(self) -> datetime:
        """Long after everything that the month began has come to its end."""
        return BEGIN + timedelta(days=self.days + 40)

    def authorisations(self) -> Iterator[Authorisation]:
        for return_id, lines in sorted({(b.return_id, b.lines) for b in self.bags()}):
            yield _authorised(return_id, lines)

    def bags(self) -> Iterator[Bag]:
        return (bag for box in self.boxes for bag in box.bags)

    def told(self) -> list[Happened]:
        """All that the centre is told, in the order in which it happened."""
        made = [one for box in self.boxes for one in self._of_box(box)]
        made += [Happened(one.told_at, -1, False, movement=one) for one in self.others]
        made += [Happened(one.told_at, -1, True, movement=one) for one in self.late_movements]
        return sorted(made, key=lambda one: one.at)

    def _of_box(self, box: Box) -> Iterator[Happened]:
        for bag in box.bags:
            yield from self._of_kiosk(bag)
        moved = [*_of_box(box), *(one for bag in box.bags for one in _of_bag(bag, box))]
        yield from (Happened(one.told_at, -1, False, movement=one) for one in moved)

    def _of_kiosk(self, bag: Bag) -> Iterator[Happened]:
        if not bag.dropped:
            return
        late = bag.site in self.late_sites and bag.at.date() == self.last_day
        yield Happened(bag.at, bag.site, late, bag.event_id, bag.drop_id, _drop(bag))
        receipt = ReceiptSettled(drop_id=bag.drop_id, outcome="printed", fault="")
        after = bag.at + timedelta(seconds=20)
        yield Happened(after, bag.site, late, f"{bag.event_id}-r", bag.drop_id, receipt)


def _of_box(box: Box) -> Iterator[Movement]:
    """What carrier and hub say of the container itself."""
    bags = sum(bag.contained for bag in box.bags)
    about = {"container_id": box.name, "manifest_id": box.manifest}
    shop = f"Shop {box.site:02}"
    if box.handed:
        at, count = box.at + timedelta(hours=12), bags + box.handed_count
        yield Movement(
            f"kiosk:{shop}", f"out-{box.name}", Kind.HANDED_OVER, at, shop, count=count, **about
        )
    if box.handed and box.acknowledged:
        at = box.at + timedelta(hours=14)
        by_list = Movement(
            *("carrier:swift", f"ack-{box.manifest}", Kind.ACKNOWLEDGED, at),
            manifest_id=box.manifest,
            count=1 + box.listed,
        )
        yield by_list


def _of_bag(bag: Bag, box: Box) -> Iterator[Movement]:
    shop = f"Shop {box.site:02}"
    if bag.contained:
        at = max(bag.at, box.at - timedelta(hours=1))
        yield Movement(
            *(f"kiosk:{shop}", f"in-{bag.name}", Kind.CONTAINED, at, shop),
            bag_id=bag.name,
            container_id=box.name,
        )
    arrived = bag.contained and bag.received and box.handed and box.acknowledged and box.received
    if arrived:
        at = box.at + timedelta(hours=36)
        yield Movement(
            *("hub:north", f"scan-{bag.name}", Kind.RECEIVED, at),
            bag_id=bag.name,
            count=-1 if bag.graded else bag.lines + bag.counted,
        )
        for line, units in bag.graded.items():
            yield Movement(
                *("hub:north", f"grade-{bag.name}-{line}", Kind.GRADED, at + timedelta(hours=2)),
                return_id=bag.return_id,
                line_id=line,
                bag_id=bag.name,
                count=units,
                detail="A",
            )
    if bag.refunded:
        yield Movement(
            "merchant:linden",
            f"refund-{bag.return_id}",
            Kind.REFUNDED,
            bag.at + timedelta(days=4),
            return_id=bag.return_id,
            amount=bag.lines * PRICE + bag.refund,
            currency=bag.currency,
        )


def _line(number: int, unfit: bool) -> LineFact:
    return LineFact(
        line_id=f"L{number}",
        sku=f"SKU-{number}",
        outcome="accept",
        reason="within_policy",
        reason_values={},
        brought=-1 if unfit else 1,
        price=PRICE,
        refund=PRICE,
        fee=0,
        withheld=0,
        currency="EUR",
        disposal="none",
        provisional=False,
        rule_ids=("window-30",),
        answers={},
        state="accepted",
    )


def _drop(bag: Bag) -> DropCommitted:
    return DropCommitted(
        drop_id=bag.drop_id,
        drop_number=f"K{bag.site}-{bag.number:06d}-X",
        visit_id=f"visit-{bag.drop_id}",
        return_id=bag.return_id,
        merchant_id="linden",
        bag_id=bag.name,
        policy_number=1,
        offline=False,
        identified_by="signed",
        code_id="",
        lines=tuple(_line(number + 1, bag.unfit) for number in range(bag.lines)),
    )


def _authorised(return_id: str, lines: int) -> Authorisation:
    return Authorisation(
        return_id=return_id,
        merchant_id="linden",
        order_number=f"ORDER-{return_id}",
        postal_code="10115",
        short_code="",
        state=AuthorisationState.AUTHORISED,
        ordered_on=BEGIN.date(),
        delivered_on=BEGIN.date(),
        expires_at=None,
        lines=tuple(
            ReturnLine(
                line_id=f"L{number + 1}",
                sku=f"SKU-{number + 1}",
                name="Linen dress",
                category="clothing",
                quantity=1,
                price=Money(PRICE, "EUR"),
            )
            for number in range(lines)
        ),
    )
