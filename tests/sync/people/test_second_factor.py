"""The second factor: six digits, each once, and recovery codes for the day without a telephone."""

from __future__ import annotations

import re

import pytest

from kiosk.world import SystemIds
from sync.central.people import codes
from sync.central.tables import people, recovery_codes, sessions
from tests.sync.people import conftest as told

IDS = SystemIds()
RFC_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the key of its appendix B


@pytest.fixture
def with_phone(ada, telephone):
    """Somebody who has set one up; the browser stands at the recovery codes."""
    telephone.scan(ada.look("/account/second-factor").page)
    ada.send("/account/second-factor", code=telephone.code())
    assert "Recovery codes" in ada.page
    return ada


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]
)
def test_codes_are_those_of_the_standard(second, code):
    from datetime import UTC, datetime

    now = datetime.fromtimestamp(second, UTC)
    assert codes.step_of(RFC_6238, code, now) == second // 30


def test_the_key_is_shown_as_letters_and_as_a_picture_and_kept_until_confirmed(ada, telephone):
    page = ada.look("/account/second-factor").page
    assert "<svg" in page
    telephone.scan(page)
    assert telephone.secret in ada.look("/account/second-factor").page.replace(" ", "")
    ada.send("/account/second-factor", code="000000")
    assert ada.status == 403
    assert ada.look("/account").page.count("Not set up") == 1


def test_from_then_on_the_code_is_asked_for(with_phone, browser, telephone, clock):
    clock.advance(seconds=30)
    other = browser().sign_in()
    assert other.at == "/login/code"
    assert not other.is_in
    assert other.look("/drops").at == "/login/code"
    assert other.send("/login/code", code="123").status == 403
    assert other.send("/login/code", code=telephone.code()).is_in


def test_a_code_works_once_and_no_older_one_after_it(with_phone, browser, telephone, clock):
    clock.advance(seconds=60)
    used = telephone.code()
    assert browser().sign_in().send("/login/code", code=used).is_in
    again = browser().sign_in()
    assert not again.send("/login/code", code=used).is_in
    assert not again.send("/login/code", code=telephone.code(-1)).is_in
    assert again.send("/login/code", code=telephone.code(1)).is_in


def test_the_code_with_which_it_was_set_up_signs_nobody_in(with_phone, browser, telephone):
    assert not browser().sign_in().send("/login/code", code=telephone.code()).is_in


def test_a_telephone_may_be_half_a_minute_off_and_not_a_whole_one(with_phone, telephone, clock):
    clock.advance(minutes=5)
    now = clock.now()
    assert codes.step_of(telephone.secret, telephone.code(1), now)
    assert codes.step_of(telephone.secret, telephone.code(-1), now)
    assert codes.step_of(telephone.secret, telephone.code(2), now) is None
    assert codes.step_of(telephone.secret, telephone.code(-2), now) is None


def test_whoever_guesses_codes_is_slowed_down(with_phone, browser, telephone, clock):
    clock.advance(minutes=1)
    other = browser().sign_in()
    for _ in range(6):
        other.send("/login/code", code="000000")
    assert not other.send("/login/code", code=telephone.code()).is_in
    clock.advance(seconds=2)
    assert other.send("/login/code", code=telephone.code()).is_in


def test_a_recovery_code_opens_once(with_phone, browser, clock):
    made = told.recovery_codes(with_phone.page)
    assert len(set(made)) == 10
    other = browser().sign_in().send("/login/code", code=made[0].upper().replace("-", " "))
    assert other.is_in
    assert "9 recovery codes are left." in other.look("/account").page
    assert not browser().sign_in().send("/login/code", code=made[0]).is_in


def test_they_are_kept_hashed_and_shown_once(with_phone, centre):
    made = told.recovery_codes(with_phone.page)
    assert made[0] not in str(centre.rows(recovery_codes))
    assert not told.recovery_codes(with_phone.look("/account").page)


def test_new_recovery_codes_take_the_place_of_the_old(with_phone, browser):
    old = told.recovery_codes(with_phone.page)
    with_phone.look("/account").send("/account/recovery-codes")
    new = told.recovery_codes(with_phone.page)
    assert not set(old) & set(new)
    assert not browser().sign_in().send("/login/code", code=old[1]).is_in
    assert browser().sign_in().send("/login/code", code=new[1]).is_in


def test_half_a_session_ends_after_ten_minutes(with_phone, browser, telephone, clock):
    other = browser().sign_in()
    clock.advance(minutes=10, seconds=1)
    assert other.send("/login/code", code=telephone.code()).at == "/login"


def test_the_token_changes_with_the_second_step(with_phone, browser, telephone, clock):
    clock.advance(seconds=30)
    other = browser().sign_in()
    before = dict(other.session.cookies)
    other.send("/login/code", code=telephone.code())
    assert dict(other.session.cookies) != before


def test_where_it_is_required_it_is_set_up_before_anything_else(
    required, person, browser, telephone, centre
):
    person()
    bob = browser().sign_in()
    assert bob.at == "/login/second-factor"
    assert bob.look("/people").at == "/login/second-factor"
    telephone.scan(bob.page)
    bob.send("/login/second-factor", code=telephone.code())
    assert len(told.recovery_codes(bob.page)) == 10
    assert bob.look("/").is_in
    bob.look("/account").send("/account/second-factor/remove")
    assert centre.rows(people)[0]["totp_secret"] == telephone.secret


def test_where_it_is_not_it_can_be_removed(with_phone, browser):
    with_phone.look("/account").send("/account/second-factor/remove")
    assert browser().sign_in().is_in


def test_a_proof_before_something_sensitive_asks_for_the_code_too(with_phone, telephone, clock):
    clock.advance(minutes=11)
    with_phone.look("/people")
    assert with_phone.send("/again", password=told.PASSWORD, next="/people").at != "/people"
    with_phone.send("/again", password=told.PASSWORD, code=telephone.code(), next="/people")
    assert with_phone.at == "/people"


def test_a_form_of_another_session_sets_nothing_up(required, person, browser, centre):
    person()
    bob = browser().sign_in()
    bob.send("/login/second-factor", csrf="forged", code="000000")
    assert bob.at in ("/login", "/login/second-factor")
    assert centre.rows(sessions)[0]["stage"] == "enrol"
    assert re.search("second factor", bob.look("/").page)
