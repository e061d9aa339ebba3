"""A whole counter without its window, at a real centre: the core with its threads, the ledger, the
agent over HTTP; and the hands of whoever works there. As tests.misfortune.street has the kiosk."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import sqlalchemy as sa

from kiosk.core import Core
from kiosk.domain.codes.shelf import shelf_code
from kiosk.domain.counter.facts import FACTS, Fact
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.proving import Proof
from kiosk.domain.counter.shop import Shop
from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Drawn,
    Key,
    Pressed,
    Session,
    Tone,
    Typed,
)
from kiosk.flows.counter.states import desk
from kiosk.flows.counter.states.leaving import NewContainer, Signed
from kiosk.flows.counter.states.outbound import HandedOut, HandingOut, SigningFor
from kiosk.ports import Clock, Scanned, Symbology
from kiosk.profiles.counter import Counter
from kiosk.settings import Centre, Settings
from kiosk.waking import wake
from sync.agent.enrol import Identity, enrol
from sync.central.counter import tell
from sync.central.demo_counter import DemoStaff
from sync.central.devices import create_enrolment
from sync.central.tables import counter_facts
from tests.misfortune.street import IDS, PACE, Eyes, Paper, Street, eventually

NAME = ((100, 500), (300, 420), (520, 610), (900, 480))
PIN = "481620"


@dataclass
class Person:
    """Somebody of the demo's staff; their own PIN once they chose one."""

    card: DemoStaff
    own: str = ""


@dataclass
class CounterShop:
    """One counter. `scan`, `press` and `choose` come back once the screen has answered."""

    street: Street
    site: str
    folder: Path
    identity: Identity
    eyes: Eyes = field(default_factory=Eyes)
    core: Core | None = None
    leaving: threading.Event = field(default_factory=threading.Event)
    clock: Clock | None = None
    """Its own, where that is not the street's."""

    @classmethod
    def enrolled(cls, street: Street, site: str, folder: Path, kiosk_code: str) -> CounterShop:
        tenant = street.sample.tenant
        code = create_enrolment(street.database, street.clock, IDS, tenant, site, kiosk_code)
        who = enrol(street.server.url, code, folder, street.clock, IDS)
        assert isinstance(who, Identity), who
        return cls(street, site, folder, who)

    # --- power ---

    def open(self) -> CounterShop:
        settings = Settings(
            profile="counter",
            data_dir=str(self.folder),
            languages=("en", "de"),
            timezone="Europe/Berlin",
            site_name=self.site,
            centre=Centre(url=self.street.server.url, timeout_s=5.0),
        )
        self.eyes = Eyes()
        self.core = wake(
            settings,
            Counter(self.eyes),
            Paper(),
            lambda *_: None,
            self.leaving,
            None,
            PACE,
            self.clock or self.street.clock,
        )
        self.eyes.wait(lambda s: not isinstance(s.screen, desk.Starting), "the first screen")
        return self

    def has_its_book(self) -> CounterShop:
        eventually(lambda: self.desk.house().roster.members, "the counter book")
        return self

    def power_cut(self) -> CounterShop:
        """The disk as it is now, in the next life."""
        assert self.core is not None
        self.core.agent.stop()
        after = self.folder.with_name(f"{self.folder.name}+")
        shutil.copytree(self.folder, after)
        self.stop()
        self.folder = after
        return self.open()

    def stop(self) -> None:
        core, self.core = self.core, None
        if core is not None:
            core.stop()

    # --- hands ---

    @property
    def desk(self):
        assert self.core is not None
        return self.core.profile.desk

    @property
    def shop(self) -> Shop:
        return self.desk.premises.shop

    @property
    def now(self) -> Session:
        return self.eyes.now

    @property
    def screen(self) -> object:
        return self.eyes.now.screen

    def happens(self, event: CounterEvent) -> Session:
        """Posted, and answered: every scan and touch here is one that means something."""
        before = self.eyes.now
        assert self.core is not None
        self.core.profile.post(event)
        return self.eyes.wait(
            lambda s: s is not before and (s.scans != before.scans or s.screen != before.screen),
            f"an answer to {type(event).__name__} on {before.screen}",
        )

    def scan(self, text: str) -> Session:
        self.street.clock.later(1.0)  # the same within half a second is one scan
        seen = self.street.clock.monotonic()
        return self.happens(Scanned(text, text.encode(), Symbology.QR, "", "gun", seen))

    def good(self, text: str) -> Session:
        """A scan that nothing is wrong with."""
        after = self.scan(text)
        flash = after.flash
        assert flash is None or flash.tone is not Tone.WRONG, (text, flash, after.screen)
        return after

    def press(self, *keys: Key) -> None:
        for key in keys:
            self.happens(Pressed(key))

    def choose(self, value: str) -> None:
        self.happens(Chosen(value))

    def type(self, text: str) -> None:
        for char in text:
            self.happens(Typed(char))

    # --- jobs ---

    def sign_in(self, who: Person) -> None:
        """Badge and PIN; at the first time one's own is chosen."""
        self.scan(who.card.badge)
        if isinstance(self.screen, desk.SignIn):
            self.type(who.own or who.card.pin)
            self.press(Key.SUBMIT)
        if isinstance(self.screen, desk.ChoosePin):
            for _ in range(2):
                self.type(PIN if who.card.role == "associate" else "730915")
                self.press(Key.SUBMIT)
            who.own = PIN if who.card.role == "associate" else "730915"
        assert self.now.staff.session is not None, self.now.flash
        assert self.now.staff.session.staff_id == who.card.staff_id

    def receive(self, driver: str, labels: Iterable[str]) -> None:
        self.good(driver)
        for label in labels:
            self.good(label)
        self.press(Key.DONE)
        while not isinstance(self.screen, desk.Home):
            self.press(Key.BACK)

    def shelve(self, label: str) -> str:
        """Onto the shelf that is suggested; its name."""
        shelf = self.good(label).screen.suggested
        assert shelf, f"no shelf for {label}"
        self.good(shelf_code(shelf))
        return shelf

    def hand_out(self, code: str, labels: Sequence[str]) -> None:
        """To somebody who shows whatever is asked."""
        self.good(code)
        self.hand_out_rest(labels)

    def hand_out_rest(self, labels: Sequence[str]) -> None:
        """What the code that was scanned is for."""
        for label in labels:
            self.good(label)
        while not isinstance(self.screen, HandedOut):
            self._show_what_is_asked()
        assert self.screen.count == len(labels)
        self.press(Key.DONE)

    def _show_what_is_asked(self) -> None:
        match self.screen:
            case SigningFor():
                self.happens(Drawn(NAME))
                self.press(Key.DONE)
            case HandingOut(ask=Proof.DOCUMENT):
                self.choose("passport")
            case HandingOut(ask=Proof.NAME | Proof.SIGNATURE | Proof.AGE):
                self.press(Key.SHOWN)
            case screen:
                raise AssertionError(f"nothing to answer on {screen}: {self.now.flash}")

    def take_drop(self, label: str) -> None:
        self.good(label)

    def home(self) -> None:
        while not isinstance(self.screen, desk.Home):
            self.press(Key.BACK)

    def container(self, plate: str, carrier: str) -> None:
        """A new one, in front."""
        self.home()
        self.good(plate)
        assert isinstance(self.screen, NewContainer), self.screen
        self.choose(carrier)

    def hand_over(self, driver: str) -> Signed:
        """All that waits for this driver; two touches and a signature."""
        self.home()
        self.good(driver)
        if not hasattr(self.screen, "manifest"):
            self.press(Key.DONE, Key.DONE)
        self.press(Key.READY)
        self.happens(Drawn(NAME))
        self.press(Key.DONE)
        assert isinstance(self.screen, Signed), (self.screen, self.now.flash)
        return self.screen

    # --- books ---

    def all_sent(self) -> None:
        assert self.core is not None
        store = self.core.store
        eventually(lambda: store.outbox.position().queued == 0, "the empty queue")


def told_at_the_centre(street: Street, site: str) -> Shop:
    """The shop by the centre's books alone."""
    query = sa.select(counter_facts).where(counter_facts.c.site == site)
    with street.database.reading() as c:
        rows = c.execute(query).mappings().all()
    return Shop.of(
        Recorded(
            Stamp(row["hlc"], row["device"]),
            msgspec.json.decode(row["body"], type=FACTS[row["type"]]),
        )
        for row in rows
    )


def from_the_centre(street: Street, site: str, facts: Sequence[Fact]) -> None:
    tenant = street.sample.tenant
    street.database.write(lambda c: tell(c, street.clock.now(), tenant, site, facts))


def ups(number: int) -> str:
    """A made-up UPS number whose check digit holds."""
    body = f"999AA103{number:07d}"
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    total = sum(v * (2 if at % 2 else 1) for at, v in enumerate(values))
    return f"1Z{body}{-total % 10}"
