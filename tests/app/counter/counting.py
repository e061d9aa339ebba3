"""A counter over a real ledger: opened, closed, and opened again as after a power cut.

PINs are "checked" by comparing them, so that a test of a thousand tries takes no minute; that the
real port does its work is shown in test_counter_people.py.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.app.committing import Promisor
from kiosk.app.counter.desk import Desk
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.book import Book, Carrier
from kiosk.domain.counter.commands import Command, Role
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.rules import Rules
from kiosk.domain.staff import sessions
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.permits import Amount, Limited, Limits
from kiosk.domain.staff.signing_in import Shown, SignedIn, SignInRule
from kiosk.ports import Scanned, Symbology
from kiosk.seal.keys import SigningKey
from kiosk.store import Store, events, open_store, peppers
from kiosk.store.counter import ToldFact
from kiosk.store.counter_signatures import SignatureFiles
from tests.app.conftest import FakeClock, NumberedIds
from tests.domain.counter.desk import MORNING, RULES, SHELVES

PEPPERS = (("p1", b"1" * 32), ("p0", b"0" * 32))
LIMIT = Amount(5_000, "EUR")


class InstantPins:
    """kiosk.ports.Pins. `checked` counts how often a PIN was."""

    nobodys = "pin:nobody's"

    def __init__(self) -> None:
        self.checked = 0

    def make(self, pin: str) -> str:
        return f"pin:{pin}"

    def matches(self, verifier: str, pin: str) -> bool:
        self.checked += 1
        return verifier == f"pin:{pin}"


def member(name: str, role: Role, pin: str, **changes: object) -> Member:
    plain = Member(name, name.title(), frozenset({role}), f"badge-{name}", f"pin:{pin}", False)
    return replace(plain, **changes)


ANNA = member("anna", Role.ASSOCIATE, "481620")
BEN = member("ben", Role.SUPERVISOR, "730915")
CARA = member("cara", Role.SUPERVISOR, "264801")
TEAM = (ANNA, BEN, CARA)


def book(number: int = 1, rules: Rules = RULES, team: tuple[Member, ...] = TEAM) -> Book:
    return Book(
        number,
        MORNING - timedelta(days=1),
        Roster(number, team),
        rules,
        SignInRule(),
        limits=Limits({Limited.DROP_VALUE: LIMIT}),
        carriers={name: Carrier(name, name.upper(), 60) for name in ("dhl", "gls", "Royal Mail")},
        shelves=SHELVES,
        peppers=("p1", "p0"),
    )


class Counter:
    """One counter in `directory`. `desk` is what the flow asks."""

    def __init__(
        self,
        directory: Path,
        clock: FakeClock | None = None,
        series: int = 1,
        device: str = "counter-1",
        the_book: Book | None = None,
        limit: object = None,
    ) -> None:
        self.directory, self.device, self._limit = directory, device, limit
        self.clock = clock or FakeClock(MORNING)
        self.ids = NumberedIds(series)
        self.pins = InstantPins()
        self.book = the_book or book()
        self._open()

    def _open(self) -> None:
        self.store: Store = open_store(self.directory, self.clock, self.ids)
        if not peppers.read(self.directory):
            peppers.keep(self.directory, PEPPERS, self.ids)
        self.signatures = SignatureFiles(self.directory, self.ids)
        self.me = Promisor(
            "K1",
            self.device,
            SigningKey(self.device, hashlib.sha256(self.device.encode()).digest()),
        )
        self.desk = Desk(
            self.store, self.clock, self.ids, self.me, self.pins, self.signatures, limit=self._limit
        )
        self.desk.begin(self.book)

    def again(self) -> None:
        """Switched off and on."""
        self.store.close()
        self._open()

    def close(self) -> None:
        self.store.close()

    def wait(self, **span: float) -> None:
        self.clock.pass_time(timedelta(**span))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # --- staff ---------------------------------------------------------------------------------

    def at(self, who: Member = ANNA, *, training: bool = False) -> sessions.Screen:
        """Somebody signed in just now."""
        at = self.desk.at()
        return sessions.Screen(sessions.Session(who.staff_id, at, at, training=training))

    def ask(self, command: Command, who: Member = ANNA) -> object:
        return self.desk.act(self.at(who), command)

    def do(self, command: Command, who: Member = ANNA) -> tuple[Fact, ...]:
        answer = self.ask(command, who)
        assert isinstance(answer, Acted), answer
        return answer.facts

    def tries(self, who: Member, pin: str) -> object:
        return self.desk.sign_in(Shown(who.badge, "", pin=True), pin)

    def signed(self, who: Member) -> SignedIn:
        found = self.tries(who, who.verifier.removeprefix("pin:"))
        assert isinstance(found, SignedIn)
        return found

    # --- what comes ----------------------------------------------------------------------------

    def hear(self, *told: tuple[str, str, Fact]) -> bool:
        """Facts of others: stamp, device, fact."""
        rows = [
            ToldFact(stamp, device, fact.type, events.canonical_form(events.facts(fact)).decode())
            for stamp, device, fact in told
        ]
        facts = self.desk.premises.facts
        facts.hear(rows, facts.cursor() + len(rows))
        return self.desk.heard()

    def told(self) -> list[tuple[str, str]]:
        """Every event that waits for the centre: its type's middle, and its subject."""
        batch = self.store.outbox.next_batch(10_000, 1 << 30)
        found = () if batch is None else batch.events
        return [
            (one.type.removeprefix("takeback.").rpartition(".")[0], one.subject) for one in found
        ]


def scan(text: str, aim: str = "") -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, aim, "gun", 0.0)
