"""What counters, kiosks and merchants told becomes messages, each once, and contacts go."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from kiosk.domain.codes import parse_pick_up
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.pick_up import digest
from sync.central import keeping, policy
from sync.central.audit import at_console
from sync.central.counter import telling
from sync.central.counter_book import houses, peppers
from sync.central.notices import contacts, raising
from sync.central.notices.contacts import Contact
from sync.central.notices.model import Address, Thing, Way
from sync.central.tables import (
    authorisations,
    counter_facts,
    devices,
    drops,
    merchant_refunds,
    notice_contacts,
)
from tests.sync.conftest import IDS, TENANT
from tests.sync.goods import MERCHANT, authorisation
from tests.sync.notices.conftest import ADA

SITE = "Street 1"
COMES, DAY = "2026-05-04", timedelta(days=1)


class World:
    """A site with a counter, told by hand."""

    def __init__(self, desk, office) -> None:
        self.desk, self.office, self.clock = desk, office, desk.clock
        self.centre, self.write = desk.centre, desk.centre.database.write
        desk.mail(office.port)
        console = at_console(TENANT)
        self.write(lambda c: houses.begin(c, IDS, self.clock.now(), console, SITE, "Europe/Berlin"))

    def tell(self, *facts) -> None:
        self.write(lambda c: telling.tell(c, self.clock.now(), TENANT, SITE, facts))

    def expects(self, number, who="ada", thing=Thing.PARCEL, to=ADA, **more) -> None:
        contact = Contact((to,), more.pop("language", "en"), "Ada")
        self.write(
            lambda c: contacts.put(
                c, IDS, self.clock.now(), TENANT, thing, number, contact, recipient=who, **more
            )
        )

    def comes(self, *numbers, until="2026-05-11") -> None:
        self.tell(*(par.ParcelReceived(one, "swift", COMES, until, "s1") for one in numbers))

    def pass_on(self, **span) -> None:
        """Time, and then what the centre does by itself."""
        self.clock.advance(**span)
        raising.whole(self.centre, lambda: True)
        self.desk.send()

    @property
    def subjects(self) -> list[str]:
        return [str(letter["Subject"]) for letter in self.office.letters]

    def facts(self, kind) -> list[str]:
        with self.centre.database.reading() as c:
            mine = counter_facts.c.type == kind.type
            query = sa.select(counter_facts.c.body).where(mine).order_by(counter_facts.c.position)
            return list(c.execute(query).scalars())

    def contacts(self) -> list[str]:
        with self.centre.database.reading() as c:
            return list(c.execute(sa.select(notice_contacts.c.about)).scalars())


@pytest.fixture
def world(desk, office) -> World:
    return World(desk, office)


@pytest.fixture
def each_world(each_desk, office) -> World:
    return World(each_desk, office)


def code_of(letter) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    [line] = [one for one in body.get_content().splitlines() if one.count("-") == 2]
    return line


def test_from_the_driver_to_the_recipient_and_home(each_world):
    world = each_world
    world.expects("P1")
    world.comes("P1")
    world.pass_on(seconds=30)
    assert world.subjects == []  # the driver may have another one for them
    world.pass_on(minutes=3)
    assert world.subjects == ["Your parcel is at Street 1"]
    code = parse_pick_up(code_of(world.office.letters[0]))
    with world.centre.database.reading() as c:
        pepper = peppers.newest_pepper(c, TENANT, SITE)
    [issued] = world.facts(par.PickUpCodeIssued)
    assert digest(code, pepper.secret) in issued  # what the counter holds opens with what they got
    assert len(world.facts(par.ParcelNotified)) == 1
    for _ in range(3):
        world.pass_on(minutes=5)
    assert len(world.subjects) == 1
    world.pass_on(days=5)
    world.pass_on(days=2)
    assert world.subjects[1:] == [
        "Your parcel still waits at Street 1",
        "Last day: your parcel at Street 1",
    ]
    assert {code_of(letter) for letter in world.office.letters} == {
        code_of(world.office.letters[0])
    }
    world.tell(par.ParcelCollected("P1", "s1", par.ProofFact(code=True)))
    world.pass_on(minutes=1)
    assert world.subjects[3:] == ["Your parcel was collected"]
    told = world.office.letters[3].get_body(("plain",)).get_content()
    assert "If that was not you" in told
    assert world.contacts() == []
    assert {row.hidden for row in world.desk.rows()} == {""}


def test_what_comes_together_is_one_message_and_one_code(world):
    for number in ("P1", "P2", "P3"):
        world.expects(number)
    world.expects("P4", who="bob", to=Address(Way.EMAIL, "bob@example.org"))
    world.comes("P1", "P2", "P3", "P4")
    world.pass_on(minutes=3)
    assert [letter["To"] for letter in world.office.letters] == [
        "ada@example.org",
        "bob@example.org",
    ]
    body = world.office.letters[0].get_body(("plain",)).get_content()
    assert "3 parcels wait for you" in body
    assert len(world.facts(par.PickUpCodeIssued)) == 2
    assert len(world.facts(par.ParcelNotified)) == 4
    assert sorted(row.why for row in world.desk.rows() if row.why) == ["together", "together"]


def test_one_that_comes_later_has_the_same_code(world):
    world.expects("P1")
    world.comes("P1")
    world.pass_on(minutes=3)
    world.expects("P2")
    world.comes("P2")
    world.pass_on(minutes=3)
    first, second = world.office.letters
    assert code_of(first) == code_of(second)
    assert '"P1","P2"' in world.facts(par.PickUpCodeIssued)[1]


def test_at_night_it_waits_for_the_morning_of_the_shop(world):
    world.expects("P1")
    world.comes("P1")
    world.pass_on(hours=11)  # 22:30 in Berlin
    assert world.subjects == []
    world.pass_on(hours=9, minutes=35)  # 08:05
    assert len(world.subjects) == 1


def test_nothing_is_said_of_what_was_collected_before_it_could_be(world):
    world.expects("P1")
    world.comes("P1")
    world.pass_on(hours=11)
    world.tell(par.ParcelCollected("P1", "s1", par.ProofFact(name=True)))
    world.pass_on(minutes=5)
    assert world.subjects == ["Your parcel was collected"]
    world.pass_on(hours=10)
    assert len(world.subjects) == 1


def test_an_extended_parcel_is_reminded_anew(world):
    world.expects("P1")
    world.comes("P1")
    world.pass_on(minutes=3)
    world.pass_on(days=7)
    world.tell(par.ParcelExtended("P1", "2026-05-18", "s1"))
    world.pass_on(minutes=3)
    world.pass_on(days=7)
    assert world.subjects.count("Last day: your parcel at Street 1") == 2


def test_a_list_that_comes_again_tells_nobody_twice_and_leaves_the_code(world):
    world.expects("P1")
    world.comes("P1")
    world.pass_on(minutes=3)
    world.expects("P1")
    world.pass_on(minutes=3)
    assert len(world.subjects) == 1
    world.pass_on(days=5)
    first, second = world.office.letters
    assert code_of(first) == code_of(second)


def test_one_that_was_announced_once_more_after_it_left_is_waited_for_a_month(world):
    world.expects("P1")
    world.comes("P1")
    world.tell(par.ParcelCollected("P1", "s1", par.ProofFact(code=True)))
    world.pass_on(minutes=3)
    world.clock.advance(minutes=1)
    world.expects("P1")
    world.pass_on(days=29)
    assert (world.contacts(), len(world.subjects)) == (["P1"], 1)
    world.pass_on(days=2)
    assert (world.contacts(), len(world.subjects)) == ([], 1)


def test_what_goes_back_is_forgotten_and_not_spoken_of(world):
    world.expects("P1")
    world.comes("P1")
    world.tell(par.ParcelRefusedOut("P1", "s1"))
    world.pass_on(minutes=5)
    assert (world.subjects, world.contacts()) == ([], [])


def test_a_site_without_a_counter_sends_no_code_that_nobody_could_check(desk, office):
    desk.mail(office.port)
    world = World.__new__(World)
    world.desk, world.office, world.clock = desk, office, desk.clock
    world.centre, world.write = desk.centre, desk.centre.database.write
    world.expects("P1")
    world.comes("P1")
    world.pass_on(minutes=5)
    assert world.subjects == []


# --- returns -------------------------------------------------------------------------------------


def returned(world, drop_id="D1", return_id="R1") -> None:
    now = world.clock.now()
    device = {
        "device_id": "00000000-0000-7000-8000-000000000001",
        "tenant": TENANT,
        "site": SITE,
        "kiosk_code": "K1",
        "public_key": "00",
        "version": "1",
        "enrolled_at": now,
        "state": "active",
    }
    row = {
        "drop_id": drop_id,
        "tenant": TENANT,
        "device_id": device["device_id"],
        "event_id": drop_id,
        "drop_number": "K1-000001",
        "visit_id": "V1",
        "return_id": return_id,
        "merchant_id": MERCHANT.merchant_id,
        "order_number": "A-1",
        "bag_id": "B1",
        "policy_number": 1,
        "offline": False,
        "provisional": False,
        "identified_by": "signed",
        "code_id": "",
        "told_at": now,
        "corrected_at": now,
        "received_at": now,
        "refund": 0,
        "fee": 0,
        "currency": "EUR",
    }

    def work(c: sa.Connection) -> None:
        there = sa.select(devices.c.device_id)
        if c.execute(there).first() is None:
            c.execute(devices.insert(), device)
        c.execute(drops.insert(), row)

    world.write(work)


def refunded(world, refund_id="F1", return_id="R1") -> None:
    now = world.clock.now()
    row = {
        "tenant": TENANT,
        "return_id": return_id,
        "refund_id": refund_id,
        "merchant_id": MERCHANT.merchant_id,
        "minor": 7990,
        "currency": "EUR",
        "done_at": now,
        "told_at": now,
    }
    world.write(lambda c: c.execute(merchant_refunds.insert(), row))


@pytest.fixture
def authorised(world) -> World:
    policy.put_merchant(world.centre.database, TENANT, MERCHANT, ())
    policy.put_authorisations(world.centre.database, TENANT, [authorisation("R1")])
    merchant = MERCHANT.merchant_id
    world.expects("R1", who="", thing=Thing.RETURN, merchant_id=merchant, language="de")
    return world


def test_a_drop_and_each_refund_are_told_once(authorised):
    world = authorised
    returned(world)
    world.pass_on(seconds=10)
    world.pass_on(seconds=10)
    refunded(world)
    refunded(world, "F2")
    world.pass_on(minutes=1)
    world.pass_on(minutes=1)
    name = MERCHANT.name
    assert world.subjects[0] == f"Ihre Rücksendung an {name} ist da"
    assert len(world.subjects) == 3
    assert "K1-000001" in world.office.letters[0].get_body(("plain",)).get_content()
    assert "79,90" in world.subjects[1]


def test_a_contact_goes_two_weeks_after_the_refund_or_when_the_return_is_over(authorised):
    world = authorised
    refunded(world)
    world.pass_on(minutes=1)
    world.pass_on(days=13)
    assert world.contacts() == ["R1"]
    world.pass_on(days=1)
    assert world.contacts() == []
    world.expects("R1", who="", thing=Thing.RETURN)
    closed = authorisations.update().values(state="closed")
    world.write(lambda c: c.execute(closed))
    world.pass_on(minutes=1)
    assert world.contacts() == []


def test_what_was_sent_long_ago_goes_but_not_while_it_could_be_said_again(world):
    world.expects("P1")
    world.comes("P1", until="2027-01-01")
    world.pass_on(minutes=3)
    world.clock.advance(days=100)
    keeping.work(world.centre, lambda: True)
    assert len(world.desk.rows()) == 1
    world.pass_on(days=21)  # the contact is over
    keeping.work(world.centre, lambda: True)
    assert world.desk.rows() == []
    world.pass_on(minutes=5)
    assert len(world.subjects) == 1
