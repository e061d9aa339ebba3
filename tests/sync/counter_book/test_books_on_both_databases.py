"""The same on SQLite and on PostgreSQL: a site, its people, its books, and who gets what."""

from __future__ import annotations

from sync.central.counter_book import comparing, delivering, houses, people, peppers
from sync.central.counter_book.comparing import Changed
from sync.central.database import Database
from sync.central.devices import create_enrolment, enrol
from sync.wire import counter_book as wire
from sync.wire.counter_book import Opened
from sync.wire.messages import Enrol, Enrolled
from tests.sync.conftest import BUNDLE_KEY, IDS, TENANT, Centre
from tests.sync.counter_book.conftest import BY, HOUSE, SITE, Desk


def test_a_site_its_people_and_its_books(database_url, clock, without_server):
    database = Database(database_url)
    centre = Centre(without_server, database, clock)
    desk = Desk(centre)
    desk.begin()
    desk.begin("Street 2")
    card = desk.add("Grace", sites=frozenset({SITE, "Street 2"}))
    desk.publish()
    desk.publish(HOUSE, "Street 2")
    assert people.revoke(desk.do, card.staff_id) is None
    clock.advance(hours=1)
    now = clock.now()
    assert database.write(lambda c: peppers.change(c, IDS, now, BY, SITE)) is not None
    desk.publish()
    with database.reading() as c:
        assert houses.sites(c, TENANT) == (SITE, "Street 2")
        newest, revoked, first = comparing.history(c, TENANT, SITE, 5)
        assert (newest.number, first.changes) == (3, ())
        assert [(one.what, one.names) for one in revoked.changes] == [
            (Changed.PEOPLE_REVOKED, ("Grace",))
        ]
        assert [one.number for one in comparing.history(c, TENANT, "Street 2", 5)] == [2, 1]
    found = delivering.newest(database, _enrolled(database, clock, SITE))
    assert found is not None
    opened = wire.open_book(found.answer.book.encode(), {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    assert isinstance(opened, Opened)
    assert opened.head.number == 3
    assert wire.peppers_of(opened.head, found.answer) is not None
    assert len(found.answer.peppers) == 2
    assert delivering.newest(database, _enrolled(database, clock, "Street 3")) is None
    database.close()


def _enrolled(database, clock, site):
    code = create_enrolment(database, clock, IDS, TENANT, site, f"K{site[-1]}")
    ask = Enrol(
        code=code,
        public_key=BUNDLE_KEY.public.hex(),
        proof=BUNDLE_KEY.sign(code.encode()).hex(),
        version="1",
    )
    told = enrol(database, clock, IDS, ask, "127.0.0.1")
    assert isinstance(told, Enrolled), told
    return told.device_id
