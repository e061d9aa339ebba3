"""The shop as this counter knows it: the fold of all facts on the disk and of the book's shelves.

On the core thread alone, but for `CounterFacts.hear`, which the agent calls: what it heard is taken
in by `heard`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.counter.book import CENTRE, Book
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.holding import Opening
from kiosk.domain.counter.log import Recorded
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.house import House
from kiosk.domain.staff.people import ChosenPin
from kiosk.ports import Clock
from kiosk.store import StoreFailed, peppers
from kiosk.store.counter import CounterFacts
from kiosk.store.counter_keeping import CounterKeeping
from kiosk.store.peppers import Peppers

if TYPE_CHECKING:
    from kiosk.store import Store, Work

log = logging.getLogger(__name__)

NO_RULES = Rules(Opening(ZoneInfo("UTC"), {}))
"""Without a book: nobody can sign in, and parcels stay."""


class Premises:
    """`load` before anything else. Raises StoreFailed."""

    def __init__(self, store: Store, device: str, clock: Clock) -> None:
        self.store = store
        self._clock = clock
        self._told, self._run = 0.0, clock.monotonic()
        self._at = 0.0
        self.facts = CounterFacts(store, device)
        self.keeping = CounterKeeping(store)
        self.shop = Shop()
        self.book: Book | None = None
        self.house = House()
        self.peppers: Peppers = ()
        self.others = False
        """Whether another counter of the shop has ever been heard of."""
        self._seen = 0
        self._pins: tuple[ChosenPin, ...] = ()

    @property
    def rules(self) -> Rules:
        return NO_RULES if self.book is None else self.book.rules

    def now(self) -> datetime:
        """The highest time ever seen: a clock that is set back opens nothing again."""
        return self.store.now()

    def at(self) -> int:
        """The same as Unix seconds, and it runs on while the clock lies behind what it once said:
        or no session would end, and no wait. Goes back only where the centre has proven it."""
        told, run = self.now().timestamp(), self._clock.monotonic()
        if told < self._told:
            self._at = told
        else:
            self._at = max(told, self._at + run - self._run)
        self._told, self._run = told, run
        return int(self._at)

    def load(self, book: Book | None = None) -> None:
        """Everything from the disk; `book` is the one in force, None to keep to the one at hand."""
        known = self.facts.load()
        self.shop, self._seen = Shop(), known.number
        self._apply(known.records)
        self._pins = self.keeping.pins()
        self.take_book(self.book if book is None else book)

    def take_book(self, book: Book | None) -> None:
        """It is in force from now on: who is on its list no more is out at the next act."""
        self.book = book
        self.peppers = peppers.read(self.store.directory)
        if book is not None:
            known = [shelf.shelf_id for shelf in self.shop.shelves]
            for record in book.shelf_facts(known):
                self.shop.apply(record)
            known_ids = {one.staff_id for one in book.roster.members}
            gone = frozenset(pin.staff_id for pin in self._pins) - known_ids
            if gone:
                self._forget_pins(gone)
        self._renew_house()

    def chosen(self, pin: ChosenPin) -> None:
        """A PIN that is on the disk is good from now on."""
        others = (one for one in self._pins if one.staff_id != pin.staff_id)
        self._pins = (*others, pin)
        self._renew_house()

    def _renew_house(self) -> None:
        """The list of people, with the PINs that were chosen here so far."""
        book = self.book
        if book is None:
            self.house = House()
            return
        roster = book.roster.with_pins(self._pins)
        self.house = House(roster, book.limits, book.sign_in, book.pins, book.times)

    def record(self, make: Callable[[Work], Sequence[Fact]]) -> tuple[Fact, ...]:
        """Facts, and whatever else `make` writes, on the disk together or not at all; then taken
        in. `make` may be asked twice (Store.run)."""
        past = self.shop.latest
        made = self.store.run(lambda work: self.facts.record(work, make(work), past))
        self._apply(made)
        return tuple(one.fact for one in made)

    def heard(self) -> bool:
        """Takes in what lies on the disk and was not seen here yet; whether anything was new. A
        disk that cannot be read now is read the next time."""
        try:
            known = self.facts.after(self._seen)
        except StoreFailed:
            log.exception("what the others told could not be read")
            return False
        self._seen = known.number
        return self._apply(known.records)

    def _apply(self, records: Sequence[Recorded]) -> bool:
        self.others = self.others or any(map(self._of_another, records))
        return sum(self.shop.apply(one) for one in records) > 0

    def _of_another(self, record: Recorded) -> bool:
        return record.stamp.device not in (self.facts.device, CENTRE)

    def _forget_pins(self, names: frozenset[str]) -> None:
        self._pins = tuple(one for one in self._pins if one.staff_id not in names)
        try:
            self.keeping.drop_pins(names)
        except StoreFailed:
            log.exception("PINs of people who left could not be removed")
