"""Badge and PIN; one answer and one piece of work for everybody; what brute force gets."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.facts import SignInFailed, Slip
from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.saying import Because, Refused
from kiosk.domain.staff.signing_in import (
    NOT_GOOD,
    Shown,
    SignedIn,
    SignInRule,
    asks_pin,
    must_wait,
)
from kiosk.domain.staff.tries import (
    OF_DEVICE,
    OF_MEMBER,
    UNTIL_UNLOCKED,
    Tries,
    Trying,
    after_right,
    after_wrong,
    from_data,
    to_data,
    unlocked,
    waits,
)
from tests.domain.staff.team import ANNA, BEN, MONDAY, NOBODYS, TEAM, Counter, changed

WEEK = 7 * 86_400
BADGE_ALONE = SignInRule(badge_alone=frozenset(Role))


def test_an_associate_signs_in_by_id_and_pin() -> None:
    result = Counter().by_id("anna", "481620")
    assert result.answer == SignedIn("anna", ANNA.roles, badge=False, pin=True, at=MONDAY)


def test_a_supervisor_needs_badge_and_pin_whatever_the_site_sets() -> None:
    counter = Counter(rule=SignInRule(frozenset(Role), frozenset(Role)))
    assert counter.by_id("ben", "730915").fact == SignInFailed("ben", Slip.BADGE_NEEDED)
    assert counter.by_badge("badge-b").fact == SignInFailed("ben", Slip.PIN_NEEDED)
    assert isinstance(counter.by_badge("badge-b", "730915").answer, SignedIn)


def test_a_badge_is_enough_where_the_site_says_so() -> None:
    assert isinstance(Counter(rule=BADGE_ALONE).by_badge("badge-a").answer, SignedIn)
    assert Counter().by_badge("badge-a").answer is NOT_GOOD


def test_the_pin_pad_comes_also_after_a_badge_that_nobody_has() -> None:
    asked = [asks_pin(TEAM, badge, BADGE_ALONE) for badge in ("badge-a", "badge-b", "strange")]
    assert asked == [False, True, True]
    assert asks_pin(TEAM, "badge-n", BADGE_ALONE), "who has no PIN of their own yet"


def test_who_must_choose_a_pin_is_told_so_at_sign_in() -> None:
    answer = Counter().by_id("nils", "315204").answer
    assert isinstance(answer, SignedIn)
    assert answer.must_choose_pin


def test_badge_and_typed_id_are_of_one_person() -> None:
    shown = Shown(badge="badge-a", staff_id="ben")
    assert Counter().attempt(shown, "481620").answer is NOT_GOOD


def locked() -> Counter:
    counter = Counter()
    for _ in range(OF_MEMBER.free):
        counter.by_id("anna", "000000")
    return counter


@pytest.mark.parametrize(
    ("counter", "staff_id", "pin", "slip"),
    [
        (Counter(), "nobody", "481620", Slip.UNKNOWN),
        (Counter(), "anna", "000000", Slip.WRONG_PIN),
        (locked(), "anna", "481620", Slip.LOCKED),
        (Counter(changed(TEAM, "anna", active=False)), "anna", "481620", Slip.NOT_HERE),
        (Counter(changed(TEAM, "anna", verifier="")), "anna", "481620", Slip.WRONG_PIN),
        (Counter(), "anna", "", Slip.PIN_NEEDED),
        (Counter(), "ben", "730915", Slip.BADGE_NEEDED),
    ],
)
def test_all_that_fails_has_one_answer_and_one_check(
    counter: Counter, staff_id: str, pin: str, slip: Slip
) -> None:
    before = len(counter.trying.device.wrong)
    counter.checked.clear()
    result = counter.by_id(staff_id, pin)
    assert result.answer is NOT_GOOD
    assert len(counter.checked) == 1, "the port checks one PIN each time"
    assert len(counter.trying.device.wrong) == before + 1, "and each counts for the counter"
    assert result.fact is not None
    assert result.fact.slip == slip


def test_nothing_that_was_typed_is_recorded_for_nobody() -> None:
    """People type their PIN where their id belongs."""
    counter = Counter()
    assert counter.by_id("481620", "481620").fact == SignInFailed("", Slip.UNKNOWN)
    assert counter.checked == [NOBODYS]
    assert counter.trying.members == ()


def test_nobody_is_locked_out_by_their_id_alone_who_needs_a_badge() -> None:
    counter = Counter()
    for _ in range(OF_MEMBER.free):
        counter.by_id("ben", "000000")
    assert isinstance(counter.by_badge("badge-b", "730915").answer, SignedIn)


def test_waits_grow_and_an_hour_is_the_longest() -> None:
    tries, at, waited = Tries(), MONDAY, []
    for _ in range(12):
        tries = after_wrong(tries, OF_MEMBER, at)
        waited.append(waits(tries, OF_MEMBER, at))
        at += waited[-1]
    assert waited == [0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_what_is_tried_during_a_wait_does_not_lengthen_it() -> None:
    counter = locked()
    for _ in range(3):
        counter.by_id("anna", "000000")
    counter.at += 30
    assert isinstance(counter.by_id("anna", "481620").answer, SignedIn)


def test_the_right_pin_ends_the_growth_but_not_the_weeks_count() -> None:
    tries = Tries()
    for one in range(OF_MEMBER.most or 0):
        tries = after_right(after_wrong(tries, OF_MEMBER, MONDAY + one))
    assert waits(tries, OF_MEMBER, MONDAY + 20) == WEEK - 20, "until the first is a week old"


def test_fifty_in_a_row_are_forgiven_by_a_supervisor_alone() -> None:
    trying = Trying().with_member("anna", Tries((), 50)).with_member("ben", Tries((1,), 1))
    assert waits(trying.of("anna"), OF_MEMBER, MONDAY + 99 * WEEK) == UNTIL_UNLOCKED
    free = unlocked(trying, "anna")
    assert waits(free.of("anna"), OF_MEMBER, MONDAY) == 0
    assert free.of("ben") == Tries((1,), 1)


def test_the_counter_as_a_whole_waits_and_says_so() -> None:
    counter = Counter()
    for one in range(OF_DEVICE.free):
        counter.by_id(f"guess-{one}", "481620")
    waiting = must_wait(counter.trying, counter.rule, counter.at)
    assert waiting is not None
    assert (waiting.because, waiting.values) == (Because.TOO_MANY_TRIES, {"seconds": 30})
    assert counter.by_id("anna", "481620").answer == waiting
    counter.at += 30
    assert isinstance(counter.by_id("anna", "481620").answer, SignedIn)


def test_a_restart_forgets_nothing() -> None:
    trying = locked().trying
    stored = json.loads(json.dumps(to_data(trying)))
    assert from_data(stored, MONDAY) == trying
    assert from_data(None, MONDAY) == Trying()


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        [],
        {},
        {"device": [0], "members": [], "mark": 0},
        {"device": [0], "members": {"anna": 3}, "mark": 0},
        {"device": [], "members": {}, "mark": 0},
        {"device": [0, -1], "members": {}, "mark": 0},
        {"device": [True], "members": {}, "mark": 0},
    ],
)
def test_tries_that_cannot_be_read_make_the_counter_wait_once(damaged: object) -> None:
    trying = from_data(damaged, MONDAY)
    assert waits(trying.device, OF_DEVICE, MONDAY) == OF_DEVICE.longest
    assert waits(trying.device, OF_DEVICE, MONDAY + OF_DEVICE.longest) == 0


def test_a_clock_that_is_set_back_shortens_no_wait() -> None:
    counter = locked()
    counter.at -= WEEK
    assert counter.by_id("anna", "481620").fact == SignInFailed("anna", Slip.LOCKED)
    assert counter.trying.mark == MONDAY


@pytest.mark.parametrize("digits", [4, 6])
def test_brute_force_gets_twenty_tries_at_a_member_in_a_week(digits: int) -> None:
    """An attacker with 10,000 PINs tries whenever the counter lets them, restarts it after each
    try, and has somebody's own sign-ins between. Without a hit, as the PIN is not among them."""
    counter, rng = Counter(), random.Random(7)
    guesses = [str(pin).zfill(digits) for pin in range(10_000) if str(pin) != "481620"]
    rng.shuffle(guesses)
    real, begun = 0, counter.at
    while counter.at < begun + WEEK and guesses:
        counter.trying = from_data(to_data(counter.trying), counter.at)
        slip = counter.by_id("anna", guesses.pop()).fact
        real += slip is not None and slip.slip == Slip.WRONG_PIN
        ours = waits(counter.trying.of("anna"), OF_MEMBER, counter.at)
        all_of_us = waits(counter.trying.device, OF_DEVICE, counter.at)
        counter.at += max(ours, all_of_us, 1)
        if real % 2 == 0:
            counter.by_id("anna", "481620")
    assert real == OF_MEMBER.most


def test_who_sprays_one_pin_over_the_team_gets_no_more_of_each() -> None:
    counter = Counter(Roster(7, (ANNA, replace(ANNA, staff_id="amir", badge="", verifier="x"))))
    real = {"anna": 0, "amir": 0}
    until = counter.at + WEEK
    while counter.at < until:
        for staff_id in real:
            fact = counter.by_id(staff_id, "000000").fact
            real[staff_id] += fact is not None and fact.slip == Slip.WRONG_PIN
        counter.at += 600
    assert max(real.values()) <= (OF_MEMBER.most or 0)


def test_a_badge_alone_forgives_no_wrong_pins() -> None:
    counter = Counter(rule=BADGE_ALONE)
    counter.by_id("anna", "000000")
    counter.by_badge("badge-a")
    assert counter.trying.of("anna").row == 1
    counter.by_badge("badge-a", "481620")
    assert counter.trying.of("anna").row == 0


def test_a_check_does_not_show_its_verifier() -> None:
    counter = Counter()
    answer = counter.by_badge("badge-b", "730915")
    assert "pin:" not in repr(answer)
    assert not isinstance(answer.answer, Refused)
    assert BEN.verifier in counter.checked
