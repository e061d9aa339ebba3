"""What becomes of the goods: into a container, with the carrier, to the hub, and paid back."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from kiosk.demo.weeks.dice import Dice
from kiosk.demo.weeks.faults import Fault, Faults
from kiosk.domain import codes
from kiosk.domain.events import DropCommitted
from sync.central.claiming import PROMISED
from sync.central.reconcile.model import Kind, Movement

CARRIER: Final = "carrier:swift"
HUB: Final = "hub:north"
_BAGS: Final = 20  # in a container
_GRADES: Final = {"A": 70, "B": 22, "C": 8}


@dataclass(frozen=True, slots=True)
class Taken:
    """A drop that came in, and when."""

    fact: DropCommitted
    at: datetime

    @property
    def units(self) -> int:
        return sum(line.brought for line in self.fact.lines if line.state == "accepted")


@dataclass(frozen=True, slots=True)
class _Load:
    """A container of one evening, and when its stages are."""

    container: str
    manifest: str
    site: str
    bags: tuple[Taken, ...]
    evening: datetime
    leaves: datetime
    arrives: datetime


class Way:
    """Movements in the order in which they happen."""

    def __init__(self, dice: Dice, faults: Faults, first_container: int) -> None:
        self._dice = dice
        self._faults = faults
        self._containers = itertools.count(first_container)
        self._order = itertools.count()
        self._told: list[tuple[datetime, int, Movement]] = []
        self._paid: set[str] = set()

    def due(self, until: datetime) -> list[Movement]:
        """What happened by then and was not told yet."""
        made: list[Movement] = []
        while self._told and self._told[0][0] <= until:
            made.append(heapq.heappop(self._told)[2])
        return made

    def evening(self, site: str, day: datetime, dropped: Sequence[Taken]) -> None:
        """What a site took on a day; `day` is its local midnight."""
        for one in dropped:
            self._refund(one)
        bags = [one for one in dropped if one.fact.bag_id]
        leaves = day + timedelta(days=2 if day.weekday() == 5 else 1, hours=9, minutes=10)
        for start in range(0, len(bags), _BAGS):
            number = next(self._containers)
            load = _Load(
                codes.container_code(number),
                f"MAN-{day:%y%m%d}-{number % 10_000:04d}",
                site,
                tuple(bags[start : start + _BAGS]),
                day + timedelta(hours=20, minutes=15),
                leaves,
                leaves + timedelta(hours=21, minutes=30),
            )
            self._load(load)

    def _tell(self, at: datetime, kind: Kind, source: str, what: str, **named: Any) -> None:
        movement = Movement(source, f"{kind}:{what}", kind, at, **named)
        heapq.heappush(self._told, (at, next(self._order), movement))

    def _load(self, load: _Load) -> None:
        inside = [one for one in load.bags if self._goes_in(load, one)]
        strange = [self._strange(load)] if self._faults.happens(Fault.STRANGE_BAG) else []
        goods = {"container_id": load.container, "manifest_id": load.manifest}
        count, shop = len(inside) + len(strange), f"shop:{load.site}"
        handed, name = load.leaves, load.container
        at_shop = {**goods, "site": load.site, "count": count}
        self._tell(handed, Kind.HANDED_OVER, shop, name, **at_shop)
        fewer = count > 1 and self._faults.happens(Fault.BAGS_DIFFER)
        taken = handed + timedelta(hours=2)
        self._tell(taken, Kind.ACKNOWLEDGED, CARRIER, name, **goods, count=count - fewer)
        if self._faults.happens(Fault.CONTAINER_LOST):
            return
        if self._faults.happens(Fault.UNKNOWN_PARCEL):
            stray = codes.container_code(next(self._containers))
            self._tell(load.arrives, Kind.RECEIVED, HUB, stray, container_id=stray)
        self._tell(load.arrives, Kind.RECEIVED, HUB, name, **goods, count=count)
        for bag in strange:
            self._tell(load.arrives, Kind.RECEIVED, HUB, bag, bag_id=bag)
        for place, one in enumerate(inside):
            self._unpack(one, load.arrives + timedelta(minutes=40 + 2 * place))

    def _goes_in(self, load: _Load, one: Taken) -> bool:
        if self._faults.happens(Fault.NOT_CONTAINED):
            return False
        if self._faults.happens(Fault.CONTAINED_LATE):
            self._load(self._later(load, one))
            return False
        at = max(load.evening, one.at) + timedelta(seconds=20)
        self._contain(load, one.fact.bag_id, at)
        return True

    def _later(self, load: _Load, one: Taken) -> _Load:
        """It lay behind a shelf, and goes in a container of its own."""
        later, container = timedelta(days=2), codes.container_code(next(self._containers))
        return replace(
            load,
            container=container,
            manifest=f"{load.manifest}-2",
            bags=(one,),
            evening=load.evening + later,
            leaves=load.leaves + later,
            arrives=load.arrives + later,
        )

    def _strange(self, load: _Load) -> str:
        bag = codes.bag_code(self._dice.below(1 << 32))
        self._contain(load, bag, load.evening)
        return bag

    def _contain(self, load: _Load, bag: str, at: datetime) -> None:
        named = {"bag_id": bag, "container_id": load.container, "site": load.site}
        self._tell(at, Kind.CONTAINED, f"shop:{load.site}", bag, **named)

    def _unpack(self, one: Taken, at: datetime) -> None:
        fact = one.fact
        fewer = one.units > 1 and self._faults.happens(Fault.UNITS_DIFFER)
        units = one.units - fewer
        self._tell(at, Kind.RECEIVED, HUB, fact.bag_id, bag_id=fact.bag_id, count=units)
        if fewer or not self._dice.chance(60):
            return
        for line in fact.lines:
            if line.state == "accepted":
                self._tell(
                    at + timedelta(days=1, hours=3),
                    Kind.GRADED,
                    HUB,
                    f"{fact.drop_id}:{line.line_id}",
                    return_id=fact.return_id,
                    line_id=line.line_id,
                    count=line.brought,
                    detail=self._dice.weighted(_GRADES),
                )

    def _refund(self, one: Taken) -> None:
        """A return is paid once; what was held back is granted in the end."""
        fact = one.fact
        kept = [line for line in fact.lines if line.state in PROMISED]
        amount = sum(line.refund + line.withheld for line in kept)
        if fact.return_id in self._paid or not amount:
            return
        self._paid.add(fact.return_id)
        if self._faults.happens(Fault.NOT_REFUNDED):
            return
        promised = sum(line.refund for line in kept)
        if promised > 2000 and self._faults.happens(Fault.REFUND_LESS):
            amount = promised - 500
        elif self._faults.happens(Fault.REFUND_MORE):
            amount += 1000
        at = one.at + timedelta(days=self._dice.between(2, 5), hours=self._dice.between(0, 3))
        merchant, currency = f"merchant:{fact.merchant_id}", fact.lines[0].currency
        paid = {"return_id": fact.return_id, "amount": amount, "currency": currency}
        self._tell(at, Kind.REFUNDED, merchant, fact.return_id, **paid)
