"""A code is presented: which return it is, and why it cannot be taken."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain import codes
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Ask, Outcome, Verdict
from kiosk.domain.visit import AbandonCause, IdentifiedBy, OpenDrop, Rejected, TypedOrder


def check(ready, presented, visit="visit-1"):
    return ready.drop_off.check(visit, presented)


def why(outcome) -> str:
    assert isinstance(outcome, Rejected), outcome
    return outcome.reason.why.value


def outcomes(drop: OpenDrop) -> list[str]:
    return [
        item.decision.outcome.value if isinstance(item.decision, Verdict) else "ask"
        for item in drop.items
    ]


# --- three ways to name a return ----------------------------------------------------------------


def test_a_signed_code_opens_the_return(ready):
    drop = check(ready, ready.code(1))
    assert drop.authorisation.return_id == "R-1"
    assert (drop.identified_by, drop.code_id) == (IdentifiedBy.SIGNED, "cti-1")
    assert drop.merchant.name == "Schuhhaus"
    assert [(item.line.line_id, item.brought) for item in drop.items] == [("L-1", 1), ("L-2", 3)]
    assert outcomes(drop) == ["accept", "accept"]
    assert (drop.policy_number, drop.offline, drop.visit_id) == (1, False, "visit-1")


def test_a_short_code_may_be_typed_or_scanned(ready, scan):
    text = codes.short_code(2)
    typed = check(ready, f" {text[:4].lower()}-{text[4:].lower()} ")
    assert (typed.authorisation.return_id, typed.identified_by) == ("R-2", IdentifiedBy.SHORT)
    ready.drop_off.abandon(typed, AbandonCause.CANCELLED)
    assert check(ready, scan(text)).identified_by is IdentifiedBy.SHORT


def test_an_order_is_found_by_number_and_postal_code(ready):
    drop = check(ready, TypedOrder("a 1002", "101 15"))
    assert (drop.authorisation.return_id, drop.identified_by) == ("R-2", IdentifiedBy.ORDER)
    assert drop.code_id == ""


def test_returns_of_one_order_come_one_after_the_other(ready):
    first = check(ready, TypedOrder("A-1001", "10115"))
    assert first.authorisation.return_id == "R-1"
    ready.drop_off.commit(first, ready.bag(1))
    second = check(ready, TypedOrder("A-1001", "10115"))
    assert second.authorisation.return_id == "R-9"
    ready.drop_off.commit(second, ready.bag(2))
    third = check(ready, TypedOrder("A-1001", "10115"))
    assert why(third) == "return_already_dropped"


def test_one_order_number_at_two_merchants_is_not_guessed(ready, make_return):
    twins = [
        make_return(1, order_number="A-7"),
        make_return(10, order_number="A-7", merchant_id="books"),
    ]
    ready.install(2, twins)
    assert why(check(ready, TypedOrder("A-7", "10115"))) == "return_unknown"


# --- codes that are not good --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://example.org/return/1", "code_foreign"),
        ("WIFI:S:shop;T:WPA;P:secret;;", "code_foreign"),
        ("4006381333931", "code_product"),
        ("x" * 4_000, "code_too_long"),
        ("", "code_unreadable"),
        ("TB00000000012", "code_bag_first"),
    ],
)
def test_what_is_none_of_ours_is_refused_without_a_record(ready, scan, text, reason):
    before = len(ready.events())
    assert why(check(ready, scan(text))) == reason
    assert len(ready.events()) == before


def test_a_slip_of_the_finger_is_told_at_once_and_not_counted(ready):
    for _ in range(30):
        assert why(check(ready, "ABCD-EFGH")) == "code_wrong_check"
    assert isinstance(check(ready, codes.short_code(1)), OpenDrop)


def test_a_forged_code_is_refused_and_recorded_by_its_digest_only(ready, scan):
    good = ready.code(1).text
    forged = good[:-3] + ("000" if good[-3:] != "000" else "111")
    assert why(check(ready, scan(forged))) == "code_forged"
    (fact,) = ready.events("code.rejected")
    assert (fact["reason"], fact["kind"], len(fact["digest"])) == ("code_forged", "signed", 16)
    assert "cti-1" not in str(fact)


def test_one_merchant_cannot_sign_for_another(ready, keys):
    assert why(check(ready, ready.code(1, keys.other))) == "code_forged"
    assert isinstance(check(ready, ready.code(10, keys.other)), OpenDrop)
    assert len(ready.events("code.rejected")) == 1


def test_an_expired_code_says_since_when(ready):
    ends = datetime(2025, 3, 9, 10, 0, tzinfo=UTC)
    outcome = check(ready, ready.code(1, expires_at=ends))
    assert why(outcome) == "code_expired"
    assert outcome.reason.values == {"expired_on": "2025-03-09"}
    assert ready.events("code.rejected")[0]["reason_values"] == {"expired_on": "2025-03-09"}


def test_a_code_held_before_the_camera_is_one_fact(ready):
    ends = ready.clock.now() - timedelta(hours=1)
    for _ in range(20):
        check(ready, ready.code(1, expires_at=ends))
        ready.clock.pass_time(timedelta(seconds=1))
    assert len(ready.events("code.rejected")) == 1
    ready.clock.pass_time(timedelta(minutes=5))
    check(ready, ready.code(1, expires_at=ends))
    assert len(ready.events("code.rejected")) == 2


def test_a_code_revoked_by_a_newer_bundle_is_cancelled(ready):
    ready.install(2, revoked=("cti-1",))
    assert why(check(ready, ready.code(1))) == "return_cancelled"
    assert ready.events("code.rejected")[0]["reason"] == "return_cancelled"


def test_a_good_code_of_a_return_nobody_knows(ready):
    assert why(check(ready, ready.code(99))) == "return_unknown"
    assert ready.events("code.rejected")[0]["reason"] == "return_unknown"


# --- returns that are not to be taken -----------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "reason", "values"),
    [
        (6, "return_cancelled", {}),
        (7, "return_expired", {"expired_on": "2025-03-10"}),  # 00:30 of that day in Berlin
        (8, "return_not_authorised", {}),
    ],
)
def test_a_permission_that_does_not_hold(ready, number, reason, values):
    outcome = check(ready, ready.code(number))
    assert why(outcome) == reason
    assert outcome.reason.values == values
    assert ready.events("code.rejected")[0]["reason"] == reason


def test_a_return_of_a_merchant_that_the_bundle_does_not_bring(ready, make_return):
    ready.install(2, [make_return(1, merchant_id="gone")])
    assert why(check(ready, codes.short_code(1))) == "return_not_authorised"


def test_lines_in_two_currencies_cannot_be_one_refund(ready, make_return, make_line):
    lines = (make_line("L-1"), make_line("L-2", price=Money(100, "CHF")))
    ready.install(2, [make_return(1, *lines)])
    assert why(check(ready, ready.code(1))) == "return_not_authorised"


def test_setting_the_clock_back_revives_nothing(ready):
    ready.clock.pass_time(timedelta(days=90))
    ready.install(2)
    assert why(check(ready, ready.code(1))) == "code_expired"
    assert why(check(ready, codes.short_code(1))) == "return_expired"
    ready.clock.wall -= timedelta(days=89)
    assert why(check(ready, ready.code(1))) == "code_expired"
    assert why(check(ready, codes.short_code(1))) == "return_expired"


# --- what the policy says -----------------------------------------------------------------------


def test_each_line_has_its_own_verdict(ready):
    drop = check(ready, ready.code(5))
    assert outcomes(drop) == ["accept", "refuse", "returnless"]
    assert drop.needs_bag


def test_a_question_is_asked_and_the_answer_decides(ready):
    drop = check(ready, ready.code(4))
    item, ask = drop.asking()
    assert isinstance(ask, Ask)
    assert ask.question.answers == ("unworn", "worn")
    good = ready.drop_off.reconsider(drop, replace(item, answers={"condition": "unworn"}))
    assert good.asking() is None
    assert outcomes(good) == ["accept"]
    bad = ready.drop_off.reconsider(drop, replace(item, answers={"condition": "worn"}))
    assert outcomes(bad) == ["refuse"]


def test_what_was_not_brought_is_judged_without_money(ready):
    drop = check(ready, ready.code(1))
    drop = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=0))
    assert drop.items[1].decision.refund.minor == 0
    assert [item.line.line_id for item, _ in drop.verdicts()] == ["L-1"]
    drop = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=2))
    assert drop.items[1].decision.refund.minor == 2 * 1999


def test_no_screen_can_bring_more_than_was_authorised(ready):
    drop = check(ready, ready.code(1))
    for wanted, got in ((1_000, 3), (-5, 0)):
        drop = ready.drop_off.reconsider(drop, replace(drop.items[1], brought=wanted))
        assert drop.items[1].brought == got


def test_without_the_centre_a_verdict_is_provisional(ready):
    ready.offline = True
    drop = check(ready, ready.code(1))
    assert drop.offline
    assert all(verdict.provisional for _, verdict in drop.verdicts())
    again = ready.drop_off.reconsider(drop, drop.items[0])
    assert again.items[0].decision.provisional


def test_a_stale_bundle_is_told_to_the_rules(ready):
    offline_rule = {"rule": "review", "id": "careful", "when": {"offline": True}}
    ready.install(2, rules={"shoes": ({"rule": "allow", "id": "all"}, offline_rule)})
    drop = check(ready, ready.code(1))
    assert outcomes(drop) == ["accept", "accept"]
    ready.clock.pass_time(timedelta(hours=25))
    again = ready.drop_off.reconsider(drop, drop.items[0])
    assert again.items[0].decision.outcome is Outcome.REVIEW


def test_a_bundle_that_arrives_meanwhile_judges_the_next_visit(ready):
    """Nobody's verdict changes while they stand there; this visit ends as it began."""
    drop = ready.open(1, visit="visit-1")
    ready.install(2, rules={"shoes": ({"rule": "review", "id": "all"},)})
    again = ready.drop_off.reconsider(drop, drop.items[0])
    assert (outcomes(again), again.policy_number) == (["accept", "accept"], 1)
    shown_again = ready.open(1, visit="visit-1")
    assert (outcomes(shown_again), shown_again.policy_number) == (["accept", "accept"], 1)
    ready.drop_off.commit(again, ready.bag(1))
    assert ready.events("drop.committed")[0]["policy_number"] == 1
    following = ready.open(4, visit="visit-2")
    assert (outcomes(following), following.policy_number) == (["review"], 2)


def test_a_code_that_is_cancelled_meanwhile_is_not_promised(ready):
    """The rules stay those of the visit; what was called off is off at once."""
    drop = ready.open(1)
    ready.install(2, revoked=("cti-1",))
    assert why(ready.drop_off.commit(drop, ready.bag(1))) == "return_cancelled"


def test_a_visit_outlasts_any_number_of_bundles(ready):
    """Hours, and three swaps: it ends as it began, and only then is its bundle closed."""
    drop = ready.open(1, visit="visit-1")
    first = weakref.ref(ready.store.policy.current())
    for number in (2, 3, 4):
        ready.install(number, rules={"shoes": ({"rule": "review", "id": "all"},)})
        ready.clock.pass_time(timedelta(hours=2))
    assert not (ready.directory / "policy-1.db").exists()
    again = ready.drop_off.reconsider(drop, drop.items[0])
    assert (outcomes(again), again.policy_number) == (["accept", "accept"], 1)
    one_more = ready.open(2, visit="visit-1")  # looked up in the file that is unlinked
    assert (outcomes(one_more), one_more.policy_number) == (["returnless"], 1)
    ready.drop_off.commit(again, ready.bag(1))
    assert ready.events("drop.committed")[0]["policy_number"] == 1
    assert first() is not None
    ready.drop_off.let_go()
    gc.collect()
    assert first() is None


def test_bundles_that_nobody_decides_by_are_closed_at_the_swap(ready):
    old = weakref.ref(ready.store.policy.current())
    ready.install(2)
    gc.collect()
    assert old() is None


def test_a_bundle_that_breaks_in_the_midst_of_a_visit_is_told_once(ready):
    """The visit then goes on under the newest."""
    ready.open(1, visit="visit-1")
    first = ready.store.policy.current()
    ready.install(2, rules={"shoes": ({"rule": "review", "id": "all"},)})
    first.close()
    assert why(ready.drop_off.check("visit-1", ready.code(4))) == "store_failed"
    again = ready.open(4, visit="visit-1")
    assert (outcomes(again), again.policy_number) == (["review"], 2)


def test_a_merchant_without_rules_grants_nothing(ready):
    ready.install(2, rules={})
    assert outcomes(check(ready, ready.code(1))) == ["staff", "staff"]


def test_an_unknown_rule_fails_closed(ready):
    rules = {"shoes": ({"rule": "allow", "id": "all"}, {"rule": "from-the-future", "id": "x"})}
    ready.install(2, rules=rules)
    assert outcomes(check(ready, ready.code(1))) == ["staff", "staff"]


# --- the policy itself --------------------------------------------------------------------------


def test_without_a_bundle_nothing_is_taken(tmp_path, make_kiosk):
    kiosk = make_kiosk(tmp_path / "new")
    assert why(check(kiosk, kiosk.code(1))) == "policy_missing"
    kiosk.close()


def test_an_expired_bundle_takes_nothing_more(ready):
    drop = check(ready, ready.code(1))
    ready.clock.pass_time(timedelta(hours=72))
    assert why(ready.drop_off.commit(drop, ready.bag())) == "policy_expired"
    assert why(check(ready, ready.code(2))) == "policy_expired"
    ready.clock.wall -= timedelta(hours=71)
    assert why(check(ready, ready.code(2))) == "policy_expired"
    assert ready.events("drop.committed") == []


# --- one return, one open drop ------------------------------------------------------------------


def test_the_same_visit_goes_on_with_the_same_drop(ready):
    first = check(ready, ready.code(1))
    second = check(ready, codes.short_code(1))
    assert second.drop_id == first.drop_id
    assert second.identified_by is IdentifiedBy.SHORT


def test_a_return_open_in_another_visit_is_in_the_way(ready):
    check(ready, ready.code(1), "visit-1")
    assert why(check(ready, ready.code(1), "visit-2")) == "return_open_elsewhere"
    assert ready.events("code.rejected") == []


def test_a_drop_nobody_touches_belongs_to_no_visit_any_more(ready):
    first = check(ready, ready.code(1), "visit-1")
    ready.clock.pass_time(timedelta(minutes=31))
    second = check(ready, ready.code(1), "visit-2")
    assert second.drop_id != first.drop_id
    (fact,) = ready.events("drop.abandoned")
    assert (fact["drop_id"], fact["cause"]) == (first.drop_id, "timed_out")
    assert why(ready.drop_off.commit(first, ready.bag())) == "return_open_elsewhere"


# --- guessing -----------------------------------------------------------------------------------


def guess(ready, number: int):
    return check(ready, codes.short_code(1_000_000 + number))


def test_guessing_is_stopped_also_over_a_restart(ready):
    for number in range(10):
        assert why(guess(ready, number)) == "return_unknown"
    assert why(guess(ready, 11)) == "too_many_tries"
    assert why(check(ready, codes.short_code(1))) == "too_many_tries"
    assert why(check(ready, TypedOrder("A-1001", "10115"))) == "too_many_tries"
    again = ready.restart()
    assert why(check(again, codes.short_code(1))) == "too_many_tries"
    again.clock.wall -= timedelta(days=1)
    assert why(check(again, codes.short_code(1))) == "too_many_tries"
    again.clock.wall += timedelta(days=1)
    assert isinstance(check(again, again.code(1)), OpenDrop)  # a signed code is no guess
    again.clock.pass_time(timedelta(minutes=10))
    assert isinstance(check(again, codes.short_code(2)), OpenDrop)
    again.close()


def test_honest_look_ups_are_not_counted(ready):
    for _ in range(30):
        assert isinstance(check(ready, codes.short_code(1)), OpenDrop)
