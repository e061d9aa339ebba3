"""A real mail server on loopback, a centre's database, and a hand that sends."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from kiosk.domain.codes.pick_up import pick_up_code
from sync.central.centre import Centre
from sync.central.database import Database
from sync.central.notices import channels, queue, sending
from sync.central.notices.channels import Paces
from sync.central.notices.mail import Server
from sync.central.notices.model import Address, Hidden, Kind, Thing, Wanted, Way
from sync.central.rest.targets import Targets
from sync.central.sealing import Secrets
from sync.central.tables import notices
from tests.sync.conftest import IDS, TENANT, TestClock
from tests.sync.test_tls import Authority

LOOPBACK = Targets.of(("127.0.0.0/8",))
SECRETS = Secrets((("k1", bytes(range(32))),))
CODE = pick_up_code(700_000_000_001)
ADA = Address(Way.EMAIL, "ada@example.org")


@dataclass
class PostOffice:
    """What the mail server took, and how it is to answer: `says` maps a verb to a reply."""

    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    asked: Callable[[str], None] = lambda verb: None
    vanishes: bool = False  # once it has a letter, without an answer

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        return self._said("MAIL") or self._from(envelope, address)

    @staticmethod
    def _from(envelope: Envelope, address: str) -> str:
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if told := self._said("RCPT") or self.says.get(address, ""):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if told := self._said("DATA"):
            return told
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.vanishes:
            server.transport.abort()
        return "250 queued as 4711 for ada@example.org"

    def _said(self, verb: str) -> str:
        self.calls.append(verb)
        self.asked(verb)
        return self.says.get(verb, "")

    @property
    def letters(self) -> list[EmailMessage]:
        found = [email.message_from_bytes(one, policy=email.policy.default) for one in self.taken]
        return [one for one in found if isinstance(one, EmailMessage)]

    @property
    def ids(self) -> list[str]:
        return [str(one["Message-ID"]) for one in self.letters]


@dataclass
class Served:
    """A loop on a thread with one listening server."""

    office: PostOffice
    options: dict[str, Any]

    def __enter__(self) -> PostOffice:
        self._loop = asyncio.new_event_loop()
        made = self._loop.run_until_complete(
            self._loop.create_server(
                lambda: SMTP(self.office, hostname="post.test", loop=self._loop, **self.options),
                "127.0.0.1",
                0,
            )
        )
        self._server = made
        self.office.port = made.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self.office

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """Plain SMTP."""
    with Served(PostOffice(), {}) as made:
        yield made


@pytest.fixture
def guarded_office(tmp_path) -> Iterator[tuple[PostOffice, Any]]:
    """With STARTTLS and a password; and the certificate that it shows."""
    authority = Authority(tmp_path, "post")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(authority.issue())

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = (data.login, data.password) == (b"post", b"geheim")
        return AuthResult(success=good, handled=good)

    options = {"tls_context": context, "require_starttls": True, "authenticator": known}
    with Served(PostOffice(), {**options, "auth_required": True}) as served:
        yield served, authority.file


@dataclass
class Desk:
    """One tenant's notices, sent by hand."""

    centre: Centre
    clock: TestClock
    targets: Targets = LOOPBACK

    def mail(self, port: int, **changes: Any) -> None:
        told = {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "sender": "post@shop.example",
            "name": "Kiosk Sonne",
        }
        self.channel(Way.EMAIL, Server(**{**told, **changes}))

    def channel(self, way: Way, told: Any, paces: Paces | None = None) -> None:
        now = self.clock.now()
        self.centre.database.write(
            lambda c: channels.put(c, IDS, now, TENANT, way, told, paces or Paces(6000, 50_000))
        )

    def wanted(self, about: str = "P1", **changes: Any) -> Wanted:
        now = self.clock.now()
        told = {"shop": "Kiosk Sonne", "last_day": "2026-05-11", "count": "1"}
        values: dict[str, Any] = {
            "kind": Kind.ARRIVED,
            "thing": Thing.PARCEL,
            "about": about,
            "occasion": "2026-05-04",
            "language": "en",
            "hidden": Hidden((ADA,), CODE, "Ada"),
            "due_at": now,
            "not_after": now + timedelta(days=3),
            "told": told,
        }
        return Wanted(**{**values, **changes})

    def put(self, about: str = "P1", **changes: Any) -> str:
        wanted = self.wanted(about, **changes)
        now = self.clock.now()
        return self.centre.database.write(lambda c: queue.put(c, IDS, now, TENANT, wanted))

    def send(self) -> sending.Counted:
        told = sending.Counted()
        sending.turn(self.centre, TENANT, self.targets, told)
        return told

    def row(self, notice_id: str) -> Any:
        with self.centre.database.reading() as c:
            mine = notices.c.notice_id == notice_id
            return c.execute(sa.select(notices).where(mine)).one()

    def rows(self) -> list[Any]:
        with self.centre.database.reading() as c:
            return list(c.execute(sa.select(notices).order_by(notices.c.created_at)))


def desk_over(url: str, clock: TestClock) -> Iterator[Desk]:
    database = Database(url, SECRETS)
    yield Desk(Centre(database, clock, IDS, ZoneInfo("Europe/Berlin")), clock)
    database.close()


@pytest.fixture
def desk(on_sqlite: str, clock: TestClock) -> Iterator[Desk]:
    yield from desk_over(on_sqlite, clock)


@pytest.fixture
def each_desk(database_url: str, clock: TestClock) -> Iterator[Desk]:
    """On both databases."""
    yield from desk_over(database_url, clock)
