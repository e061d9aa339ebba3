"""What goes wrong in a month: each fault by itself, in goods of its own, with the one case that a
person should see of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta

from sync.central.reconcile.model import Kind, Movement
from tests.sync.reconcile.month import BEGIN, Bag, Box, Month

Fault = Callable[[Month], None]


def plant(month: Month, times: int) -> None:
    """Every fault `times` times."""
    picks = _Picks(month)
    for _ in range(times):
        for fault in OF_BOXES:
            fault(month, picks.box())
    for _ in range(times):
        for plain in OF_BAGS:
            plain(month, *picks.bag())
    for number in range(times):
        _late_fact(month, number)
        _unknown_refund(month, number)
        _unknown_bag(month, number)
        _unknown_container(month, number)
    sites = month.dice.sample(range(month.sites), min(times, month.sites - 1))
    for site in sites:
        month.late_sites.add(site)
        month.planted.add(("late_upload", "book", device(site), month.last_day.isoformat()))


def device(site: int) -> str:
    return f"device-{site:02}"


class _Picks:
    """Goods that no other fault has."""

    def __init__(self, month: Month) -> None:
        self._boxes = list(month.boxes)
        month.dice.shuffle(self._boxes)
        self._bags: list[tuple[Bag, Box]] = []
        self._month = month

    def box(self) -> Box:
        return self._boxes.pop()

    def bag(self) -> tuple[Bag, Box]:
        if not self._bags:
            # Not a box's first and last bag: those stay good, so that a box is seen at the hub,
            # and a drop number has neighbours.
            found = [(bag, box) for box in self._boxes for bag in box.bags[1:-1]]
            self._month.dice.shuffle(found)
            self._bags = found
            self._boxes = []
        return self._bags.pop()


# --- whole containers ---------------------------------------------------------------------------


def _left_behind(month: Month, box: Box) -> None:
    box.handed = False
    month.planted.add(("missing", "container", box.name, ""))


def _not_acknowledged(month: Month, box: Box) -> None:
    box.acknowledged = False
    month.planted.add(("missing", "container", box.name, ""))


def _never_arrived(month: Month, box: Box) -> None:
    box.received = False
    month.planted.add(("missing", "container", box.name, ""))


def _miscounted(month: Month, box: Box) -> None:
    box.handed_count = month.dice.choice((-1, 1, 2))
    month.planted.add(("count_differs", "container", box.name, ""))


def _list_miscounted(month: Month, box: Box) -> None:
    box.listed = 1
    month.planted.add(("count_differs", "manifest", box.manifest, ""))


OF_BOXES = (_left_behind, _not_acknowledged, _never_arrived, _miscounted, _list_miscounted)


# --- single bags --------------------------------------------------------------------------------


def _never_contained(month: Month, bag: Bag, box: Box) -> None:
    bag.contained = False
    month.planted.add(("missing", "bag", bag.name, ""))


def _lost_on_the_way(month: Month, bag: Bag, box: Box) -> None:
    bag.received = False
    month.planted.add(("missing", "bag", bag.name, ""))


def _unit_missing(month: Month, bag: Bag, box: Box) -> None:
    bag.graded, bag.counted = {}, -1
    bag.lines = 2
    month.planted.add(("count_differs", "bag", bag.name, ""))


def _line_missing(month: Month, bag: Bag, box: Box) -> None:
    bag.lines, bag.graded = 2, {"L1": 1}
    month.planted.add(("missing", "line", bag.return_id, "L2"))


def _line_too_many(month: Month, bag: Bag, box: Box) -> None:
    bag.lines, bag.graded = 1, {"L1": 2}
    month.planted.add(("extra", "line", bag.return_id, "L1"))


def _nobody_dropped(month: Month, bag: Bag, box: Box) -> None:
    name = f"STRAY-{bag.name}"
    stray = dataclasses.replace(
        bag, name=name, return_id=f"NO-{bag.return_id}", graded={}, dropped=False
    )
    stray.refunded = False
    box.bags.append(stray)
    month.planted.add(("extra", "bag", name, ""))


def _dropped_twice(month: Month, bag: Bag, box: Box) -> None:
    """The same return at another shop, two hours later, both kiosks offline."""
    bag.lines, bag.graded = 1, {}
    others = [one for one in month.boxes if one.site != box.site and one.at == box.at]
    other = month.dice.choice(others)
    last = other.bags[-1]
    second = dataclasses.replace(
        bag,
        name=f"AGAIN-{bag.name}",
        drop_id=month.name(),
        event_id=month.name(),
        site=other.site,
        number=_next_number(month, other.site),
        at=max(last.at, bag.at) + timedelta(minutes=1),
        refunded=False,
    )
    other.bags.append(second)
    month.planted.add(("duplicate_drop", "line", bag.return_id, "L1"))


def _one_bag_two_drops(month: Month, bag: Bag, box: Box) -> None:
    """A bag's number printed twice: its second drop is of another return."""
    bag.graded = {}
    second = dataclasses.replace(
        bag,
        return_id=f"TWIN-{bag.return_id}",
        drop_id=month.name(),
        event_id=month.name(),
        number=_next_number(month, box.site),
        at=max(one.at for one in box.bags) + timedelta(minutes=1),
        contained=False,
    )
    box.bags.append(second)
    month.planted.add(("duplicate_drop", "bag", bag.name, ""))


def _next_number(month: Month, site: int) -> int:
    numbers = [bag.number for bag in month.bags() if bag.site == site and bag.dropped]
    return max(numbers) + 1


def _not_refunded(month: Month, bag: Bag, box: Box) -> None:
    bag.refunded = False
    month.planted.add(("missing", "return", bag.return_id, ""))


def _refunded_wrongly(month: Month, bag: Bag, box: Box) -> None:
    bag.refund = month.dice.choice((-700, -1, 1, 900))
    month.planted.add(("value_differs", "return", bag.return_id, ""))


def _foreign_money(month: Month, bag: Bag, box: Box) -> None:
    bag.currency = "USD"
    month.planted.add(("value_differs", "return", bag.return_id, ""))


def _unfit_event(month: Month, bag: Bag, box: Box) -> None:
    """The kiosk's event cannot be read, so that for the centre nobody dropped this bag; its own
    goods stay out of the way here, and its drop number is a hole that the others show."""
    bag.unfit, bag.contained, bag.refunded = True, False, False
    month.planted.add(("quarantined_event", "event", bag.event_id, ""))
    month.planted.add(("sequence_gap", "device", device(bag.site), ""))


def _lost_record(month: Month, bag: Bag, box: Box) -> None:
    """Dropped, printed, and lost with the kiosk's disk before anybody heard of it."""
    bag.dropped = bag.contained = bag.refunded = False
    month.planted.add(("sequence_gap", "device", device(bag.site), ""))


OF_BAGS = (
    _never_contained,
    _lost_on_the_way,
    _unit_missing,
    _line_missing,
    _line_too_many,
    _nobody_dropped,
    _dropped_twice,
    _one_bag_two_drops,
    _not_refunded,
    _refunded_wrongly,
    _foreign_money,
    _unfit_event,
    _lost_record,
)


# --- facts from nowhere -------------------------------------------------------------------------


def _late_fact(month: Month, number: int) -> None:
    source = f"carrier:slow-{number}"
    at = BEGIN + timedelta(days=month.days - 1, hours=12)
    box = month.dice.choice([box for box in month.boxes if box.acknowledged and box.handed])
    late = Movement(source, "0", Kind.ACKNOWLEDGED, at, container_id=box.name)
    month.late_movements.append(late)
    month.planted.add(("late_upload", "book", source, month.last_day.isoformat()))


def _unknown_refund(month: Month, number: int) -> None:
    at = BEGIN + timedelta(days=number % month.days, hours=9)
    name = f"NOWHERE-{number}"
    month.others.append(
        Movement(
            *("merchant:linden", f"nowhere-{number}", Kind.REFUNDED, at),
            return_id=name,
            amount=100,
            currency="EUR",
        )
    )
    month.planted.add(("extra", "return", name, ""))


def _unknown_bag(month: Month, number: int) -> None:
    at = BEGIN + timedelta(days=number % month.days, hours=10)
    name = f"WHOSE-{number}"
    month.others.append(
        Movement("hub:north", f"whose-{number}", Kind.RECEIVED, at, bag_id=name, count=2)
    )
    month.planted.add(("unknown_parcel", "bag", name, ""))


def _unknown_container(month: Month, number: int) -> None:
    at = BEGIN + timedelta(days=number % month.days, hours=11)
    name = f"CAGE-{number}"
    month.others.append(
        Movement(*("hub:north", f"cage-{number}", Kind.RECEIVED, at), container_id=name, count=9)
    )
    month.planted.add(("unknown_parcel", "container", name, ""))
