"""A shopper's return done at the counter: the shopper's own flow inside the staff's."""

from __future__ import annotations

import pytest

from kiosk.domain.codes import bag_code
from kiosk.domain.counter.meaning import (
    BagScanned,
    NotKnown,
    PickUpScanned,
    ReturnScanned,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.staff.saying import Because, Refused
from kiosk.flows import model as shopper
from kiosk.flows.counter.model import CounterEvent, Key, OfVisit, Tone
from kiosk.flows.counter.states.desk import Home, SignIn
from kiosk.flows.counter.states.outbound import HandingOut, Returning
from kiosk.flows.model import ReceiptDone, ServiceChanged
from kiosk.ports import Printed, Service
from tests.domain.counter.desk import CODE
from tests.flows.conftest import TIMING as SHOPPERS
from tests.flows.conftest import FakeDo
from tests.flows.counter.conftest import Shift
from tests.flows.counter.fake_desk import ADA, FakeDesk
from tests.flows.counter.test_counter_drops import label
from tests.flows.counter.test_counter_hand_out import lay

BAG = bag_code(7)


@pytest.fixture
def visit() -> FakeDo:
    return FakeDo(lines={"RETURN": ("accept",), "SECOND": ("accept",), "NO": ("refuse",)})


@pytest.fixture
def fake_desk(visit: FakeDo) -> FakeDesk:
    desk = FakeDesk()
    desk.visits = (visit, SHOPPERS)
    for text in ("RETURN", "SECOND", "NO", "STRANGE"):
        desk.means(text, ReturnScanned())
    for text, meaning in (("BAG-7", BagScanned("BAG-7")), ("PARCEL", label())):
        desk.means(text, meaning)
    desk.means("CODE", PickUpScanned(CODE))
    return desk


def screen(shift: Shift) -> object:
    assert isinstance(shift.screen, Returning), shift.screen
    return shift.screen.visit.screen


def touch(shift: Shift, key: shopper.Press) -> None:
    shift.happens(OfVisit(shopper.Pressed(key)))


def bagging(anna: Shift) -> None:
    anna.scan_text("RETURN")
    touch(anna, shopper.Press.ALL_HERE)
    assert isinstance(screen(anna), shopper.Bagging)


def test_a_return_is_one_touch_and_two_scans_as_at_the_kiosk(anna: Shift, visit: FakeDo) -> None:
    bagging(anna)
    anna.scan_text("BAG-7")
    receipt = screen(anna)
    assert isinstance(receipt, shopper.Receipt)
    assert visit.fate == {receipt.drop.drop_id: "committed"}
    anna.happens(OfVisit(ReceiptDone(receipt.drop.drop_id, Printed())))
    touch(anna, shopper.Press.FINISH)
    assert isinstance(screen(anna), shopper.Done)
    anna.desk.wait(seconds=1)
    touch(anna, shopper.Press.ANOTHER)
    assert isinstance(anna.screen, Home)


def test_what_is_wrong_with_the_code_is_said_at_home(anna: Shift, visit: FakeDo) -> None:
    anna.scan_text("STRANGE")
    assert isinstance(anna.screen, Home)
    assert (anna.flash.tone, anna.said) == (Tone.WRONG, Reason(Why.RETURN_UNKNOWN))
    assert visit.fate == {}


def test_a_code_that_staff_type_is_found_too(anna: Shift) -> None:
    anna.press(Key.TYPE_CODE)
    anna.type("STRANGE")
    anna.press(Key.SUBMIT)
    assert isinstance(anna.screen, Home)
    assert anna.flash.tone is Tone.WRONG


def test_staff_end_it_by_their_own_key(anna: Shift, visit: FakeDo) -> None:
    bagging(anna)
    anna.press(Key.BACK)
    assert isinstance(anna.screen, Home)
    assert list(visit.fate.values()) == ["abandoned"]


def test_a_visit_that_nobody_goes_on_with_is_given_up(anna: Shift, visit: FakeDo) -> None:
    bagging(anna)
    visit.time += 1000
    anna.wait(1)
    assert isinstance(anna.screen, Home)
    assert list(visit.fate.values()) == ["abandoned"]


def test_whoever_signs_out_gives_it_up(anna: Shift, visit: FakeDo) -> None:
    bagging(anna)
    anna.press(Key.SIGN_OUT)
    assert isinstance(anna.screen, SignIn)
    assert list(visit.fate.values()) == ["abandoned"]


def test_somebody_else_s_badge_lays_it_aside_and_its_owner_goes_on(
    anna: Shift, visit: FakeDo
) -> None:
    bagging(anna)
    anna.sign_in(ADA)
    assert isinstance(anna.screen, Home)
    anna.sign_in()
    assert isinstance(screen(anna), shopper.Bagging)
    anna.scan_text("BAG-7")
    assert list(visit.fate.values()) == ["committed"]


@pytest.mark.parametrize("text", ["PARCEL", "CODE"])
def test_while_a_bag_is_asked_for_other_codes_are_the_shopper_s(
    anna: Shift, visit: FakeDo, text: str
) -> None:
    lay(anna.desk, "P1")
    bagging(anna)
    anna.scan_text(text)
    assert isinstance(screen(anna), shopper.Bagging)
    assert visit.fate == {}


def test_once_it_is_promised_the_next_scan_is_the_counter_s(anna: Shift) -> None:
    lay(anna.desk, "P1")
    bagging(anna)
    anna.scan_text("BAG-7")
    anna.scan_text("BAG-7")
    assert isinstance(screen(anna), shopper.Receipt)
    anna.scan_text("CODE")
    assert isinstance(anna.screen, HandingOut)


def test_a_refused_return_leaves_the_counter_free(anna: Shift, visit: FakeDo) -> None:
    anna.scan_text("NO")
    assert isinstance(screen(anna), shopper.Refused)
    anna.scan_text("PARCEL")
    assert not isinstance(anna.screen, Returning)
    assert list(visit.fate.values()) == ["refused"]


def test_a_return_is_never_practice(anna: Shift, visit: FakeDo) -> None:
    anna.press(Key.HELP, Key.TRAINING)
    assert anna.session.training
    anna.scan_text("RETURN")
    assert not isinstance(anna.screen, Returning)
    assert isinstance(anna.said, Refused)
    assert anna.said.because is Because.IN_TRAINING
    assert visit.calls == []


def test_what_means_nothing_there_changes_nothing(anna: Shift) -> None:
    anna.scan_text("RETURN")
    anna.scan(NotKnown(Reason(Why.CODE_FOREIGN)))
    before = anna.screen
    touch(anna, shopper.Press.ERASE)
    events: list[CounterEvent] = [OfVisit(shopper.Typed("x")), OfVisit(ServiceChanged(Service()))]
    for event in events:
        anna.happens(event)
    assert anna.screen is before
