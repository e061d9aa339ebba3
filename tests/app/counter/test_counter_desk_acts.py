"""What staff do is on the disk with all that belongs to it, or it did not happen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.acting import Acted
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.outbound_facts import BagCommitted
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelShelved, ProofFact
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.saying import Because, Refused
from kiosk.domain.staff.overrides import Approval, Wanted
from kiosk.domain.staff.permits import Needs
from kiosk.domain.staff.saying import Because as StaffBecause
from kiosk.domain.staff.saying import Refused as StaffRefused
from kiosk.store import StoreCause, StoreFailed
from tests.app.counter.counting import ANNA, BEN, Counter

STROKES = (((10, 10), (500, 400), (900, 100)),)


def on_shelf(counter: Counter, number: str = "P1", carrier: str = "free") -> None:
    counter.do(ask.Receive(number, carrier))
    counter.do(ask.Shelve(number, "A1"))


def full(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk takes nothing any more."""

    def refuses(*_: object) -> None:
        raise StoreFailed(StoreCause.FULL, "no room")

    monkeypatch.setattr(counter.store, "run", refuses)


def test_a_days_work_is_there_after_a_restart(counter):
    on_shelf(counter)
    before = counter.desk.shop()
    counter.again()
    assert counter.desk.shop() == before
    assert counter.desk.shop().parcels["P1"].shelf_id == "A1"
    assert counter.told()[-2:] == [("parcel.received", "P1"), ("parcel.shelved", "P1")]


def test_nothing_of_it_happened_where_the_disk_is_full(counter, monkeypatch):
    on_shelf(counter)
    full(counter, monkeypatch)
    answer = counter.ask(ask.HandOut(("P1",)))
    assert isinstance(answer, Refused)
    assert answer.because is Because.NOT_RECORDED
    assert counter.desk.shop().parcels["P1"].state is ParcelState.SHELVED
    monkeypatch.undo()
    counter.do(ask.HandOut(("P1",)))


def test_nobody_who_is_not_signed_in_or_not_allowed_does_anything(counter):
    on_shelf(counter)
    counter.do(ask.ProvideContainer("c1", "TC1", "dhl", 5))
    answer = counter.desk.act(replace(counter.at(), session=None), ask.Shelve("P1", "A2"))
    assert isinstance(answer, StaffRefused)
    assert answer.because is StaffBecause.SESSION_OVER
    assert isinstance(counter.ask(ask.ReportLost("c1")), Needs)
    assert counter.desk.shop().parcels["P1"].shelf_id == "A1"


def test_what_a_second_person_signs_for_is_told_with_the_act(counter):
    counter.do(ask.ProvideContainer("c1", "TC1", "dhl", 5))
    wanted = Wanted(ask.ReportLost, "c1", "machine_fault")
    second = Approval(counter.signed(BEN), ask.ReportLost, "c1")
    answer = counter.desk.act(counter.at(ANNA), ask.ReportLost("c1"), wanted, second)
    assert isinstance(answer, Acted)
    assert counter.told()[-2:] == [("staff.overridden", "c1"), ("container.lost", "c1")]
    counter.do(ask.ProvideContainer("c2", "TC2", "dhl", 5))
    again = replace(wanted, about="c2")
    refused = counter.desk.act(counter.at(ANNA), ask.ReportLost("c2"), again, second)
    assert isinstance(refused, StaffRefused)
    assert refused.because is StaffBecause.SECOND_FOR_SOMETHING_ELSE


def test_who_approved_a_hand_out_is_somebody_who_can(counter):
    on_shelf(counter, carrier="somebody without a rule")
    for name in ("anna", "nobody", "eve"):
        shown = ProofFact(approved_by=name)
        assert isinstance(counter.ask(ask.HandOut(("P1",), shown=shown)), StaffRefused)
    counter.do(ask.HandOut(("P1",), shown=ProofFact(approved_by="ben")))


def test_a_labelled_drop_has_its_number_for_an_id(counter):
    answer = counter.desk.take_drop(counter.at(), "LABEL-1", "dhl")
    assert isinstance(answer, tuple)
    _, number = answer
    assert number == counter.desk.shop().bags["LABEL-1"].drop_id
    _, second = counter.desk.take_drop(counter.at(), "LABEL-2", "dhl")
    assert (number[:9], second[:9]) == ("K1-000001", "K1-000002")
    counter.again()
    assert counter.desk.shop().bags["LABEL-2"].drop_id == second
    again = counter.desk.take_drop(counter.at(), "LABEL-1", "dhl")
    assert isinstance(again, Refused)
    _, third = counter.desk.take_drop(counter.at(), "LABEL-3", "dhl")
    assert third.startswith("K1-000003"), "a drop that is refused costs no number"


def test_a_labelled_drop_promised_nothing_so_that_one_person_may_void_it(counter):
    counter.desk.take_drop(counter.at(), "LABEL-1", "dhl")
    counter.do(ask.VoidDrop("LABEL-1", "taken_by_mistake"))
    assert counter.desk.shop().bags["LABEL-1"].state is BagState.VOIDED


def test_what_came_at_another_kiosk_takes_two_to_void(counter):
    today = counter.now.date().isoformat()
    drop = BagCommitted("B7", "01950000-0000-7000-8001-000000000001", "", today)
    counter.hear(("019500000001-0000", "kiosk-9", drop))
    assert isinstance(counter.ask(ask.VoidDrop("B7", "goodwill")), Needs)
    assert isinstance(counter.ask(ask.ReceiveInstead("B7", "dhl")), StaffRefused)


def test_a_signature_is_kept_from_the_hand_out_on_and_not_before(counter):
    counter.do(ask.Receive("P1", "gls"))
    given = counter.desk.keep_signature(STROKES)
    dropped = counter.desk.keep_signature((((0, 0), (900, 900)),))
    counter.do(ask.HandOut(("P1",), shown=ProofFact(name=True, signature=given)))
    counter.again()
    assert counter.signatures.read(given) is not None
    assert counter.signatures.read(dropped) is None


def test_a_crash_between_the_fact_and_its_drawing_keeps_the_drawing(counter, monkeypatch):
    counter.do(ask.Receive("P1", "gls"))
    given = counter.desk.keep_signature(STROKES)

    def died(*_: object) -> None:
        raise StoreFailed(StoreCause.IO, "died")

    monkeypatch.setattr(counter.signatures, "given", died)
    counter.do(ask.HandOut(("P1",), shown=ProofFact(name=True, signature=given)))
    counter.again()
    assert counter.signatures.open_ones() == ()
    assert counter.signatures.read(given) is not None


def test_parcels_expire_when_their_last_day_is_over_and_once(counter):
    on_shelf(counter, carrier="dhl")
    assert counter.desk.expire() == 0
    counter.wait(days=8)
    assert counter.desk.expire() == 1
    assert counter.desk.expire() == 0
    assert counter.told()[-1] == ("parcel.expired", "P1")


def test_what_the_others_tell_is_taken_in_and_a_later_act_sorts_after_it(counter):
    ahead = f"{int(counter.now.timestamp() * 1000) + 3_600_000:012x}-0003"
    assert counter.hear((ahead, "counter-2", ParcelAnnounced("P1", "free")))
    assert not counter.desk.heard()
    on_shelf(counter)
    stamps = [one.stamp for one in counter.desk.shop().parcels.story("P1")]
    assert stamps == sorted(stamps)
    assert stamps[1].hlc > ahead
    counter.again()
    assert counter.desk.premises.now() == counter.now, "the other's clock is not ours"


def test_an_undo_at_the_other_counter_is_seen_here(counter):
    on_shelf(counter)
    latest = counter.desk.shop().latest
    later = f"{int(latest[:12], 16) + 5:012x}-0000"
    assert counter.hear((later, "counter-2", ParcelShelved("P1", "A2", "cara")))
    assert counter.desk.shop().parcels["P1"].shelf_id == "A2"
    assert counter.desk.shop().lying("A1") == set()
