"""Badge and PIN at the real desk: counted before the answer, over restarts, alike for everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.app.counter.pins import SealedPins
from kiosk.domain.counter.commands import Receive
from kiosk.domain.staff.saying import Because, Refused
from kiosk.domain.staff.signing_in import Shown, SignedIn
from kiosk.store import StoreCause, StoreFailed
from tests.app.conftest import NumberedIds
from tests.app.counter.counting import ANNA, BEN, TEAM, book

GOOD = ANNA.verifier.removeprefix("pin:")


def because(answer: object) -> Because:
    assert isinstance(answer, Refused), answer
    return answer.because


def test_who_shows_badge_and_pin_is_in_and_nothing_is_told_but_the_failures(counter):
    assert because(counter.tries(ANNA, "000000")) is Because.SIGN_IN_NOT_GOOD
    assert isinstance(counter.tries(ANNA, GOOD), SignedIn)
    assert counter.told() == [("staff.sign_in_failed", "anna")]


@pytest.mark.parametrize(
    "shown",
    [
        Shown("badge-nobody", pin=True),
        Shown(staff_id="nobody", pin=True),
        Shown(staff_id="ben", pin=True),  # a supervisor without a badge
        Shown("badge-anna", pin=True),
    ],
)
def test_every_try_that_fails_checks_one_pin_and_writes_once(counter, shown):
    head = counter.store.outbox.position().queued
    assert because(counter.desk.sign_in(shown, "999999")) is Because.SIGN_IN_NOT_GOOD
    assert counter.pins.checked == 1
    assert counter.store.outbox.position().queued == head + 1
    assert counter.store.meta.get("counter.tries")


def test_brute_force_waits_longer_and_longer_over_restarts(counter):
    """A machine that types the whole day, and pulls the plug after each answer."""
    typed = refused = 0
    for _ in range(300):
        answer = counter.tries(ANNA, f"{typed:06d}")
        if because(answer) is Because.TOO_MANY_TRIES:
            refused += 1
            counter.wait(seconds=60)
        else:
            typed += 1
        if typed % 9 == 0:
            counter.again()
    assert refused > 150
    assert typed < 100, "of a million PINs, in four hours"


def test_a_clock_that_is_set_back_opens_nothing(counter):
    while because(counter.tries(BEN, "000000")) is not Because.TOO_MANY_TRIES:
        pass
    counter.wait(hours=-5)
    counter.again()
    assert because(counter.tries(BEN, "000000")) is Because.TOO_MANY_TRIES


def test_a_try_that_cannot_be_written_is_not_answered_and_counts(counter, monkeypatch):
    def full(*_: object) -> None:
        raise StoreFailed(StoreCause.FULL)

    monkeypatch.setattr(counter.store, "run", full)
    answers = {because(counter.tries(ANNA, pin)) for pin in ("000000", GOOD)}
    assert answers == {Because.NOT_RECORDED}, "right and wrong are alike"
    while because(counter.tries(ANNA, "000000")) is not Because.TOO_MANY_TRIES:
        pass


def test_a_chosen_pin_is_good_from_then_on_and_until_the_centre_asks_anew(counter):
    assert because(counter.desk.choose_pin("anna", "123456")) is Because.PIN_TOO_EASY
    assert because(counter.desk.choose_pin("nobody", "917364")) is Because.NOT_ALLOWED
    assert counter.desk.choose_pin("anna", "917364") is None
    assert isinstance(counter.tries(ANNA, "917364"), SignedIn)
    assert because(counter.tries(ANNA, GOOD)) is Because.SIGN_IN_NOT_GOOD
    counter.again()
    assert isinstance(counter.tries(ANNA, "917364"), SignedIn)
    raised = replace(ANNA, pin_round=2)
    counter.desk.take_book(book(2, team=(raised, *TEAM[1:])))
    assert because(counter.tries(ANNA, "917364")) is Because.SIGN_IN_NOT_GOOD


def test_a_new_round_of_the_centre_forgives_wrong_pins(counter):
    for _ in range(4):
        counter.tries(ANNA, "000000")
    assert because(counter.tries(ANNA, GOOD)) is Because.SIGN_IN_NOT_GOOD, "locked for a while"
    counter.desk.take_book(book(2, team=TEAM))
    assert because(counter.tries(ANNA, GOOD)) is Because.SIGN_IN_NOT_GOOD
    counter.desk.take_book(book(3, team=(replace(ANNA, pin_round=2), *TEAM[1:])))
    counter.again()
    assert isinstance(counter.tries(ANNA, GOOD), SignedIn)


def test_who_is_off_the_list_is_out_at_once_and_their_pin_goes(counter):
    counter.desk.choose_pin("anna", "917364")
    staff = counter.at(ANNA)
    counter.desk.take_book(book(2, team=TEAM[1:]))
    assert because(counter.desk.act(staff, Receive("P1", "dhl"))) is Because.SESSION_OVER
    assert counter.desk.premises.keeping.pins() == ()


def test_a_supervisor_forgives_wrong_pins(counter):
    for _ in range(4):
        counter.tries(ANNA, "000000")
    assert because(counter.tries(ANNA, GOOD)) is Because.SIGN_IN_NOT_GOOD, "locked for a while"
    assert because(counter.desk.unlock(counter.at(ANNA), "anna")) is Because.NOT_ALLOWED
    assert counter.desk.unlock(counter.at(BEN), "anna") is None
    counter.again()
    assert isinstance(counter.tries(ANNA, GOOD), SignedIn)
    assert ("staff.pin_unlocked", "anna") in counter.told()


def test_the_real_port_makes_and_checks_verifiers_of_one_cost():
    pins = SealedPins(NumberedIds())
    verifier = pins.make("481620")
    assert pins.matches(verifier, "481620")
    assert not pins.matches(verifier, "481621")
    assert not pins.matches(pins.nobodys, "481620")
    cost = verifier.split("$")[1:4]
    assert pins.nobodys.split("$")[1:4] == cost == ["argon2id", "v=19", "m=19456,t=2,p=1"]
