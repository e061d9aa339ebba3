"""A back office with something of everything, served over HTTP on loopback: what its pages are
looked at with. The clock stands at the morning of a Monday; four weeks lie behind it."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from PIL import Image

from kiosk.domain.events import PhotoFact, ReceiptSettled, ShareFact, StaffNeeded
from kiosk.world import SystemIds
from sync.central import audit, demo_counter, policy
from sync.central.cases import Compared, Evidence, Found, Kind, open_many
from sync.central.counter_book import houses
from sync.central.counter_book import people as counter_people
from sync.central.database import Database
from sync.central.people import create_admin, managing, passwords
from sync.central.reconcile import books, uploading
from sync.central.reconcile.model import Kind as Moved
from sync.central.reconcile.model import Movement
from sync.central.reconcile.record import record_many
from sync.central.reconcile.uploading import File
from sync.central.rest import keys
from sync.central.roles import Role
from sync.central.serve import CentralServer
from sync.central.tables import (
    cases,
    devices,
    people,
    photos,
    screens,
    tenants,
    webhook_deliveries,
    webhooks,
)
from sync.wire import codec
from sync.wire.counter_book import HouseTold
from sync.wire.messages import Heartbeat, Pushed
from tests.pages import at_the_counter, told_people
from tests.sync.boxes import publish
from tests.sync.conftest import (
    BUNDLE_KEY,
    MERCHANT,
    TENANT,
    Centre,
    HandKiosk,
    TestClock,
    authorisation,
    drop,
    join,
)
from tests.sync.exports.world import drop_row, put
from tests.sync.people.conftest import Browser, Telephone

IDS = SystemIds()
PASSWORD = "seven kettles under snow"
ZONE = "Europe/Berlin"
MAP = """
source = "hub:north"
kind = "hub_received"
[columns]
source_id = "Scan"
told_at = "Time"
bag_id = "Label"
count = "Pieces"
"""
RULES = [
    {"rule": "allow", "id": "all"},
    {"rule": "final_sale", "id": "no", "when": {"tag": "sale"}},
]
"""The drop of `_rich` came by others: the centre judges it differently."""


@dataclass(frozen=True)
class World:
    """`ids` fills the parameters of addresses, by their names; `cookies` are of people who are
    signed in, or half so, by what they are there for; `telephone` is cora's authenticator."""

    centre: Centre
    ids: dict[str, str]
    cookies: dict[str, str]
    telephone: Telephone

    @property
    def url(self) -> str:
        return self.centre.url


@contextmanager
def opened(database_url: str) -> Iterator[World]:
    """Fills a prepared database, and serves it."""
    clock = TestClock()
    clock.jump(days=-28, hours=-2)
    database = Database(database_url)
    keys = {TENANT: BUNDLE_KEY}
    server = CentralServer(database_url, clock, IDS, timezone=ZONE, bundle_keys=keys)
    server.start()
    try:
        with cheap_passwords():
            made = _Filling(Centre(server, database, clock)).run()
        yield made
    finally:
        server.stop()
        database.close()


@contextmanager
def cheap_passwords() -> Iterator[None]:
    """A password's hash says what it cost; here next to nothing."""
    cost, passwords.COST = passwords.COST, passwords.Cost(1, 8)
    try:
        yield
    finally:
        passwords.COST = cost


class _Filling:
    def __init__(self, centre: Centre) -> None:
        self.centre, self.clock, self.database = centre, centre.clock, centre.database
        self.ids: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.telephone = Telephone(centre.clock)

    def run(self) -> World:
        policy.put_merchant(self.database, TENANT, MERCHANT, RULES)
        returns = [authorisation(f"RMA-{n}") for n in range(1, 9)]
        policy.put_authorisations(self.database, TENANT, returns)
        publish(self.centre)
        first, other = join(self.centre, "K1"), join(self.centre, "K2")
        quiet, gone = join(self.centre, "K3"), join(self.centre, "K4")
        self._weeks(first)
        self.clock.jump(days=28)
        policy.put_merchant(self.database, TENANT, MERCHANT, [*RULES, {"rule": "allow", "id": "b"}])
        publish(self.centre)
        self._today(first, other)
        self.clock.jump(hours=2)
        self._fleet(first, other, quiet, gone)
        self._machines()
        self._goods()
        self._cases()
        self._file()
        books.close(self.database, TENANT, self.clock.now(), ZoneInfo(ZONE))
        self._people()
        self._counter()
        told_by = [first.device_id, other.device_id]
        at_the_counter.fill(self.database, self.clock.now(), TENANT, "Street 1", told_by)
        told_people.fill(self.database, IDS, self.clock.now(), TENANT)
        return World(self.centre, self.ids, self.cookies, self.telephone)

    def _counter(self) -> None:
        """A counter with its people and shelves; somebody was revoked, and a draft waits."""
        demo_counter.fill(self.database, self.clock, IDS, TENANT, "Street 1", BUNDLE_KEY)
        by = audit.at_console(TENANT)
        do = counter_people.Changing(self.database, self.clock, IDS, by, BUNDLE_KEY)
        assert counter_people.revoke(do, "1003") is None

        def fewer(house: HouseTold) -> HouseTold:
            return msgspec.structs.replace(house, shelves=house.shelves[:8])

        houses.change(self.database, self.clock, by, "Street 1", "shelves", fewer)

    def _weeks(self, kiosk: HandKiosk) -> None:
        """Drops of two Mondays, spread over the day: few, as each row of a page costs time."""
        rows, number = [], 0
        for week in (1, 3):
            opens = self.clock.now() + timedelta(days=7 * week)
            for hour, count in enumerate((1, 1, 2, 1, 0, 1, 2, 1)):
                for place in range(count):
                    number += 1
                    at = opens + timedelta(hours=hour, minutes=5 * place)
                    rows.append(drop_row(number, kiosk.device_id, at=at))
        put(self.database, *rows)

    def _today(self, first: HandKiosk, other: HandKiosk) -> None:
        """A drop with all that can be told of one; the same goods twice; a call for staff; a
        record that nobody can read."""
        facts = [drop(f"RMA-{n}", bag_id=f"TB000000001{n}") for n in range(1, 7)]
        facts[0] = self._rich(facts[0])
        self.ids["drop_id"] = facts[0].drop_id
        told = [first.push(*(first.record(fact) for fact in facts[:3]))]
        self.clock.advance(minutes=50)
        told.append(
            first.push(
                first.record(
                    ReceiptSettled(facts[0].drop_id, "printed", ""), subject=facts[0].drop_id
                ),
                first.record(
                    ReceiptSettled(facts[1].drop_id, "failed", "paper_out"),
                    subject=facts[1].drop_id,
                ),
                first.record(StaffNeeded("visit-9", "RMA-7", "help", {}), subject="visit-9"),
                *(first.record(fact) for fact in facts[3:]),
            )
        )
        told.append(
            other.push(
                other.record(drop("RMA-2", bag_id="TB0000000099", offline=True)),
                other.record({"drop_id": 7}, type="takeback.drop.committed.v1", subject="odd"),
            )
        )
        assert all(isinstance(one, Pushed) for one in told), told

    def _rich(self, fact: Any) -> Any:
        picture = io.BytesIO()
        Image.new("RGB", (320, 240), (90, 120, 110)).save(picture, "JPEG")
        data = picture.getvalue()
        name = hashlib.sha256(data).hexdigest()
        self.ids["sha256"] = name
        row = {"tenant": TENANT, "sha256": name, "size": len(data), "have": len(data)}
        row |= {"data": data, "came_at": self.clock.now()}
        self.database.write(lambda c: c.execute(photos.insert(), row))
        line = dataclasses.replace(
            fact.lines[0],
            outcome="accept_with_fee",
            reason="fee_applies",
            reason_values={"fee": 499, "currency": "EUR"},
            refund=7491,
            fee=499,
            fees=(ShareFact("restock", 499, "restocking", False, 7990),),
            answers={"condition": "unused"},
            inputs={"line.category": "shoes"},
            facts={
                "line.price.minor": 7990,
                "line.price.currency": "EUR",
                "line.quantity": 1,
                "line.category": "shoes",
            },
        )
        kept = dataclasses.replace(
            line,
            line_id="L2",
            sku="SKU-2",
            outcome="refuse",
            reason="final_sale",
            reason_values={},
            refund=0,
            fee=0,
            fees=(),
            answers={},
            state="refused",
        )
        waits = PhotoFact("L1", "ab" * 32, 1000)
        return dataclasses.replace(
            fact,
            lines=(line, kept),
            photos=(PhotoFact("L1", name, len(data)), waits),
            facts={
                "form": 1,
                "merchant.timezone": ZONE,
                "context.now": self.clock.now().isoformat(),
                "authorisation.ordered_on": "2026-04-20",
            },
        )

    def _fleet(self, *kiosks: HandKiosk) -> None:
        first, other, quiet, gone = kiosks
        self._beat(first)
        self._beat(other, troubles=("paper_low", "scanner_absent"), queued=12, oldest_queued_s=5400)
        self.ids["device_id"] = other.device_id
        now = self.clock.now()
        pictures = [
            {"event_id": one, "tenant": TENANT, "device_id": other.device_id, "sha256": sha}
            | {"size": 10, "troubles": "scanner_absent", "at": now, "received_at": now}
            for one, sha in (("came", self.ids["sha256"]), ("on its way", "cd" * 32))
        ]

        def work(c: Any) -> None:
            old = self.clock.now() - timedelta(hours=5)
            mine = devices.c.device_id
            c.execute(devices.update().where(mine == quiet.device_id).values(last_seen_at=old))
            c.execute(devices.update().where(mine == gone.device_id).values(state="revoked"))
            c.execute(screens.insert(), pictures)

        self.database.write(work)

    def _machines(self) -> None:
        """A shop's machine: its key, and a webhook that has known better days."""
        clock = self.clock
        keys.make(self.database, clock, IDS, TENANT, keys.Role.HUB, "north-hall", name="Hall")
        now = clock.now()
        hook = {"webhook_id": IDS.uuid(), "tenant": TENANT}
        told = {
            "merchant_id": "linden",
            "url": "https://shop.example/in",
            "types": "",
            "secret": "",
        }
        times = {"created_at": now, "next_at": now, "held_until": now}
        tries = [
            {**hook, "position": at, "event_id": f"e{at}", "state": state, "attempts": at}
            | {"first_at": now, "next_at": now}
            for at, state in ((1, "delivered"), (2, "dead"), (3, "waiting"))
        ]

        def work(c: Any) -> None:
            c.execute(webhooks.insert(), {**hook, **told, **times, "failures": 3})
            c.execute(webhook_deliveries.insert(), tries)

        self.database.write(work)
        self.ids["webhook_id"] = hook["webhook_id"]

    def _beat(self, kiosk: HandKiosk, **more: Any) -> None:
        told = Heartbeat(
            time=self.clock.now(),
            version="1.4.0",
            epoch=kiosk.epoch,
            cursor=kiosk.sequence,
            chain_head=kiosk.head,
            policy_number=1,
            disk_free_mb=12_000,
            **{"queued": 0, **more},
        )
        answer = kiosk.post("heartbeat", codec.encode(told))
        assert answer.status_code == 200, answer.content

    def _goods(self) -> None:
        """The first bag's way, as far as the shop's refund."""
        now, bag = self.clock.now(), "TB0000000011"
        way: list[dict[str, Any]] = [
            {
                "kind": Moved.CONTAINED,
                "source": "shop:street-1",
                "bag_id": bag,
                "container_id": "CAGE-7",
            },
            {"kind": Moved.HANDED_OVER, "source": "carrier:swift", "container_id": "CAGE-7"},
            {"kind": Moved.ACKNOWLEDGED, "source": "carrier:swift", "container_id": "CAGE-7"},
            {"kind": Moved.RECEIVED, "source": "hub:north", "bag_id": bag, "count": 1},
            {
                "kind": Moved.REFUNDED,
                "source": "merchant:linden",
                "return_id": "RMA-1",
                "amount": 7491,
                "currency": "EUR",
            },
        ]
        told = [
            Movement(source_id=f"m{n}", told_at=now + timedelta(minutes=n - 60), **one)
            for n, one in enumerate(way)
        ]
        self.database.write(lambda c: record_many(c, TENANT, told, now))

    def _file(self) -> None:
        """A hub's file that was looked at and waits to be taken."""
        data = b"Scan,Time,Label,Pieces\nh1,2026-05-04T09:00:00Z,TB0000000012,1\n"
        actor = audit.Actor(TENANT, "ada")
        told = uploading.look(self.database, self.clock, IDS, actor, File("north.csv", data, MAP))
        assert isinstance(told, str), told
        self.ids["import_id"] = told

    def _cases(self) -> None:
        """One of every kind, of several ages."""
        now, drop_id = self.clock.now(), self.ids["drop_id"]
        compared = (
            Compared("refund", 7491, 7990, "L1", "EUR"),
            Compared("outcome", "accept_with_fee", "accept", "L1"),
        )
        whole = Evidence(
            drops=(drop_id,),
            bags=("TB0000000011",),
            returns=("RMA-1",),
            events=("0190b7a2",),
            hashes=("cd" * 32,),
            sides=("kiosk", "centre"),
            compared=compared,
            numbers={"bundle": 1},
        )
        found = [
            Found(
                kind,
                "bag",
                f"BAG-{place}",
                now - timedelta(hours=7 * place),
                whole if kind is Kind.VERDICT_DIFFERS else Evidence(bags=(f"BAG-{place}",)),
                site="Street 1",
                amount=7990 if place % 2 else 0,
                currency="EUR" if place % 2 else "",
            )
            for place, kind in enumerate(Kind)
        ]
        self.database.write(lambda c: open_many(c, TENANT, found))
        rows = self.centre.rows(cases, kind=Kind.VERDICT_DIFFERS.value)
        self.ids["case_id"] = rows[0]["case_id"]

    def _people(self) -> None:
        create_admin(self.database, IDS, TENANT, "ada", PASSWORD, self.clock)
        create_admin(self.database, IDS, TENANT, "vera", PASSWORD, self.clock, roles=(Role.VIEWER,))
        create_admin(self.database, IDS, TENANT, "cora", PASSWORD, self.clock)
        policy.put_tenant(self.database, "north", "North returns", "north-kiosks")
        create_admin(self.database, IDS, "north", "nils", PASSWORD, self.clock)
        self.cookies["nils"] = self._sign_in("nils")
        ask = tenants.update().where(tenants.c.tenant == "north").values(second_factor=True)
        self.database.write(lambda c: c.execute(ask))
        create_admin(self.database, IDS, "north", "nora", PASSWORD, self.clock)
        actor = audit.at_console(TENANT)
        link = managing.invite(
            self.database, self.clock, IDS, actor, "emil", frozenset({Role.AGENT})
        )
        assert not isinstance(link, managing.NotDone)
        self.ids["token"] = link.token
        for name in ("ada", "vera", "nora"):
            self.cookies[name] = self._sign_in(name)
        self._second_factor()
        self.cookies["cora"] = self._sign_in("cora")
        assert {row["state"] for row in self.centre.rows(people)} == {"active", "invited"}

    def _sign_in(self, name: str) -> str:
        browser = Browser(self.centre).sign_in(name, PASSWORD)
        cookie = browser.session.cookies["takeback_session"]
        browser.session.close()
        return cookie

    def _second_factor(self) -> None:
        browser = Browser(self.centre).sign_in("cora", PASSWORD).look("/account/second-factor")
        self.telephone.scan(browser.page)
        browser.send("/account/second-factor", code=self.telephone.code())
        assert browser.status == 200, browser.page
        browser.session.close()
