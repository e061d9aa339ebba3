"""A shop wants the serial number: the shopper scans it from the goods, or types it."""

from __future__ import annotations

import pytest

from kiosk.flows.model import (
    Answered,
    Asking,
    Bagging,
    Items,
    Press,
    ScanFor,
    StaffCalled,
    TypeSerial,
)
from kiosk.flows.serials import number_in
from kiosk.ports import Scanned, Symbology


def scan(text: str, aim: str = "]C0", symbology: Symbology = Symbology.CODE_128) -> Scanned:
    return Scanned(text, text.encode(), symbology, aim, "camera", 0.0)


@pytest.fixture
def asked(walk):
    """One drill, of which the shop sold SN-1001 and SN-1002."""
    return walk.knows("R2", "serial").scan("R2").press(Press.ALL_HERE)


def test_it_is_asked_for_and_the_reader_looks_for_it(asked):
    assert isinstance(asked.screen, TypeSerial)
    assert asked.do.named("expect")[-1] == (ScanFor.SERIAL,)


def test_typed_without_its_hyphen_it_leads_to_the_bag(asked):
    asked.types("sn1001").press(Press.SUBMIT)
    assert isinstance(asked.screen, Bagging)
    (item,) = asked.screen.drop.items
    assert item.answers == {"evidence_serial": "SN1001"}


def test_scanned_from_its_label_it_leads_to_the_bag(asked):
    asked.on(scan("S/N: SN-1002"))
    assert isinstance(asked.screen, Bagging)


def test_the_products_own_barcode_is_no_serial_number(asked):
    before = asked.session
    asked.on(scan("4006381333931", "]E0", Symbology.EAN_13))
    assert asked.session == before


def test_the_code_that_opened_the_return_still_in_view_says_nothing(asked):
    before = asked.session
    asked.scan("R2")
    assert asked.session == before


def test_two_units_need_two_different_numbers(walk):
    walk.knows("R2", "serial x 2").scan("R2").press(Press.ALL_HERE)
    walk.on(scan("SN-1001")).on(scan("SN-1001"))
    assert (walk.screen.given, walk.screen.problem) == (("SN1001",), None)  # still in view
    walk.types("SN1001").press(Press.SUBMIT)
    assert walk.screen.problem is not None
    walk.types("SN1002").press(Press.SUBMIT)
    (item,) = walk.screen.drop.items
    assert item.answers == {"evidence_serial": "SN1001,SN1002"}


def test_a_slip_is_given_back_twice_then_the_rule_decides(asked):
    for tries in (1, 2):
        asked.types("XX99").press(Press.SUBMIT)
        assert (asked.screen.tries, asked.screen.text) == (tries, "")
        assert asked.screen.problem.why.value == "code_wrong_check"
    asked.types("XX99").press(Press.SUBMIT)
    assert not isinstance(asked.screen, TypeSerial)


def test_any_number_does_where_the_shop_names_none(walk):
    walk.knows("R2", "any serial").scan("R2").press(Press.ALL_HERE)
    walk.types("XX99").press(Press.SUBMIT)
    assert isinstance(walk.screen, Bagging)


def test_who_cannot_find_it_is_helped(asked):
    asked.on(Answered("none"))
    assert isinstance(asked.screen, StaffCalled)


def test_too_short_is_not_taken_and_erase_goes_back_number_by_number(walk):
    walk.knows("R2", "serial x 2").scan("R2").press(Press.ALL_HERE)
    walk.types("SN1001").press(Press.SUBMIT).types("S!N").press(Press.SUBMIT)
    assert (walk.screen.given, walk.screen.text) == (("SN1001",), "SN")
    walk.press(Press.ERASE, Press.ERASE, Press.ERASE)
    assert (walk.screen.given, walk.screen.text) == ((), "")
    walk.press(Press.ERASE, Press.BACK)
    assert isinstance(walk.screen, Items)


def test_a_problem_fades_and_leaving_gives_the_drop_up(asked):
    asked.types("XX99").press(Press.SUBMIT).wait(9)
    assert asked.screen.problem is None
    asked.press(Press.CANCEL)
    assert asked.do.named("abandon")


def test_the_way_of_refund_is_chosen_among_amounts(walk):
    walk.knows("R2", "accept", "refund").scan("R2").press(Press.ALL_HERE)
    assert isinstance(walk.screen, Asking)
    totals = [(offer.answer, offer.total.minor) for offer in walk.screen.offers]
    assert totals == [("original", 2000), ("store_credit", 2200)]
    walk.on(Answered("store_credit"))
    assert isinstance(walk.screen, Bagging)


@pytest.mark.parametrize(
    ("code", "number"),
    [
        (scan("SN-1001"), "SN-1001"),
        (scan("Serial No: A 77"), "A 77"),
        (scan("\x1d010400638133393121XYZ-7", "]C1"), "XYZ-7"),
        (scan("https://shop.example/sn/1", "]Q1", Symbology.QR), ""),
        (scan("A"), ""),
        (scan("9" * 60), ""),
        (scan("TB0000000042M"), ""),
    ],
)
def test_what_a_code_tells_of_a_serial_number(code, number):
    assert number_in(code) == number
