"""A whole kiosk without its window, in a street with a real centre; and hands to trouble it.

Everything is what runs in the shop: the core with its threads, the ledger on the disk, the agent
over HTTP, the camera's decoders, the printer's driver over TCP. Only the things outside are made
up: the picture before the lens, the mechanics of the printer, and a clock that can be turned.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy import text

from drivers.virtual import held
from drivers.virtual.camera import VirtualCamera
from drivers.virtual.printer import VirtualPrinter
from kiosk.core import Core
from kiosk.domain.reasons import Why
from kiosk.flows.model import Attract, Done, FlowEvent, Press, Pressed, Session, Typed
from kiosk.flows.turns import problem_of
from kiosk.ports import Bitmap, Document, Qr, Symbology, Trouble
from kiosk.ports import Text as Line
from kiosk.profiles.shopper import Shopper
from kiosk.seal.keys import SigningKey
from kiosk.settings import Settings
from kiosk.waking import wake
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import Identity
from sync.agent.pace import Pace
from sync.central import demo, policy
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.devices import create_enrolment
from sync.central.serve import CentralServer
from sync.central.tables import cases, drops, events

PATIENCE_S = 60.0
PACE = Pace(beat=1.0, policy=2.0, first_contact=0.0, retry_least=0.2, retry_most=0.6)
IDS = SystemIds()


class TurnableClock:
    """The real clock, and hands to turn it forward."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self.wall = timedelta()
        self.run = 0.0

    def now(self) -> datetime:
        return self._real.now() + self.wall

    def monotonic(self) -> float:
        return self._real.monotonic() + self.run

    def later(self, seconds: float) -> None:
        """Time passes, for everybody."""
        self.wall += timedelta(seconds=seconds)
        self.run += seconds

    def set_wall(self, by: timedelta) -> None:
        """Somebody sets the date."""
        self.wall += by


def eventually(true: Callable[[], object], what: str) -> None:
    """For what nobody tells: looked at until it is so."""
    ends = SystemClock().monotonic() + PATIENCE_S
    while not true():
        assert SystemClock().monotonic() < ends, f"{what} did not come"
        threading.Event().wait(0.02)


class Eyes:
    """A shopper's: sees every session that is shown, and waits for what is to come."""

    def __init__(self) -> None:
        self.seen: list[Session] = []
        self._more = threading.Condition()

    def __call__(self, session: Session) -> None:
        with self._more:
            self.seen.append(session)
            self._more.notify_all()

    @property
    def now(self) -> Session:
        return self.seen[-1]

    def wait(self, fits: Callable[[Session], bool], what: str) -> Session:
        """The newest session if it fits, or else the next one that does."""
        with self._more:
            start = max(0, len(self.seen) - 1)

            def found() -> list[Session]:
                return [s for s in self.seen[start:] if fits(s)]

            came = self._more.wait_for(found, PATIENCE_S)
            assert came, f"{what} did not come; the screen is {self.now.screen if self.seen else 0}"
            return found()[0]


class Paper:
    """Stands in for the drawing of text, which the tests of ui/paper look at: keeps what was to be
    said, and gives a black bar to print."""

    def __init__(self) -> None:
        self.documents: list[Document] = []

    def __call__(self, document: Document, width: int, dpi: int) -> Bitmap:
        self.documents.append(document)
        return Bitmap(width, 160, b"\xff" * (width // 8 * 160))

    @property
    def words(self) -> str:
        """Every line of the last receipt."""
        return "\n".join(b.text for b in self.documents[-1].blocks if isinstance(b, Line))

    @property
    def proof(self) -> str:
        return next(b.data for b in self.documents[-1].blocks if isinstance(b, Qr))


@dataclass
class Street:
    """The centre, its database and the sample returns."""

    folder: Path
    sample: DemoWorld
    clock: TurnableClock
    server: CentralServer
    database: Database
    up: bool = True

    def goes_down(self) -> None:
        self.server.stop()
        self.up = False

    def comes_back(self) -> None:
        """At the same address, as after an outage."""
        self.server.start()
        self.up = True

    def rows(self, table: sa.Table, **where: object) -> list[dict[str, Any]]:
        query = sa.select(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.database.reading() as c:
            return [dict(row) for row in c.execute(query).mappings()]

    @property
    def drops(self) -> list[dict[str, Any]]:
        return self.rows(drops)

    @property
    def cases(self) -> list[dict[str, Any]]:
        return self.rows(cases)

    def told(self, kind: str) -> list[dict[str, Any]]:
        """The data of the events of this kind that arrived, as "drop.committed"."""
        found = self.rows(events, type=f"takeback.{kind}.v1")
        return [json.loads(row["body"])["data"] for row in found]

    def publish(self) -> int:
        """Another bundle; its number."""
        key = demo.load_key(self.folder / "keys" / "bundle.key", "demo-bundle-1", IDS)
        made = policy.publish(self.database, self.clock, self.sample.tenant, key)
        return made.number

    def tamper_with_the_next_bundle(self) -> int:
        """Somebody with the database, and without the key, publishes rules; their number."""
        thief = SigningKey("demo-bundle-1", IDS.token(256).to_bytes(32))
        return policy.publish(self.database, self.clock, self.sample.tenant, thief).number

    def enrolment_code(self, kiosk_code: str) -> str:
        return create_enrolment(
            self.database, self.clock, IDS, self.sample.tenant, "Street 1", kiosk_code
        )


@dataclass
class Kiosk:
    """A kiosk that was enrolled; `open` switches it on."""

    street: Street
    folder: Path
    identity: Identity
    printer: VirtualPrinter | None
    settings: Settings
    paper: Paper = field(default_factory=Paper)
    eyes: Eyes = field(default_factory=Eyes)
    core: Core | None = None
    leaving: threading.Event = field(default_factory=threading.Event)
    others: list[Kiosk] = field(default_factory=list)

    # --- power ---

    def open(self, built: Callable[[Core], None] | None = None) -> Kiosk:
        """Switch on, and wait for the first code screen or for what is in its way."""
        self.eyes = Eyes()
        self.core = wake(
            self.settings,
            Shopper(self.eyes),
            self.paper,
            lambda *_: None,
            self.leaving,
            built,
            PACE,
            self.street.clock,
        )
        return self

    def ready(self) -> Kiosk:
        """Switched on and able to take returns."""
        self.open()
        self.eyes.wait(lambda s: isinstance(s.screen, Attract), "the first screen")
        if self.street.up:
            self.all_sent()
            eventually(lambda: self.core.agent.state.online, "the centre's answer")
            self.is_over(Trouble.OFFLINE)
        return self

    def stop(self) -> None:
        core, self.core = self.core, None
        if core is not None:
            core.stop()

    def close(self) -> None:
        """The end of the test: this one and whatever else was started on its data."""
        for other in self.others:
            other.leaving.set()
            other.stop()
        self.stop()

    def restart(self) -> Kiosk:
        """As the power coming back: the flow is told nothing, the disk is what it was."""
        self.stop()
        return self.ready()

    def power_cut(self) -> Kiosk:
        """The disk as it is at this moment, in the next life. The old life may go on to its end
        on the old disk, where nobody sees it."""
        assert self.core is not None
        self.core.agent.stop()
        after = self.folder.with_name(f"{self.folder.name}+")
        shutil.copytree(self.folder, after)
        if self.printer is not None:
            self.printer.unplug()
        self.stop()
        if self.printer is not None:
            self.printer.plug()
            self.printer.thaw()
        self.folder = after
        self.settings = replace(self.settings, data_dir=str(after))
        return self.ready()

    def another_program(self) -> Kiosk:
        """Started on the same data, in a thread of its own, since it waits."""
        other = Kiosk(self.street, self.folder, self.identity, None, self.settings)
        threading.Thread(target=other.open, name="another program", daemon=True).start()
        eventually(lambda: other.eyes.seen, "its first screen")
        self.others.append(other)
        return other

    def wait_for_core(self) -> Kiosk:
        eventually(lambda: self.core, "the core")
        return self

    def read_only(self, on: bool) -> None:
        """As a file system that was mounted anew after an error."""
        assert self.core is not None
        self.core.store._database.pragma(f"query_only={'ON' if on else 'OFF'}")

    # --- the shopper ---

    @property
    def camera(self) -> VirtualCamera:
        camera = self.core.scanners["camera"]
        assert isinstance(camera, VirtualCamera)
        return camera

    @property
    def session(self) -> Session:
        return self.eyes.now

    def post(self, event: FlowEvent) -> None:
        self.core.post(event)

    def press(self, *keys: Press) -> None:
        for key in keys:
            self.post(Pressed(key))

    def type(self, letters: str) -> None:
        for char in letters:
            self.post(Typed(char))

    def hold(self, code: str) -> None:
        """Hold up a phone that shows this."""
        self.camera.present(held.phone(code))

    def hold_return(self, slug: str = "simple") -> None:
        self.hold(self.street.sample.find(slug).signed_code)

    def hold_bag(self, number: int = 0) -> None:
        bag = self.street.sample.bags[number]
        self.camera.present(held.bag(bag, bag, Symbology.CODE_128))

    def hold_nothing(self) -> None:
        self.camera.remove()

    def put_away(self) -> None:
        """As `hold_nothing`, and for as long as a code must be out of view to be news again."""
        self.camera.remove()
        threading.Event().wait(1.2)

    def go_home(self) -> None:
        """From the receipt to the first screen."""
        self.press(Press.FINISH)
        self.sees(Done)
        self.press(Press.FINISH)
        self.sees(Attract)

    def until(self, fits: Callable[[Session], bool], what: str) -> Session:
        return self.eyes.wait(fits, what)

    def sees(self, screen: type) -> Any:
        """The screen of this kind, once it is there."""
        return self.until(lambda s: isinstance(s.screen, screen), screen.__name__).screen

    def hears(self, why: Why) -> dict[str, str | int]:
        """The screen says why not; the values of its sentence."""

        def complains(session: Session) -> bool:
            problem = problem_of(session.screen)
            return problem is not None and problem.why is why

        problem = problem_of(self.until(complains, why.value).screen)
        assert problem is not None
        return dict(problem.values)

    def knows(self, trouble: Trouble) -> Session:
        return self.until(lambda s: trouble in s.service.troubles, trouble.value)

    def is_over(self, trouble: Trouble) -> Session:
        return self.until(lambda s: trouble not in s.service.troubles, f"no {trouble.value}")

    @staticmethod
    def eventually(true: Callable[[], object], what: str) -> None:
        eventually(true, what)

    def until_recorded(self, kind: str) -> dict[str, Any]:
        """The first event of this kind, once it is in the ledger."""
        eventually(lambda: self.events(kind), kind)
        return self.events(kind)[0]

    def all_sent(self) -> None:
        """Everything recorded so far was acknowledged by the centre."""
        eventually(lambda: not self.core.store.outbox.position().queued, "an empty queue")

    # --- the ledger ---

    def ledger(self, sql: str) -> list[tuple[Any, ...]]:
        """Asked of the kiosk's own store: SQLite wants one library for one file and process."""
        with self.core.store.look() as work:
            return [tuple(row) for row in work._connection.execute(text(sql))]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """What was recorded of this kind, as "drop.committed"."""
        told = self.ledger(f"SELECT data FROM events WHERE type = 'takeback.{kind}.v1'")
        return [json.loads(data) for (data,) in told]

    @property
    def drops(self) -> list[tuple[Any, ...]]:
        """(state, return id, bag) of every drop, oldest first."""
        return self.ledger("SELECT state, return_id, bag_id FROM drops ORDER BY opened_at")

    @property
    def print_jobs(self) -> list[tuple[Any, ...]]:
        return self.ledger("SELECT state, fault FROM print_jobs")

    @property
    def bags_held(self) -> list[str]:
        return [bag for (bag,) in self.ledger("SELECT bag_id FROM bags WHERE released_at IS NULL")]

    def is_whole(self) -> None:
        """What must be true of every ledger at every moment."""
        assert self.core.store.outbox.verify() is None
        half = "SELECT COUNT(*) FROM drops WHERE state = 'committed' AND drop_id NOT IN"
        assert self.ledger(f"{half} (SELECT drop_id FROM print_jobs)") == [(0,)]
        assert self.ledger(f"{half} (SELECT drop_id FROM drop_lines)") == [(0,)]
        promised = self.ledger("SELECT drop_id FROM drops WHERE state = 'committed'")
        told = [event["drop_id"] for event in self.events("drop.committed")]
        assert sorted(told) == sorted(drop_id for (drop_id,) in promised)
