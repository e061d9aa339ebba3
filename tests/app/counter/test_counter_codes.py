"""What a scan is at the real desk; pick-up codes and the wrong ones; training."""

from __future__ import annotations

from kiosk.app.counter import practising
from kiosk.domain import codes
from kiosk.domain.codes.model import BadgeCode, PickUpCode
from kiosk.domain.counter import commands as ask
from kiosk.domain.counter import meaning as means
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.commands import Role
from kiosk.domain.counter.meaning import which
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, PickUpCodeIssued
from kiosk.domain.counter.pick_up import NOT_GOOD, Limit, digest
from kiosk.domain.counter.planning import Plan
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.staff import badges
from kiosk.domain.staff.saying import Refused as StaffRefused
from tests.app.counter.counting import ANNA, PEPPERS, TEAM, Counter, book, member, scan

VALUE = 0x12_3456_789A
NEW, OLD = (secret for _, secret in PEPPERS)


def code(value: int = VALUE) -> PickUpCode:
    found = codes.parse_pick_up(codes.typed_pick_up_code(value))
    assert isinstance(found, PickUpCode)
    return found


def waits(counter: Counter, number: str = "P1", value: int = VALUE, pepper: bytes = NEW) -> None:
    stamp = f"0195000000{len(counter.desk.shop().parcels):02x}-0000"
    issued = PickUpCodeIssued((number,), digest(code(value), pepper))
    counter.hear((stamp, "centre", ParcelAnnounced(number, "dhl")), (stamp, "centre-2", issued))
    counter.do(ask.Receive(number, "dhl"))
    counter.do(ask.Shelve(number, "A1"))


def opened(counter: Counter, value: int = VALUE) -> object:
    found = counter.desk.identify(scan(codes.pick_up_code(value)))
    assert isinstance(found, means.PickUpScanned)
    return counter.desk.plan(found.digest)


MEANINGS = {
    codes.shelf_code("A1"): means.ShelfScanned("A1"),
    codes.bag_code(42): means.BagScanned("TB0000000042M"),
    codes.container_code(42): means.ContainerScanned("TC0000000042D"),
    codes.seal_code(42): means.SealScanned("TZ0000000042V"),
    codes.round_code("Royal Mail", "R7", 38): means.DriverScanned("Royal Mail", "R7", 38),
    codes.short_code(7): means.ReturnScanned(),
    "4006381333931": means.ItemScanned("04006381333931"),
}


def test_each_code_has_its_meaning_scanned_or_typed(counter):
    for text, meaning in MEANINGS.items():
        assert counter.desk.identify(scan(text)) == meaning
        assert counter.desk.identify(text) == meaning


def test_a_parcels_label_may_be_two_carriers_and_the_shop_knows_which(counter):
    text = "00340434161094042557"
    found = counter.desk.identify(scan(text))
    assert isinstance(found, means.ParcelScanned)
    counter.do(ask.Receive(found.readings[-1].number, found.readings[-1].carrier or "dhl"))
    again = counter.desk.identify(scan(text))
    assert isinstance(again, means.ParcelScanned)
    assert which(counter.desk.shop(), again) in again.readings


def test_a_number_that_no_table_knows_is_a_parcel_once_it_was_announced(counter):
    assert isinstance(counter.desk.identify(scan("X-1 unheard of")), means.NotKnown)
    counter.hear(("019500000001-0000", "centre", ParcelAnnounced("X-1 unheard of", "local")))
    found = counter.desk.identify("X-1 unheard of")
    assert isinstance(found, means.ParcelScanned)
    assert [(one.carrier, one.number) for one in found.readings] == [("local", "X-1 unheard of")]


def test_a_badge_is_its_digest_under_the_pepper_that_knows_it(counter):
    badge = BadgeCode("0123456789ABCDEF")
    text = codes.badge_code(int.from_bytes(b"0123456789"))
    found = counter.desk.identify(scan(text))
    assert isinstance(found, means.BadgeScanned)
    assert text.removeprefix("TS1:")[:8] not in repr(found)
    old = member("dora", Role.ASSOCIATE, "481620", badge=badges.digest(badge, OLD))
    counter.desk.take_book(book(2, team=(*TEAM, old)))
    assert counter.desk.house().roster.of_badge(badges.digest(badge, OLD)) == old


def test_a_code_of_either_pepper_opens_its_parcels(counter):
    waits(counter)
    waits(counter, "P2", VALUE + 1, OLD)
    for value, number in ((VALUE, "P1"), (VALUE + 1, "P2")):
        plan = opened(counter, value)
        assert isinstance(plan, Plan)
        assert [stop.numbers for stop in plan.stops] == [(number,)]


def test_wrong_unknown_and_used_are_one_answer_and_written_alike(counter):
    waits(counter)
    counter.do(ask.HandOut(("P1",), digest(code(), NEW)))
    writes = []
    for value in (VALUE, VALUE + 5):
        before = counter.store.meta.get("counter.code_tries")
        assert opened(counter, value) == NOT_GOOD
        writes.append(counter.store.meta.get("counter.code_tries") != before)
    assert writes == [True, True]


def test_too_many_wrong_codes_bar_the_counter_over_a_restart_and_not_for_ever(counter):
    waits(counter)
    for guess in range(Limit().tries):
        assert opened(counter, guess) == NOT_GOOD
    counter.again()
    barred = opened(counter)
    assert isinstance(barred, Refused)
    assert barred.because is Because.TOO_MANY_TRIES
    counter.wait(hours=-3)
    assert isinstance(opened(counter), Refused), "a clock set back opens nothing"
    counter.wait(hours=3, seconds=Limit().pause)
    assert isinstance(opened(counter), Plan)


def test_wrong_codes_for_a_parcel_are_counted_for_it(tmp_path):
    counter = Counter(tmp_path / "data", limit=Limit(3, 600, 600))
    waits(counter)
    for guess in range(2):
        answer = counter.ask(ask.HandOut(("P1",), digest(code(guess), NEW)))
        assert answer == NOT_GOOD
    counter.wait(seconds=601)  # the counter's own window is over, as is the parcel's
    assert isinstance(counter.ask(ask.HandOut(("P1",), digest(code(), NEW))), Acted)
    kept = counter.desk.premises.keeping.code_tries(counter.desk.at())
    assert set(kept.parcels) == {"P1"}
    counter.close()


def test_spoilt_tries_bar_the_counter_once(counter):
    waits(counter)
    counter.store.meta.set("counter.code_tries", "spoilt")
    counter.again()
    assert isinstance(opened(counter), Refused)
    counter.wait(seconds=Limit().pause)
    assert isinstance(opened(counter), Plan)


def test_training_has_a_shop_of_its_own_and_leaves_nothing_on_the_disk(counter):
    waits(counter)
    before = (counter.told(), counter.desk.shop().latest)
    counter.desk.train(True)
    staff = counter.at(ANNA, training=True)
    found = counter.desk.identify(counter.desk.practice_code())
    assert found == counter.desk.identify(scan(practising.SCANNED))
    assert isinstance(found, means.PickUpScanned)
    plan = counter.desk.plan(found.digest)
    assert isinstance(plan, Plan)
    assert plan.count == 2
    assert "P1" not in counter.desk.shop().parcels
    assert isinstance(counter.desk.act(staff, ask.Shelve("TRAINING-1", "A1")), Acted)
    assert isinstance(counter.desk.act(staff, ask.ReportMissing("TRAINING-2")), Acted)
    assert isinstance(counter.desk.act(staff, ask.Shelve("P1", "A2")), Refused)
    acted, number = counter.desk.take_drop(staff, "LABEL-1", "dhl")
    assert (number, isinstance(acted, Acted)) == ("TRAINING", True)
    name = counter.desk.keep_signature((((0, 0), (900, 900)),))
    assert (len(name), counter.signatures.has(name)) == (64, False)
    assert counter.desk.plan("nobody's") == NOT_GOOD
    assert counter.desk.plates("bag", 2) == range(1, 3)
    counter.desk.train(False)
    assert counter.desk.practice_code() == ""
    assert (counter.told(), counter.desk.shop().latest) == before
    assert counter.store.meta.get("counter.code_tries") is None
    assert counter.store.meta.get("counter.plates.bag") is None
    assert opened(counter, practising._BITS) == NOT_GOOD, "training's code opens nothing here"


def test_practice_and_work_never_mix(counter):
    """Whatever the screen believes: a session in training records nothing, a real one does not
    practise."""
    training, working = counter.at(ANNA, training=True), counter.at(ANNA)
    assert isinstance(counter.desk.act(training, ask.Receive("P1", "dhl")), StaffRefused)
    counter.desk.train(True)
    assert isinstance(counter.desk.act(working, ask.Receive("P1", "dhl")), StaffRefused)
    counter.desk.train(False)
    assert len(counter.desk.shop().parcels) == 0
    assert counter.told() == []


def test_every_training_is_another_shop(counter):
    counter.desk.train(True)
    first = counter.desk.shop()
    counter.desk.train(False)
    counter.desk.train(True)
    assert counter.desk.shop() is not first
    assert {one.number for one in counter.desk.shop().parcels} >= {"TRAINING-1", "TRAINING-4"}
    assert counter.desk.shop().shelves["A1"].room == 2
