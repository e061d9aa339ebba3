"""What each rule says, at its limits and on both sides of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.model import (
    AnswerKind,
    Ask,
    EvidenceKind,
    Instead,
    Outcome,
    Verdict,
)
from kiosk.domain.reasons import Why
from kiosk.domain.returns import PastDrop, PastReturn

ALLOW = {"rule": "allow", "id": "yes"}
PHOTO = {"evidence": frozenset({EvidenceKind.PHOTO})}
SERIAL = {"evidence": frozenset({EvidenceKind.SERIAL})}


def said(situation: Any, spec: dict[str, Any], **facts: Any) -> tuple[str, str]:
    """Outcome and reason under `allow` and one more rule."""
    verdict = situation.verdict(ALLOW, {"id": "it", **spec}, **facts)
    return verdict.outcome.value, verdict.reason.why.value


TAKEN = ("accept", "within_policy")


@pytest.mark.parametrize(
    ("spec", "facts", "expected"),
    [
        ({"rule": "country", "only": ["DE", "AT"]}, {}, TAKEN),
        (
            {"rule": "country", "only": ["FR"]},
            {},
            ("refuse", "country_not_served"),
        ),
        ({"rule": "country", "never": ["FR"]}, {}, TAKEN),
        (
            {"rule": "country", "never": ["DE"], "then": "staff"},
            {},
            ("staff", "country_not_served"),
        ),
        (
            {"rule": "country", "only": ["DE"]},
            {"of_return": {"country": ""}},
            ("refuse", "country_not_served"),
        ),
        ({"rule": "zone", "only": "dach"}, {"of_return": {"zone": "dach"}}, TAKEN),
        ({"rule": "zone", "only": "dach"}, {}, ("refuse", "zone_not_served")),
        ({"rule": "channel", "never": "outlet"}, {"of_return": {"channel": "web"}}, TAKEN),
        (
            {"rule": "channel", "never": "outlet"},
            {"of_return": {"channel": "outlet"}},
            ("refuse", "channel_not_served"),
        ),
        (
            {"rule": "segment", "never": "blocked", "then": "staff"},
            {"of_return": {"segments": ("vip", "blocked")}},
            ("staff", "segment_not_served"),
        ),
        (
            {"rule": "segment", "only": ["vip", "gold"]},
            {"of_return": {"segments": ("new", "gold")}},
            TAKEN,
        ),
        ({"rule": "reason", "never": "changed_mind"}, {"line": {"reason": "faulty"}}, TAKEN),
        (
            {"rule": "reason", "never": "changed_mind", "then": "review"},
            {"line": {"reason": "changed_mind"}},
            ("review", "checked_later"),
        ),
        ({"rule": "method", "only": ["kiosk", "post"]}, {}, TAKEN),
        ({"rule": "method", "only": ["counter"]}, {}, ("refuse", "method_not_offered")),
        ({"rule": "method", "never": ["kiosk"]}, {}, ("refuse", "method_not_offered")),
        ({"rule": "method", "only": "counter"}, {"at": {"method": "counter"}}, TAKEN),
        ({"rule": "refuse", "when": {"vendor": "acme"}}, {}, TAKEN),
        (
            {"rule": "refuse", "when": {"vendor": "acme"}},
            {"line": {"vendor": "acme"}},
            ("refuse", "not_returnable"),
        ),
        ({"rule": "staff"}, {}, ("staff", "staff_decides")),
        ({"rule": "discount", "above": 5000}, {"line": {"discount": 5000}}, TAKEN),
        (
            {"rule": "discount", "above": 5000},
            {"line": {"discount": 5001}},
            ("refuse", "discounted"),
        ),
        ({"rule": "items", "at_most": 2}, {"brought": 2}, TAKEN),
        ({"rule": "items", "at_most": 1}, {"brought": 2}, ("staff", "too_many_items")),
        (
            {"rule": "items", "at_least": 2, "then": "refuse"},
            {"brought": 1},
            ("refuse", "too_few_items"),
        ),
        ({"rule": "whole"}, {"brought": 2}, TAKEN),
        ({"rule": "whole"}, {"brought": 1, "dropped": 1}, TAKEN),
        ({"rule": "whole"}, {"brought": 1}, ("refuse", "only_whole")),
        ({"rule": "whole", "of": "order"}, {"brought": 2}, TAKEN),
        (
            {"rule": "whole", "of": "order", "then": "staff"},
            {"brought": 2, "of_return": {"order_units": 3}},
            ("staff", "only_whole"),
        ),
        ({"rule": "hygiene"}, {}, TAKEN),
        ({"rule": "hygiene"}, {"line": {"hygiene": True}}, ("refuse", "hygiene")),
        (
            {"rule": "hygiene", "tags": "swimwear"},
            {"line": {"tags": ("swimwear",)}},
            ("refuse", "hygiene"),
        ),
        (
            {"rule": "hygiene", "ask": True},
            {"line": {"hygiene": True}, "answers": {"sealed": "yes"}},
            TAKEN,
        ),
        (
            {"rule": "hygiene", "ask": True, "then": "staff"},
            {"line": {"hygiene": True}, "answers": {"sealed": "no"}},
            ("staff", "hygiene"),
        ),
        (
            {"rule": "hygiene", "ask": True},
            {"line": {"hygiene": True}, "answers": {"sealed": "perhaps"}},
            ("staff", "rule_unknown"),
        ),
        ({"rule": "age_restricted"}, {}, TAKEN),
        ({"rule": "age_restricted"}, {"line": {"age": 16}}, ("staff", "age_restricted")),
        ({"rule": "age_restricted", "from_age": 18}, {"line": {"age": 16}}, TAKEN),
        ({"rule": "packaging"}, {"answers": {"packaging": "original"}}, TAKEN),
        (
            {"rule": "packaging"},
            {"answers": {"packaging": "other"}},
            ("staff", "packaging_missing"),
        ),
        ({"rule": "packaging", "other": True}, {"answers": {"packaging": "other"}}, TAKEN),
        (
            {"rule": "packaging", "other": True, "then": "refuse"},
            {"answers": {"packaging": "none"}},
            ("refuse", "packaging_missing"),
        ),
        (
            {"rule": "packaging"},
            {"answers": {"packaging": "a sock"}},
            ("staff", "rule_unknown"),
        ),
        ({"rule": "oversize"}, {"line": {"longest_mm": 99_999, "weight_g": 9_999_999}}, TAKEN),
        ({"rule": "oversize", "longest_mm": 600}, {"line": {"longest_mm": 600}}, TAKEN),
        (
            {"rule": "oversize", "longest_mm": 600},
            {"line": {"longest_mm": 601}},
            ("staff", "too_large"),
        ),
        (
            {"rule": "oversize", "longest_mm": 600},
            {"line": {"longest_mm": 500}, "at": {"opening_mm": 450}},
            ("staff", "too_large"),
        ),
        (
            {"rule": "oversize", "weight_g": 5000, "then": "refuse"},
            {"line": {"weight_g": 5001}},
            ("refuse", "too_heavy"),
        ),
        ({"rule": "weight", "grams": 50}, {"line": {"weight_g": 700}}, TAKEN),
        ({"rule": "weight", "grams": 50}, {"measured_g": 700}, TAKEN),
        (
            {"rule": "weight", "grams": 50},
            {"line": {"weight_g": 350}, "brought": 2, "measured_g": 750},
            TAKEN,
        ),
        (
            {"rule": "weight", "grams": 50, "then": "staff"},
            {"line": {"weight_g": 350}, "brought": 2, "measured_g": 751},
            ("staff", "weight_differs"),
        ),
        (
            {"rule": "weight", "grams": 0, "basis_points": 1000},
            {"line": {"weight_g": 700}, "measured_g": 630},
            TAKEN,
        ),
        (
            {"rule": "weight", "grams": 0, "basis_points": 1000},
            {"line": {"weight_g": 700}, "measured_g": 629},
            ("review", "checked_later"),
        ),
        ({"rule": "bin_space", "below": 10}, {}, TAKEN),
        ({"rule": "bin_space", "below": 10}, {"at": {"bin_free_percent": 10}}, TAKEN),
        (
            {"rule": "bin_space", "below": 10},
            {"at": {"bin_free_percent": 9}},
            ("staff", "bin_full"),
        ),
        ({"rule": "bundle_age", "hours": 24}, {"at": {"policy_age_hours": 24}}, TAKEN),
        (
            {"rule": "bundle_age", "hours": 24},
            {"at": {"policy_age_hours": 25}},
            ("staff", "policy_old"),
        ),
        ({"rule": "bundle_age", "hours": 24}, {}, ("staff", "policy_old")),
        (
            {"rule": "value", "limit": 4999, "currency": "EUR", "per": "line"},
            {"brought": 2},
            ("staff", "value_above_limit"),
        ),
        (
            {"rule": "value", "limit": 9998, "currency": "EUR", "per": "brought"},
            {"brought": 2},
            TAKEN,
        ),
        (
            {"rule": "value", "limit": 9999, "currency": "EUR", "per": "order"},
            {"of_return": {"order_value": Money(10_000, "EUR")}},
            ("staff", "value_above_limit"),
        ),
        (
            {"rule": "value", "limit": 9999, "currency": "EUR", "per": "order"},
            {},
            ("staff", "rule_unknown"),
        ),
        (
            {"rule": "value", "limit": 9999, "currency": "USD", "per": "return"},
            {},
            ("staff", "rule_unknown"),
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_rule(
    situation: Any, spec: dict[str, Any], facts: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert said(situation, spec, **facts) == expected


def test_a_review_tells_the_back_office_what_for(situation: Any) -> None:
    spec = {"rule": "discount", "above": 10, "then": "review"}
    verdict = situation.verdict(ALLOW, spec, line={"discount": 20})
    assert verdict.reason.values == {"because": "discounted", "discount": 20}


@pytest.mark.parametrize(
    ("rule", "question", "answers"),
    [
        ({"rule": "packaging"}, "packaging", ("original", "other", "none")),
        ({"rule": "hygiene", "ask": True}, "sealed", ("yes", "no")),
    ],
)
def test_it_asks_first(
    situation: Any, rule: dict[str, Any], question: str, answers: tuple[str, ...]
) -> None:
    ask = situation.judge(ALLOW, rule, line={"hygiene": True})
    assert isinstance(ask, Ask)
    assert (ask.question.question_id, ask.question.answers) == (question, answers)
    assert ask.question.kind is AnswerKind.CHOICE
    assert not ask.question.of_the_return


class TestEvidence:
    def test_a_kiosk_that_can_take_a_picture_asks_for_it(self, situation: Any) -> None:
        ask = situation.judge(ALLOW, {"rule": "evidence", "evidence": "photo"}, at=PHOTO)
        assert isinstance(ask, Ask)
        assert ask.question.kind is AnswerKind.PHOTO
        assert ask.question.answers == ("none",)

    def test_one_that_cannot_calls_staff(self, situation: Any) -> None:
        spec = {"rule": "evidence", "evidence": "photo", "then": "refuse"}
        verdict = situation.verdict(ALLOW, spec, at=SERIAL)
        assert verdict.outcome is Outcome.STAFF
        assert verdict.reason.why is Why.EVIDENCE_NEEDED
        assert verdict.reason.values == {"evidence": "photo"}

    def test_what_was_shown_is_enough(self, situation: Any) -> None:
        spec = {"rule": "evidence", "evidence": "photo"}
        shown = {"evidence_photo": "ab" * 32}
        assert situation.verdict(ALLOW, spec, answers=shown).outcome is Outcome.ACCEPT

    @pytest.mark.parametrize("wanted", [1, 2, 4])
    def test_the_question_says_how_many_pictures(self, situation: Any, wanted: int) -> None:
        spec = {"rule": "evidence", "evidence": "photo", "photos": wanted}
        ask = situation.judge(ALLOW, spec, at=PHOTO)
        assert isinstance(ask, Ask)
        assert ask.question.count == wanted
        taken = ",".join(f"{number:064x}" for number in range(wanted))
        for answer, outcome in ((taken, Outcome.ACCEPT), (taken[65:], Outcome.STAFF)):
            verdict = situation.verdict(ALLOW, spec, answers={"evidence_photo": answer}, at=PHOTO)
            assert verdict.outcome is outcome

    @pytest.mark.parametrize("answer", ["none", ""])
    def test_who_cannot_show_it_gets_what_the_rule_says(self, situation: Any, answer: str) -> None:
        spec = {"rule": "evidence", "evidence": "photo", "then": "refuse"}
        verdict = situation.verdict(ALLOW, spec, answers={"evidence_photo": answer}, at=PHOTO)
        assert (verdict.outcome, verdict.reason.why) == (Outcome.REFUSE, Why.EVIDENCE_NEEDED)

    @pytest.mark.parametrize(
        ("given", "brought", "outcome"),
        [
            ("sn-001", 1, "accept"),
            ("SN 001", 1, "accept"),
            ("SN001,SN-002", 2, "accept"),
            ("SN001,SN001", 2, "staff"),
            ("SN001", 2, "staff"),
            ("SN003", 1, "staff"),
        ],
    )
    def test_serial_numbers_must_be_those_that_were_sold(
        self, situation: Any, given: str, brought: int, outcome: str
    ) -> None:
        verdict = situation.verdict(
            ALLOW,
            {"rule": "evidence", "evidence": "serial"},
            line={"serials": ("SN-001", "SN-002")},
            answers={"evidence_serial": given},
            brought=brought,
        )
        assert verdict.outcome.value == outcome
        if outcome == "staff":
            assert verdict.reason.why is Why.SERIAL_DIFFERS

    def test_any_serial_number_will_do_where_nobody_knows_them(self, situation: Any) -> None:
        spec = {"rule": "evidence", "evidence": "serial"}
        verdict = situation.verdict(ALLOW, spec, answers={"evidence_serial": "whatever"})
        assert verdict.outcome is Outcome.ACCEPT

    @pytest.mark.parametrize("serials", [(), ("SN-001",)])
    def test_it_is_asked_only_where_it_matters(self, situation: Any, serials: Any) -> None:
        spec = {"rule": "evidence", "evidence": "serial"}
        line = {"serials": serials}
        assert isinstance(situation.judge(ALLOW, spec, at=SERIAL, line=line), Ask)
        sold = {"rule": "refuse", "when": {"category": "shoes"}}
        assert isinstance(situation.judge(ALLOW, spec, sold, at=SERIAL, line=line), Verdict)


def past(return_id: str, on: str, units: int = 1, value: int = 1000) -> PastReturn:
    return PastReturn(return_id, date.fromisoformat(on), units, Money(value, "EUR"))


class TestSerialLimits:
    """Today is 10 March 2025."""

    def judged(self, situation: Any, spec: dict[str, Any], *history: PastReturn, **facts: Any):
        rule = {"rule": "serial_limit", "days": 30, **spec}
        verdict = situation.verdict(ALLOW, rule, history=history, **facts)
        return verdict.outcome.value

    def test_this_return_counts_too(self, situation: Any) -> None:
        spec = {"returns": 2}
        one, two = past("A", "2025-03-01"), past("B", "2025-03-02")
        assert self.judged(situation, spec) == "accept"
        assert self.judged(situation, spec, one) == "accept"
        assert self.judged(situation, spec, one, two) == "refuse"

    def test_but_not_twice_when_it_comes_in_parts(self, situation: Any) -> None:
        spec = {"returns": 1, "units": 2}
        before = (PastDrop("d1", {"L-1": 1}),)
        mine = past("R-1", "2025-03-05")
        assert self.judged(situation, spec, mine, drops=before, line={"quantity": 3}) == "accept"
        twice = {"brought": 2, "line": {"quantity": 3}}
        assert self.judged(situation, spec, mine, drops=before, **twice) == "refuse"

    @pytest.mark.parametrize(
        ("on", "outcome"), [("2025-02-09", "refuse"), ("2025-02-08", "accept")]
    )
    def test_the_time_ends_today(self, situation: Any, on: str, outcome: str) -> None:
        assert self.judged(situation, {"returns": 1}, past("A", on)) == outcome

    @pytest.mark.parametrize(("limit", "outcome"), [(3, "accept"), (2, "refuse")])
    def test_units(self, situation: Any, limit: int, outcome: str) -> None:
        assert self.judged(situation, {"units": limit}, past("A", "2025-03-01", 2)) == outcome

    @pytest.mark.parametrize(("limit", "outcome"), [(5999, "accept"), (5998, "staff")])
    def test_value(self, situation: Any, limit: int, outcome: str) -> None:
        spec = {"value": limit, "currency": "EUR", "then": "staff"}
        assert self.judged(situation, spec, past("A", "2025-03-01")) == outcome

    def test_value_of_earlier_parts_of_this_return(self, situation: Any) -> None:
        spec = {"value": 9997, "currency": "EUR"}
        assert self.judged(situation, spec, drops=(PastDrop("d1", {"L-1": 1}),)) == "refuse"

    def test_amounts_in_other_currencies_cannot_be_added_up(self, situation: Any) -> None:
        spec = {"value": 10**6, "currency": "EUR"}
        dollars = PastReturn("A", date(2025, 3, 1), 1, Money(5, "USD"))
        assert self.judged(situation, spec, dollars) == "staff"
        assert self.judged(situation, {**spec, "currency": "USD"}) == "staff"

    def test_what_the_kiosk_and_the_bundle_both_know_counts_once(self, situation: Any) -> None:
        both = past("A", "2025-03-01")
        of_return = {"history": (both,)}
        assert self.judged(situation, {"returns": 2}, both, of_return=of_return) == "accept"
        other = {"history": (past("B", "2025-03-01"),)}
        assert self.judged(situation, {"returns": 2}, both, of_return=other) == "refuse"

    def test_beyond_may_cost_a_fee(self, situation: Any) -> None:
        fee = {"then": "fee", "per": "return", "amount": 300, "currency": "EUR"}
        rule = {"rule": "serial_limit", "days": 30, "returns": 1, **fee}
        within = situation.verdict(ALLOW, rule)
        assert (within.outcome, within.fee.minor) == (Outcome.ACCEPT, 0)
        beyond = situation.verdict(ALLOW, rule, history=(past("A", "2025-03-01"),))
        assert (beyond.outcome, beyond.fee.minor) == (Outcome.ACCEPT_WITH_FEE, 300)
        assert [share.kind for share in beyond.fees] == ["serial"]
        foreign = situation.verdict(
            ALLOW, rule, history=(past("A", "2025-03-01"),), line={"currency": "USD"}
        )
        assert foreign.outcome is Outcome.STAFF


REFUSED = {"rule": "refuse", "id": "no", "priority": 9, "when": {"category": "shoes"}}
LISTED = {"rule": "allow_list", "id": "vip", "rules": ["no"], "when": {"segment": "vip"}}
VIP = {"of_return": {"segments": ("vip",)}}


class TestAllowLists:
    def test_deny_beats_allow_unless_allow_listed(self, situation: Any) -> None:
        specs = (ALLOW, REFUSED, LISTED)
        assert situation.verdict(*specs).outcome is Outcome.REFUSE
        verdict = situation.verdict(*specs, **VIP)
        assert verdict.outcome is Outcome.ACCEPT
        assert verdict.rule_ids == ("yes", "vip")

    def test_an_allow_list_grants_nothing(self, situation: Any) -> None:
        verdict = situation.verdict(REFUSED, LISTED, **VIP)
        assert (verdict.outcome, verdict.reason.why) == (Outcome.STAFF, Why.NO_RULES)

    def test_what_is_passed_over_asks_and_charges_nothing(self, situation: Any) -> None:
        fee = {"rule": "fee", "id": "fee", "per": "line", "amount": 100, "currency": "EUR"}
        ask = {"rule": "packaging", "id": "box"}
        listed = {**LISTED, "rules": ["fee", "box"]}
        assert isinstance(situation.judge(ALLOW, fee, ask, listed), Ask)
        verdict = situation.verdict(ALLOW, fee, ask, listed, **VIP)
        assert (verdict.outcome, verdict.fee.minor) == (Outcome.ACCEPT, 0)

    def test_two_allow_lists_never_pass_over_each_other(self, situation: Any) -> None:
        one = {**LISTED, "id": "a", "rules": ["b", "no"]}
        other = {**LISTED, "id": "b", "rules": ["a"]}
        verdict = situation.verdict(ALLOW, REFUSED, one, other, **VIP)
        assert verdict.outcome is Outcome.ACCEPT
        assert verdict.rule_ids == ("yes", "a", "b")

    def test_nothing_passes_over_the_authorised_quantity(self, situation: Any) -> None:
        listed = {**LISTED, "rules": ["authorised-quantity"]}
        verdict = situation.verdict(ALLOW, listed, **VIP, brought=3)
        assert (verdict.outcome, verdict.reason.why) == (Outcome.REFUSE, Why.QUANTITY_EXCEEDED)


class TestInstead:
    def ways(self, situation: Any, spec: dict[str, Any], **facts: Any) -> list[str]:
        return [way.value for way in situation.verdict(ALLOW, spec, **facts).instead]

    def test_who_is_served_needs_no_other_way(self, situation: Any) -> None:
        assert self.ways(situation, {"rule": "review"}) == []

    def test_only_ways_that_exist_are_offered(self, situation: Any) -> None:
        spec = {"rule": "value", "limit": 5, "currency": "EUR"}
        assert self.ways(situation, spec) == ["staff", "merchant"]
        there = {"instead": ("post", "counter", "balloon")}
        assert self.ways(situation, spec, **there) == ["staff", "counter", "post", "merchant"]
        nobody = {"at": {"staffed": False}}
        assert self.ways(situation, spec, **there, **nobody) == ["post", "merchant"]

    def test_a_rule_may_name_its_own(self, situation: Any) -> None:
        spec = {"rule": "staff", "instead": ["later", "counter"]}
        assert self.ways(situation, spec) == ["later"]
        assert self.ways(situation, {**spec, "instead": "counter"}) == ["merchant"]

    def test_a_method_not_offered_names_those_that_are(self, situation: Any) -> None:
        spec = {"rule": "method", "only": ["post", "store", "pigeon"]}
        assert self.ways(situation, spec, instead=("post",)) == ["post", "merchant"]

    def test_a_refusal_with_time_left_names_the_last_day(self, situation: Any) -> None:
        window = {"rule": "window", "id": "w", "days": 30}
        verdict = situation.verdict(
            window, {"rule": "bin_space", "below": 10}, at={"bin_free_percent": 1}
        )
        assert Instead.LATER in verdict.instead
        assert verdict.until == date(2025, 3, 31)


def test_a_destination_is_the_first_by_priority_and_only_for_goods_taken(situation: Any) -> None:
    near = {"rule": "destination", "id": "b", "to": "near", "priority": 1}
    far = {"rule": "destination", "id": "a", "to": "far"}
    assert situation.verdict(ALLOW, far, near).destination == "near"
    assert situation.verdict(ALLOW, far).destination == "far"
    assert situation.verdict(ALLOW).destination == ""
    assert situation.verdict(ALLOW, far, {"rule": "review"}).destination == "far"
    assert situation.verdict(ALLOW, far, {"rule": "staff"}).destination == ""
    assert situation.verdict(far).outcome is Outcome.STAFF
