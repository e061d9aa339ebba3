"""`takeback doctor` at a staffed counter: its book, its people, the other counters, its paper."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk import doctor
from kiosk.checks import counter
from kiosk.domain.staff.facts import RosterTaken
from kiosk.seal.keys import SigningKey
from kiosk.settings import Printer, Settings
from kiosk.store import open_store, peppers
from kiosk.store.counter import CounterFacts, ToldFact
from kiosk.store.counter_keeping import CounterKeeping, KeptBook
from kiosk.world import SystemClock, SystemIds
from sync.wire import counter_book as wire
from tests.cli.findings import by_name

ENGINEER = Path(__file__).resolve().parents[2] / "docs" / "engineer.md"
CLOCK, IDS = SystemClock(), SystemIds()
KEY, SECRET = SigningKey("bundle-1", bytes(range(32))), bytes(32)
IDENTITY = """format = 1
device_id = "d1"
kiosk_code = "C1"
tenant = "acme"
site = "Market 3"
centre_url = "http://127.0.0.1:9"
[bundle_keys]
"""
ANN = wire.MemberTold(staff_id="ann", name="Ann", roles=("supervisor",), badge="h:p1:x")
BEN = wire.MemberTold(staff_id="ben", name="Ben", roles=("associate",), badge="h:p1:y")
HOUSE = wire.HouseTold(
    carriers=(wire.CarrierTold(carrier="DHL", name="DHL", proof=wire.ProofTold(ask=("code",))),),
    opening=wire.OpeningTold(
        zone="Europe/Berlin", closes=(wire.ClosesTold(weekday=0, at="19:00"),)
    ),
    shelves=(wire.ShelfTold(shelf_id="A1"), wire.ShelfTold(shelf_id="R1", returns=True)),
)


@pytest.fixture
def at(tmp_path):
    return Settings(profile="counter", data_dir=str(tmp_path))


@pytest.fixture
def store(at):
    opened = open_store(at.data, CLOCK, IDS)
    yield opened
    opened.close()


def keep(store, *members, house=HOUSE, digest=""):
    """A book as the agent takes it; with a wrong `digest` as a disk spoils it."""
    named = (wire.PepperNamed(pepper_id="p1", check=wire.check_of(SECRET)),)
    told = wire.CounterBook(
        tenant="acme",
        site="Market 3",
        number=1,
        issued=CLOCK.now(),
        peppers=named,
        members=members,
        house=house,
    )
    text = wire.seal(told, KEY)
    opened = wire.open_book(text, {KEY.kid: KEY.public})
    assert isinstance(opened, wire.Opened)
    peppers.keep(store.directory, [("p1", SECRET)], IDS)
    kept = KeptBook(1, digest or opened.digest, text.decode())
    CounterKeeping(store).keep_book(kept, RosterTaken(1, len(members)))


def book(at):
    found = by_name(counter.book(at))
    assert all(one.well or one.mend for one in found.values())
    return found


def test_a_counter_that_has_all_it_needs(at, store):
    keep(store, ANN, BEN)
    found = book(at)
    assert all(one.well and not one.mend for one in found.values())
    assert found["counter book"].finding.endswith(": 2 shelves, 1 carriers")
    assert found["counter people"].finding == "2 can sign in"
    told = re.findall(r"^\| `((?:counter|other) [a-z]+)` \|", ENGINEER.read_text(), re.MULTILINE)
    assert set(told) == set(found) | {counter.OTHERS, counter.PAPER}


def test_a_counter_without_a_book(at, store):
    (check,) = counter.book(at)
    assert (check.well, "publish its book" in check.mend) == (False, True)


def test_a_counter_that_never_started(at):
    (check,) = counter.book(at)
    assert (check.well, "no ledger" in check.finding) == (False, True)


def test_a_ledger_that_cannot_be_read(at):
    (at.data / "ledger.db").write_bytes(b"junk" * 5000)
    (check,) = counter.book(at)
    assert (check.well, check.mend) == (False, "See `ledger` above.")


def test_a_book_that_the_disk_has_spoilt(at, store):
    keep(store, ANN, digest="another")
    (check,) = counter.book(at)
    assert (check.well, check.finding) == (False, "book 1 cannot be read any more")


def test_what_this_program_cannot_read_of_a_book(at, store):
    keep(store, ANN, house=msgspec.structs.replace(HOUSE, opening=wire.OpeningTold(zone="Mars")))
    check = book(at)["counter book"]
    assert (check.well, "house.opening" in check.finding) == (False, True)


@pytest.mark.parametrize(
    ("members", "well", "says"),
    [
        ((), False, "nobody is on the list"),
        ((msgspec.structs.replace(ANN, badge=""),), False, "nobody can sign in"),
        ((msgspec.structs.replace(ANN, active=False),), False, "nobody is on the list"),
        ((BEN,), True, "1 can sign in, and none is a supervisor"),
    ],
)
def test_people_that_are_missing(at, store, members, well, says):
    keep(store, *members)
    check = book(at)["counter people"]
    assert (check.well, check.finding) == (well, says)
    assert check.mend


def test_shelves_that_are_missing(at, store):
    keep(store, ANN, house=msgspec.structs.replace(HOUSE, shelves=()))
    assert "only lie at the desk" in book(at)["counter shelves"].mend
    fresh = msgspec.structs.replace(HOUSE, shelves=HOUSE.shelves[:1])
    CounterKeeping(store)._store.meta.set("counter.book_number", "0")
    keep(store, ANN, house=fresh)
    assert "goes back" in book(at)["counter shelves"].mend


def test_secrets_that_went_or_that_others_can_read(at, store):
    keep(store, ANN)
    (at.data / peppers.FILE).chmod(0o644)
    assert "chmod 600" in book(at)["counter secrets"].mend
    (at.data / peppers.FILE).unlink()
    assert book(at)["counter secrets"].well is False


def heard(at, store, device, ago):
    (at.data / "identity.toml").write_text(IDENTITY)
    (at.data / "device.key").write_text("07" * 32)
    millis = int((CLOCK.now() - ago).timestamp() * 1000)
    told = ToldFact(f"{millis:012x}-0000", device, "takeback.parcel.later.v9", "{}")
    CounterFacts(store, "d1").hear([told], 1)
    return counter.others(at)


def test_other_counters_of_the_shop(at, store):
    assert heard(at, store, "centre", timedelta()) == []
    (check,) = heard(at, store, "d2", timedelta(minutes=5))
    assert (check.well, check.mend, "one heard of" in check.finding) == (True, "", True)
    assert "5 min" in check.finding
    (check,) = heard(at, store, "d3", timedelta(days=-1))
    assert (check.well, "ahead" in check.finding) == (False, True)


def test_another_counter_that_was_quiet_for_days(at, store):
    (check,) = heard(at, store, "d2", timedelta(days=3))
    assert (check.well, "run the doctor there" in check.mend) == (True, True)


@pytest.mark.parametrize(
    ("drivers", "well", "says"),
    [
        (("zpl-network",), False, "no printer for receipts"),
        (("escpos-usb",), True, "labels come out of the receipt printer"),
        (("escpos-usb", "zpl-usb"), True, ""),
        ((), True, ""),  # "printers" itself says so
    ],
)
def test_paper_for_receipts_and_for_labels(at, drivers, well, says):
    installed = tuple(Printer(name=name, driver=name) for name in drivers)
    found = counter.papers(msgspec.structs.replace(at, printers=installed))
    assert [(one.well, one.finding[: len(says)]) for one in found] == (
        [(well, says)] if says else []
    )


def test_the_doctor_looks_at_counters_where_there_is_one(at):
    def names(settings):
        return {name for name, _, _ in doctor._looks(settings, print_test=False)}

    mine = {counter.NAME, counter.OTHERS, counter.PAPER}
    assert mine <= names(at)
    assert not mine & names(msgspec.structs.replace(at, profile="shopper"))
