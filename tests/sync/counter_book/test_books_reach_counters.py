"""A book over the line: taken by a counter, refused where anything about it is wrong."""

from __future__ import annotations

import hashlib

import msgspec
import pytest

from kiosk.domain.codes import parse
from kiosk.domain.codes.model import BadgeCode
from kiosk.domain.counter.book import forgiven
from kiosk.domain.staff import badges, sessions
from kiosk.domain.staff.facts import BookRejected, Ended, RosterTaken
from kiosk.domain.staff.people import Roster
from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from kiosk.store import peppers
from kiosk.store.counter_keeping import CounterKeeping
from sync.agent.counter_book import standing
from sync.central.counter_book import people
from sync.central.counter_book import peppers as secrets
from sync.central.devices import revoke
from sync.central.tables import counter_books, counter_houses
from sync.wire import bundle, codec
from sync.wire import counter_book as wire
from sync.wire.counter_book import BookFault, CounterBook, Opened
from tests.sync.boxes import Box, facts
from tests.sync.conftest import BUNDLE_KEY
from tests.sync.counter_book.conftest import BY, HOUSE, IDS, SITE


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


class Kept:
    """The keeping of a store that the box opens, and opens again."""

    box: CounterBox

    def __getattr__(self, name: str) -> object:
        return getattr(CounterKeeping(self.box.store), name)


class CounterBox(Box):
    def __init__(self, centre, clock, folder):
        books = Kept()
        books.box = self
        super().__init__(centre, clock, folder, books=books, site=SITE)

    @property
    def book(self):
        return standing(CounterKeeping(self.store))

    def beat(self):
        self.clock.advance(seconds=90)
        self.settle()

    def again(self):
        self.close()
        self.open()
        self.beat()


@pytest.fixture
def box(centre, clock, tmp_path, desk):
    made = CounterBox(centre, clock, tmp_path / "counter")
    yield made
    made.close()


def forge(centre, change=None, key=BUNDLE_KEY, kind=wire.PAYLOAD_TYPE, raw=None):
    """Put something in the place of the newest book, as somebody with the database could."""
    row = centre.rows(counter_books)[-1]
    opened = wire.open_book(row["envelope"], {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    assert isinstance(opened, Opened)
    told = codec.decode(codec.encode(opened.data), CounterBook)
    assert told is not None
    sealed = envelope.seal(codec.encode(change(told) if change else told), kind, key)
    sealed = raw(row["envelope"]) if raw else sealed

    def work(c):
        mine = counter_books.c.number == row["number"]
        c.execute(counter_books.update().where(mine).values(envelope=sealed))
        etag = hashlib.sha256(sealed).hexdigest()
        c.execute(counter_houses.update().values(etag=etag))

    centre.database.write(work)


def causes(centre):
    return [one["cause"] for one in facts(centre, BookRejected.type)]


def test_a_counter_takes_its_sites_book_and_its_secrets(desk, box, centre):
    card = desk.add("Ada")
    desk.publish()
    box.beat()
    assert box.book.number == 1
    assert box.book.doubts == ()
    badge = parse(card.badge, card.badge.encode(), "")
    assert isinstance(badge, BadgeCode)
    (pepper,) = peppers.read(box.store.directory)
    member = box.book.roster.of_badge(badges.digest(badge, pepper[1]))
    assert member is not None
    assert member.name == "Ada"
    assert [one.shelf_id for one in box.book.shelves] == ["A1", "R1"]
    assert box.states[-1].books == 1
    assert facts(centre, RosterTaken.type) == [{"number": 1, "people": 1}]
    ledger = (box.store.directory / "ledger.db").read_bytes()
    assert pepper[1].hex().encode() not in ledger


def test_nothing_is_fetched_while_nothing_is_newer(desk, box, centre):
    desk.publish()
    box.beat()
    box.beat()
    box.again()
    assert box.book.number == 1
    assert len(facts(centre, RosterTaken.type)) == 1
    assert box.states[-1].books == 0  # since it was started anew


def test_whoever_is_revoked_is_out_with_the_next_heartbeat_though_signed_in(desk, box):
    card = desk.add("Ada")
    desk.publish()
    box.beat()
    at = int(box.clock.now().timestamp())
    session = sessions.Session(card.staff_id, at, at)
    assert sessions.over(session, box.book.times, box.book.roster, at) is None
    assert people.revoke(desk.do, card.staff_id) is None
    box.beat()
    assert sessions.over(session, box.book.times, box.book.roster, at) is Ended.REVOKED


def test_a_new_start_pin_forgives_wrong_tries(desk, box):
    card = desk.add("Ada")
    desk.add("Grace")
    desk.publish()
    box.beat()
    before = box.book.roster
    people.issue(desk.do, card.staff_id, badge=False, pin=True)
    box.beat()
    assert forgiven(before, box.book.roster) == {card.staff_id}
    assert forgiven(box.book.roster, box.book.roster) == frozenset()
    assert forgiven(Roster(), before) == {one.staff_id for one in before.members}


def change(**values):
    return lambda book: msgspec.structs.replace(book, **values)


def twins(book):
    return msgspec.structs.replace(book, members=(*book.members, *book.members))


STRANGER = SigningKey("stranger", bytes(32))
SAME_NAME = SigningKey(BUNDLE_KEY.kid, bytes(32))
OTHER_PEPPER = (wire.PepperNamed(pepper_id="p", check="0" * 16),)


WRONG = (
    ({"key": STRANGER}, BookFault.UNKNOWN_KEY),
    ({"key": SAME_NAME}, BookFault.BAD_SIGNATURE),
    ({"kind": bundle.PAYLOAD_TYPE}, BookFault.UNREADABLE),
    ({"raw": lambda data: data[: len(data) // 2]}, BookFault.UNREADABLE),
    ({"raw": lambda data: data[:-1] + b" " * wire.MAX_BOOK + b"}"}, BookFault.TOO_LARGE),
    ({"change": change(tenant="other")}, BookFault.WRONG_TENANT),
    ({"change": change(site="Street 2")}, BookFault.WRONG_SITE),
    ({"change": change(number=0)}, BookFault.UNREADABLE),
    ({"change": change(number=1)}, BookFault.ROLLBACK),
    ({"change": lambda book: change(number=book.number - 1)(book)}, BookFault.NUMBER_REUSED),
    ({"change": change(peppers=())}, BookFault.UNREADABLE),
    ({"change": change(peppers=OTHER_PEPPER)}, BookFault.WRONG_PEPPER),
    ({"change": twins}, BookFault.WRONG_ROSTER),
)


def test_a_book_that_is_not_right_is_told_once_and_the_old_one_goes_on(desk, box, centre):
    desk.add("Ada")
    desk.publish()
    for told, (how, cause) in enumerate(WRONG, 1):
        # What came after the one before is taken, as if nothing had been.
        desk.publish(msgspec.structs.replace(HOUSE, language=f"l{told}"))
        box.beat()
        held = box.book
        assert held.language == f"l{told}"
        desk.publish(msgspec.structs.replace(HOUSE, language="de"))
        forge(centre, **how)
        box.beat()
        assert causes(centre)[told - 1 :] == [cause]
        assert box.book == held
    box.beat()
    assert len(causes(centre)) == len(WRONG)


def test_lost_or_spoilt_secrets_are_told_again(desk, box):
    desk.publish()
    box.beat()
    path = box.store.directory / peppers.FILE
    told = peppers.read(box.store.directory)
    path.unlink()
    box.again()
    assert peppers.read(box.store.directory) == told


def test_a_changed_secret_reaches_the_counter_beside_the_old_one(desk, box, centre):
    desk.add("Ada")
    desk.publish()
    box.beat()
    centre.clock.advance(hours=1)
    now = centre.clock.now()
    centre.database.write(lambda c: secrets.change(c, IDS, now, BY, SITE))
    desk.publish()
    box.beat()
    held = peppers.read(box.store.directory)
    assert tuple(name for name, _ in held) == box.book.peppers
    assert len(held) == 2


def test_a_site_without_a_counter_and_a_revoked_kiosk_get_no_book(desk, box, centre):
    box.beat()
    assert box.book is None
    desk.publish()
    revoke(centre.database, centre.clock, BY, box.me.device_id, "stolen")
    box.beat()
    assert box.book is None
    assert peppers.read(box.store.directory) == ()


def test_a_book_with_five_thousand_shelves_travels(desk, box):
    shelves = tuple(
        wire.ShelfTold(shelf_id=f"S{number}", zone="hall", carriers=("dhl",), sizes=("small",))
        for number in range(wire.MAX_SHELVES)
    )
    desk.publish(msgspec.structs.replace(HOUSE, shelves=shelves))
    box.beat()
    assert len(box.book.shelves) == wire.MAX_SHELVES
