"""New rules for some of the kiosks first: who gets which bundle, and that no number goes back."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from sync.central import policy
from sync.central.audit import Actor
from sync.central.database import Database
from sync.central.policy import (
    contents,
    listing,
    rollouts,
    versions,
    widening,
)
from sync.central.policy.bundling import NotPublished
from sync.central.policy.contents import Shop
from sync.central.policy.listing import Standing
from sync.central.policy.rollouts import Share, place_of
from sync.central.tables import devices, office_audit
from sync.wire import bundle, codec
from sync.wire.messages import Heartbeat, HeartbeatReply, Manifest
from tests.sync.conftest import BUNDLE_KEY, IDS, MERCHANT, TENANT, TestClock, authorisation, join

ADA = Actor(TENANT, "ada", "192.0.2.1", "publish_policy")
EARLY, LATE, FIRST, LAST = "early", "late", 30, 14
KEYS = {BUNDLE_KEY.kid: BUNDLE_KEY.public}


class Office:
    """Somebody who publishes, and kiosks that ask."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, TestClock()
        self.seen: dict[str, int] = {}

    def kiosks(self, **sites: str) -> None:
        for device_id, site in sites.items():
            row = {"device_id": device_id, "tenant": TENANT, "site": site, "kiosk_code": device_id}
            row |= {"public_key": "", "enrolled_at": self.clock.now()}
            self.database.write(lambda c, row=row: c.execute(devices.insert(), row))

    def publish(self, days: int = FIRST, share: Share | None = None, **more):
        shop = Shop(replace(MERCHANT, **more), [{"rule": "window", "id": "days", "days": days}])
        return policy.publish_these(
            self.database, self.clock, IDS, TENANT, BUNDLE_KEY, [shop], by=ADA, share=share
        )

    def renew(self) -> None:
        policy.publish(self.database, self.clock, TENANT, BUNDLE_KEY, renewing=True)

    def widen(self, share: Share):
        return widening.widen(self.database, self.clock, ADA, share)

    def stop(self):
        return widening.stop(self.database, self.clock, TENANT, BUNDLE_KEY, ADA)

    def fetch(self, device_id: str) -> Manifest:
        """What a kiosk is given; it takes it, and says so with its next heartbeat."""
        found = policy.newest(self.database, TENANT, device_id)
        assert found is not None
        made = bundle.open_manifest(found[0], KEYS)
        assert isinstance(made, Manifest)
        with self.database.reading() as c:
            assert rollouts.number_for(c, TENANT, device_id) == made.number
        assert made.number >= self.seen.get(device_id, 0), "a number went back"
        self.seen[device_id] = made.number
        mine = devices.update().where(devices.c.device_id == device_id)
        self.database.write(lambda c: c.execute(mine.values(policy_number=made.number)))
        return made

    def days(self, device_id: str) -> int:
        """The rules that a kiosk decides by."""
        number = self.fetch(device_id).number
        with self.database.reading() as c:
            version = versions.load(c, TENANT, number)
        assert version is not None
        return int(version.shops["linden"].rules[0]["days"])

    def standings(self) -> dict[int, tuple[str, int]]:
        listed = listing.versions(self.database, TENANT)
        return {one.number: (one.standing.value, one.kiosks) for one in listed.versions}


@pytest.fixture
def office(database_url):
    database = Database(database_url)
    yield Office(database)
    database.close()


@pytest.fixture
def rolling(office):
    """Two kiosks, the rules that both have, and other ones for the site of the first."""
    office.kiosks(early="North", late="South")
    office.publish(FIRST)
    office.fetch(EARLY), office.fetch(LATE)
    assert office.publish(LAST, Share(sites=frozenset({"North"}))).number == 3
    return office


def only_sqlite(test):
    """Nothing in it is the database's."""
    return pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)(test)


def test_the_named_site_has_the_new_rules_and_the_others_go_on(rolling):
    assert (rolling.days(EARLY), rolling.days(LATE)) == (LAST, FIRST)
    policy.put_authorisations(rolling.database, TENANT, [authorisation("R-1")])
    rolling.renew()
    assert (rolling.days(EARLY), rolling.days(LATE)) == (LAST, FIRST)
    assert (rolling.seen[EARLY], rolling.seen[LATE]) == (5, 4)
    assert rolling.standings() == {
        1: (Standing.IN_FORCE, 1),
        3: (Standing.ROLLING_OUT, 1),
    }


def test_both_are_told_of_returns_by_deltas(rolling):
    """So a kiosk that takes part costs no more than one that does not."""
    had = {name: rolling.fetch(name).number for name in (EARLY, LATE)}
    policy.put_authorisations(rolling.database, TENANT, [authorisation("R-1")])
    rolling.renew()
    for name, number in had.items():
        deltas = rolling.fetch(name)
        files = [file for file in deltas.files if file.kind == bundle.DELTA]
        chain = [file for file in files if file.base >= number]
        assert sum(file.rows for file in chain) == 1
        assert [file.base for file in chain] == list(range(number, deltas.number))
        assert isinstance(bundle.plan(deltas, number), bundle.Plan)


def test_once_everybody_has_them_they_are_the_rules(rolling):
    assert not isinstance(rolling.widen(Share(100)), NotPublished)
    assert (rolling.days(EARLY), rolling.days(LATE)) == (LAST, LAST)
    assert rolling.seen[LATE] == 3  # signed already: nothing new had to be
    rolling.renew()
    assert (rolling.days(EARLY), rolling.days(LATE)) == (LAST, LAST)
    assert rolling.standings() == {1: (Standing.EARLIER, 0), 3: (Standing.IN_FORCE, 2)}
    with rolling.database.reading() as c:
        [shop] = contents.shops(c, TENANT)
    assert shop.specs[0]["days"] == LAST


def test_a_stopped_one_is_taken_back_under_a_higher_number(rolling):
    rolling.fetch(EARLY)
    assert rolling.stop().number == 4
    assert (rolling.days(EARLY), rolling.days(LATE)) == (FIRST, FIRST)
    assert rolling.standings() == {1: (Standing.IN_FORCE, 2), 3: (Standing.STOPPED, 0)}
    assert policy.latest(rolling.database, TENANT)[0]["changes"].stopped == 3
    assert rolling.publish(7).number == 5


def test_who_changed_it_is_in_the_audit(rolling):
    rolling.widen(Share(50, frozenset({"North"})))
    rolling.stop()
    with rolling.database.reading() as c:
        rows = c.execute(office_audit.select().order_by(office_audit.c.number)).all()
    assert [(row.person, row.what, row.subject) for row in rows] == [
        ("ada", "policy.published", "1"),
        ("ada", "policy.published", "3"),
        ("ada", "policy.widened", "3"),
        ("ada", "policy.stopped", "3"),
    ]
    assert '"kiosks":"North"' in rows[1].after
    assert "~days" in rows[1].after


@only_sqlite
def test_other_rules_wait_until_it_is_through(rolling):
    for told in (rolling.publish(7), rolling.publish(7, Share(50))):
        assert isinstance(told, NotPublished)
        assert "roll-out of bundle 3 is not through" in told.problems[0]
    back = policy.roll_back(rolling.database, rolling.clock, TENANT, BUNDLE_KEY, 1)
    assert isinstance(back, NotPublished)


@only_sqlite
def test_it_only_grows(rolling):
    narrower = rolling.widen(Share(50))
    assert isinstance(narrower, NotPublished)
    assert "only grows" in narrower.problems[0]
    assert not isinstance(rolling.widen(Share(50, frozenset({"North"}))), NotPublished)


@only_sqlite
def test_it_needs_somebody_to_begin_with_and_something_new(office):
    share = Share(sites=frozenset({"North"}))
    assert "first one is for everybody" in office.publish(FIRST, share).problems[0]
    office.publish(FIRST)
    assert "no kiosk" in office.publish(LAST, share).problems[0]
    office.kiosks(early="North")
    assert "already" in office.publish(FIRST, share).problems[0]
    assert isinstance(office.stop(), NotPublished)
    assert isinstance(office.widen(Share(100)), NotPublished)


@only_sqlite
def test_a_kiosk_that_moves_keeps_what_it_has(rolling):
    rolling.fetch(EARLY)
    moved = devices.update().where(devices.c.device_id == EARLY).values(site="East")
    rolling.database.write(lambda c: c.execute(moved))
    assert rolling.days(EARLY) == LAST


def test_a_share_is_of_that_size_and_grows_by_whole_kiosks():
    names = [f"device-{number}" for number in range(4_000)]
    for percent in (10, 25, 50):
        held = sum(Share(percent).holds(name, "") for name in names)
        assert abs(held - 40 * percent) < 120
    assert {place_of(name) for name in names} == set(range(100))
    assert all(Share(25).holds(name, "") for name in names if Share(10).holds(name, ""))


@only_sqlite
@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 20))]
)
def test_whatever_is_done_no_kiosk_sees_a_number_go_back(office, seed):
    """`fetch` looks at each number that a kiosk is given."""
    chance = random.Random(seed)
    names = {f"k{number}": chance.choice(("North", "South")) for number in range(8)}
    office.kiosks(**names)
    office.publish(FIRST)
    for step in range(30):
        share = Share(chance.choice((10, 25, 50, 90)), frozenset(chance.sample(["North"], 1)))
        match chance.randrange(6):
            case 0:
                office.publish(step + 1, chance.choice((None, share)))
            case 1:
                office.widen(replace(share, percent=100) if chance.random() < 0.3 else share)
            case 2:
                office.stop()
            case _:
                office.renew()
        for name in chance.sample(sorted(names), 3):
            office.fetch(name)
    office.stop()
    assert len({office.days(name) for name in names}) == 1


@only_sqlite
def test_over_the_wire_the_heartbeat_and_the_manifest_agree(centre):
    kiosks = [join(centre, "K1"), join(centre, "K2")]
    office = Office(centre.database)
    office.publish(FIRST)
    moved = devices.update().where(devices.c.device_id == kiosks[0].device_id)
    centre.database.write(lambda c: c.execute(moved.values(site="North")))
    office.publish(LAST, Share(sites=frozenset({"North"})))
    found = []
    for kiosk in kiosks:
        answer = kiosk.send("GET", "/v1/policy/manifest")
        made = bundle.open_manifest(answer.content, KEYS)
        again = kiosk.send(
            "GET", "/v1/policy/manifest", headers={"If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304
        found.append((made.number, beat(kiosk).policy_number))
    assert found == [(3, 3), (2, 2)]


def beat(kiosk) -> HeartbeatReply:
    told = Heartbeat(
        time=kiosk.clock.now(), version="1.0", epoch="e1", cursor=0, chain_head="", queued=0
    )
    reply = codec.decode(kiosk.post("heartbeat", codec.encode(told)).content, HeartbeatReply)
    assert reply is not None
    return reply
