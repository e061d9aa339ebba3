"""The counter's verbs together: kiosk.flows.counter.model.Do, but for paper, sound, the status bar
and a shopper's visit, which the composition adds.

On the core thread. Nothing here raises for what people or disks do, but for `begin`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.app.committing import Promisor
from kiosk.app.counter import practising, proofs, tidying
from kiosk.app.counter.acting import Acting, Answer, signed_by
from kiosk.app.counter.collecting import Collecting
from kiosk.app.counter.drops import bag_committed
from kiosk.app.counter.identifying import Known, identify
from kiosk.app.counter.people import People
from kiosk.app.counter.premises import Premises
from kiosk.app.numbers import drop_number
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.counter import listed, planning, signature
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.book import Book, Carrier, forgiven
from kiosk.domain.counter.commands import Command, Expire, TakeDrop
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned, Meaning
from kiosk.domain.counter.outbound_facts import BagCommitted
from kiosk.domain.counter.pick_up import Limit
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.rules import Rules
from kiosk.domain.counter.saying import Refused
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff import sessions
from kiosk.domain.staff.facts import StaffFact
from kiosk.domain.staff.house import House
from kiosk.domain.staff.overrides import Approval, Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.domain.staff.signing_in import Shown, SignedIn
from kiosk.domain.staff.training import Practice
from kiosk.domain.visit import CommittedDrop
from kiosk.ports import Clock, Ids, Pins, Scanned
from kiosk.store import StoreFailed
from kiosk.store.counter_signatures import SignatureFiles

if TYPE_CHECKING:
    from kiosk.store import Store, Work

log = logging.getLogger(__name__)

TRAINING_DROP = "TRAINING"


class Desk:
    """`forms` are what other networks' return codes look like, by the bundle in force."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        me: Promisor,
        pins: Pins,
        signatures: SignatureFiles,
        forms: Callable[[], Sequence[ThirdPartyForm]] = tuple,
        limit: Limit | None = None,
    ) -> None:
        self._clock, self._ids, self._me, self._forms = clock, ids, me, forms
        self._signatures = signatures
        self.premises = Premises(store, me.device_id, clock)
        self._people = People(self.premises, pins)
        self._collecting = Collecting(self.premises, limit)
        self._acting = Acting(self.premises, self._collecting)
        self._practice: Practice | None = None

    # --- from start to end ------------------------------------------------------------------------

    def begin(self, book: Book | None) -> None:
        """Fold what is on the disk, and put right what a crash left. Raises StoreFailed."""
        self.premises.load(book)
        open_ones = self._signatures.open_ones()
        named = [name for name in open_ones if self.premises.facts.names(name)]
        self._signatures.given(named, self.premises.now())
        self._signatures.forget_open()

    def take_book(self, book: Book) -> None:
        """A newer book was kept: it is in force from now on. Practice goes on by the old one."""
        before = self.premises.book
        self.premises.take_book(book)
        if before is not None:
            self._people.forgive(forgiven(before.roster, book.roster))

    def heard(self) -> bool:
        """The agent wrote down what the others told: whether the shop has changed."""
        return self.premises.heard()

    def expire(self) -> int:
        """Parcels whose last day is over, at closing time and later; how many."""
        facts = self._acting.by_the_house(Expire())
        return 0 if isinstance(facts, Refused) else len(facts)

    def tidy(self, days: int = tidying.DAYS) -> int:
        """Let go of facts of what left long ago, and of drawings whose time is over; how many
        facts. For an hour in which nobody is there: the shop is folded anew. Raises StoreFailed."""
        here = self.premises
        self._signatures.prune(here.now())
        stamps = tidying.gone(here.shop, int(here.now().timestamp() * 1000), days)
        forgotten = here.facts.forget(stamps)
        if forgotten:
            here.load()
        return forgotten

    # --- Goods of kiosk.app.committing ------------------------------------------------------------

    def within(self, work: Work, promise: CommittedDrop) -> None:
        """The kiosk's own drop: its bag is the counter's from the same moment on."""
        here = self.premises
        on = here.rules.opening.day(promise.committed_at)
        here.facts.record(work, bag_committed(promise, on), here.shop.latest)

    def after(self) -> None:
        self.premises.heard()

    # --- kiosk.flows.counter.model.Do -------------------------------------------------------------

    def now(self) -> float:
        return self._clock.monotonic()

    def at(self) -> int:
        return self.premises.at()

    def shop(self) -> Shop:
        return self.premises.shop if self._practice is None else self._practice.shop

    def rules(self) -> Rules:
        return self.premises.rules

    def house(self) -> House:
        return self.premises.house

    def carriers(self) -> tuple[Carrier, ...]:
        """By name; () before there is a book."""
        book = self.premises.book
        found = () if book is None else book.carriers.values()
        return tuple(sorted(found, key=lambda one: (one.name, one.carrier)))

    def device_id(self) -> str:
        return self._me.device_id

    def new_id(self) -> str:
        return self._ids.uuid()

    def identify(self, scan: Scanned | str) -> Meaning:
        here, training = self.premises, self._practice is not None
        peppers = [secret for _, secret in here.peppers]
        carriers = () if here.book is None else here.book.carriers
        code_peppers = [practising.PEPPER] if training else peppers
        known = Known(
            self.shop(), here.house.roster, carriers, peppers, code_peppers, self._forms()
        )
        return identify(scan, known)

    def act(
        self,
        staff: sessions.Screen,
        command: Command,
        wanted: Wanted | None = None,
        second: Approval | None = None,
    ) -> Answer:
        answer = self._acting.act(staff, command, wanted, second, self._practice)
        if isinstance(answer, Acted) and self._practice is None:
            self._given(signed_by(command))
        return answer

    def plan(self, code: str) -> Plan | Refused:
        if self._practice is not None:
            return planning.plan(self._practice.shop, self.rules(), code)
        return self._collecting.plan(code)

    def sign_in(self, shown: Shown, pin: str) -> SignedIn | StaffRefused:
        return self._people.sign_in(shown, pin)

    def choose_pin(self, staff_id: str, pin: str) -> StaffRefused | None:
        return self._people.choose_pin(staff_id, pin)

    def unlock(self, staff: sessions.Screen, staff_id: str) -> StaffRefused | None:
        return self._people.unlock(staff, staff_id)

    def record(self, facts: Sequence[StaffFact]) -> None:
        self._people.record(facts)

    def train(self, on: bool) -> None:
        here = self.premises
        carriers = () if here.book is None else here.book.carriers
        self._practice = (
            practising.practice(here.rules, here.shop.shelves, carriers, here.now()) if on else None
        )

    def trains(self) -> bool:
        """Whether the made-up shop is in front: what is printed then says so."""
        return self._practice is not None

    def practice_code(self) -> str:
        """The pick-up code of the made-up shop, as it is typed; "" outside of training."""
        return "" if self._practice is None else practising.CODE

    def keep_signature(self, strokes: tuple[signature.Stroke, ...]) -> str:
        if self._practice is not None:
            return signature.name_of(strokes)
        try:
            return self._signatures.keep(signature.encode(strokes))
        except StoreFailed:
            log.exception("a signature could not be kept")
            return ""

    def take_drop(
        self, staff: sessions.Screen, number: str, carrier: str
    ) -> tuple[Acted, str] | Refused | StaffRefused | Needs:
        """Its id is its number: nothing else is promised of it."""
        given: list[str] = []

        def numbered(work: Work, facts: tuple[Fact, ...]) -> Sequence[Fact]:
            given[:] = [drop_number(self._me.kiosk_code, work.drops.next_count())]
            return [
                replace(fact, drop_id=given[0]) if isinstance(fact, BagCommitted) else fact
                for fact in facts
            ]

        command = TakeDrop(number, TRAINING_DROP, carrier)
        answer = self._acting.act(staff, command, None, None, self._practice, numbered)
        if not isinstance(answer, Acted):
            return answer
        return answer, given[0] if given else TRAINING_DROP

    def drop_qr(self, number: str, carrier: str, drop_number: str) -> str:  # noqa: ARG002 - Do's
        """Practice gives no proof of anything."""
        if self._practice is not None:
            return TRAINING_DROP
        return proofs.labelled_drop(self._me, number, drop_number, self.premises.now())

    def handed_over_qr(self, manifest: Manifest) -> str:
        if self._practice is not None:
            return TRAINING_DROP
        return proofs.handed_over(self._me, manifest, self._signed_at(manifest))

    def _signed_at(self, manifest: Manifest) -> datetime:
        """As its fact says: on the screen and on every print it is the same moment."""
        signed = listed.signed_as(self.shop(), manifest.manifest_id)
        if signed is None:
            return self.premises.now()
        return datetime.fromtimestamp(signed.at_ms // 1000, UTC)

    def received_qr(self, round: DriverScanned | None, taken: int, refused: int) -> str:
        if self._practice is not None:
            return TRAINING_DROP
        return proofs.received(self._me, round, taken, refused, self.premises.now())

    def plates(self, kind: str, count: int) -> range:
        """So many numbers of new plates, never given before; those of training are made up. Raises
        StoreFailed."""
        if self._practice is not None:
            return range(1, count + 1)
        return self.premises.keeping.plates(kind, count)

    def _given(self, names: Sequence[str]) -> None:
        """A fact names these drawings. Where the disk fails now, the next start does it."""
        try:
            self._signatures.given(names, self.premises.now())
        except StoreFailed:
            log.exception("signatures could not be put away")
