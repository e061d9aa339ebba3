"""Fees and bonuses: what is charged once a return, how it is split, what earlier visits paid."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.model import Ask, Outcome, Verdict
from kiosk.domain.policy.sharing import split
from kiosk.domain.returns import ChargedOnce, PastDrop

ALLOW = {"rule": "allow", "id": "yes"}
ONCE = {"rule": "fee", "id": "once", "per": "return", "amount": 500, "currency": "EUR"}


def fees(verdicts: list[Verdict]) -> list[int]:
    return [verdict.fee.minor for verdict in verdicts]


def priced(*prices: int) -> list[dict[str, Any]]:
    return [{"line": {"price": price}} for price in prices]


def test_a_fee_once_a_return_is_split_to_the_last_cent(situation: Any) -> None:
    lines = situation.together(*priced(1000, 1000, 1000))
    assert fees(situation.verdicts([ALLOW, ONCE], lines)) == [167, 167, 166]


def test_it_is_split_by_price(situation: Any) -> None:
    lines = situation.together(*priced(7500, 2500))
    verdicts = situation.verdicts([ALLOW, ONCE], lines)
    assert fees(verdicts) == [375, 125]
    (share,) = verdicts[0].fees
    assert (share.kind, share.rule_id, share.once, share.base) == ("return", "once", True, 7500)


def test_lines_that_are_not_taken_pay_nothing(situation: Any) -> None:
    sold = {"rule": "final_sale", "id": "final"}
    keep = {"rule": "returnless", "id": "keep", "below": 500, "currency": "EUR"}
    lines = situation.together(
        {"line": {"final_sale": True}}, {"line": {"price": 400}}, {}, {"brought": 0}
    )
    verdicts = situation.verdicts([ALLOW, ONCE, sold, keep], lines)
    assert fees(verdicts) == [0, 0, 500, 0]
    assert [verdict.outcome.value for verdict in verdicts] == [
        "refuse",
        "returnless",
        "accept_with_fee",
        "accept",
    ]


def test_a_line_under_review_carries_its_part(situation: Any) -> None:
    review = {"rule": "review", "id": "look", "when": {"tag": "dear"}}
    lines = situation.together({"line": {"tags": ("dear",)}}, {})
    first, second = situation.verdicts([ALLOW, ONCE, review], lines)
    assert (first.outcome, first.fee.minor, first.withheld.minor) == (Outcome.REVIEW, 250, 4749)
    assert second.fee.minor == 250


def test_a_line_that_waits_for_an_answer_takes_no_part_yet(situation: Any) -> None:
    box = {"rule": "packaging", "id": "box", "when": {"tag": "boxed"}}
    lines = situation.together({"line": {"tags": ("boxed",)}}, {})
    waiting, other = evaluate_return(situation.policy(ALLOW, ONCE, box), lines)
    assert isinstance(waiting, Ask)
    assert isinstance(other, Verdict)
    assert other.fee.minor == 500


def test_what_an_earlier_visit_paid_is_not_charged_again(situation: Any) -> None:
    drop = PastDrop("d1", {"L-1": 1}, fees=(ChargedOnce("return", 500, 4999),))
    assert situation.verdict(ALLOW, ONCE, drops=(drop,)).fee.minor == 0
    known_by_bundle = {"of_return": {"drops": (drop,)}}
    assert situation.verdict(ALLOW, ONCE, **known_by_bundle).fee.minor == 0
    both = situation.verdict(ALLOW, ONCE, drops=(drop,), **known_by_bundle)
    assert (both.fee.minor, both.outcome) == (0, Outcome.ACCEPT)


def test_nor_is_the_rest_of_a_fee_that_was_larger_than_the_price(situation: Any) -> None:
    """Visit by visit the return pays what it would have paid at once, as far as prices reach."""
    first = situation.verdict(ALLOW, ONCE, line={"price": 300})
    assert (first.fee.minor, first.refund.minor) == (300, 0)
    paid = tuple(ChargedOnce(part.kind, part.minor, part.base) for part in first.fees)
    drop = PastDrop("d1", {"L-1": 1}, fees=paid)
    assert situation.verdict(ALLOW, ONCE, line={"price": 300}, drops=(drop,)).fee.minor == 200


PERCENT = {"rule": "fee", "id": "p", "per": "return", "basis_points": 1000, "currency": "EUR"}


@pytest.mark.parametrize(
    ("bounds", "due"),
    [
        ({}, 1000),
        ({"at_most": 700}, 700),
        ({"at_least": 1500}, 1500),
        ({"amount": 50}, 1050),
        ({"amount": 50, "at_most": 1049}, 1049),
    ],
)
def test_a_percentage_of_the_return_with_bounds(
    situation: Any, bounds: dict[str, int], due: int
) -> None:
    spec = {**PERCENT, **bounds}
    if not bounds:
        del spec["currency"]
    lines = situation.together(*priced(3333, 6667))
    assert sum(fees(situation.verdicts([ALLOW, spec], lines))) == due


@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=4),
    st.integers(0, 4),
    st.integers(0, 800),
    st.integers(0, 600),
    st.integers(0, 3000),
)
def test_in_parts_a_return_pays_what_it_pays_at_once(
    situation: Any, prices: list[int], cut: int, amount: int, at_least: int, at_most: int
) -> None:
    """Whatever the tariff, and wherever the visits are cut, as long as the fee fits the price."""
    spec = {
        **PERCENT,
        "amount": amount,
        "at_least": min(at_least, at_most),
        "at_most": at_most,
    }
    whole = situation.together(*priced(*prices))
    at_once = situation.verdicts([ALLOW, spec], whole)
    first = situation.verdicts([ALLOW, spec], whole[:cut])
    drop = PastDrop(
        "d1",
        {facts.line.line_id: 1 for facts in whole[:cut]},
        fees=tuple(ChargedOnce(part.kind, part.minor, part.base) for v in first for part in v.fees),
    )
    rest = [replace(facts, drops=(drop,)) for facts in whole[cut:]]
    second = situation.verdicts([ALLOW, spec], tuple(rest))
    both, once = sum(fees(first)) + sum(fees(second)), sum(fees(at_once))
    assert both <= once
    if all(verdict.refund.minor > 0 for verdict in [*first, *second]):
        assert both == once


def test_of_one_kind_the_first_rule_by_priority_is_charged(situation: Any) -> None:
    dear = {**ONCE, "id": "dear", "amount": 900, "priority": 1, "when": {"tag": "dear"}}
    lines = situation.together({"line": {"tags": ("dear",)}}, {})
    assert sum(fees(situation.verdicts([ALLOW, ONCE, dear], lines))) == 900


def test_a_waiver_for_one_line_leaves_the_fee_to_the_others(situation: Any) -> None:
    free = {"rule": "fee", "id": "free", "per": "line", "amount": 0, "currency": "EUR"}
    free |= {"priority": 1, "when": {"reason": "faulty"}}
    lines = situation.together({"line": {"reason": "faulty"}}, {})
    assert fees(situation.verdicts([ALLOW, ONCE, free], lines)) == [0, 500]


def test_a_waiver_for_the_return_frees_all_of_it(situation: Any) -> None:
    free = {**ONCE, "id": "free", "amount": 0, "priority": 1, "when": {"reason": "faulty"}}
    lines = situation.together({"line": {"reason": "faulty"}}, {})
    assert fees(situation.verdicts([ALLOW, ONCE, free], lines)) == [0, 0]


def test_fees_of_several_kinds_never_exceed_the_price(situation: Any) -> None:
    restock = {"rule": "fee", "id": "r", "kind": "restock", "per": "percent", "basis_points": 9900}
    verdict = situation.verdict(ALLOW, ONCE, restock, line={"price": 1000})
    assert (verdict.refund.minor, verdict.fee.minor) == (0, 1000)
    assert [(part.kind, part.minor) for part in verdict.fees] == [("restock", 990), ("return", 10)]


def test_lines_of_another_currency_are_no_part_of_it(situation: Any) -> None:
    percent = {"rule": "fee", "id": "p", "per": "return", "basis_points": 1000}
    lines = situation.together({}, {"line": {"currency": "USD", "price": 2000}})
    verdicts = situation.verdicts([ALLOW, percent], lines)
    assert [verdict.fee for verdict in verdicts] == [Money(500, "EUR"), Money(200, "USD")]


def test_nothing_brought_costs_nothing(situation: Any) -> None:
    assert situation.verdict(ALLOW, ONCE, brought=0).outcome is Outcome.ACCEPT
    assert situation.verdict(ALLOW, ONCE, brought=0).fees == ()


CREDIT = {"rule": "bonus", "id": "plus", "per": "percent", "basis_points": 1000}
CHOSEN = {"of_return": {"resolution": "store_credit"}}


class TestBonus:
    def test_it_comes_on_top_for_who_takes_the_method(self, situation: Any) -> None:
        verdict = situation.verdict(ALLOW, CREDIT, **CHOSEN)
        assert verdict.bonus == Money(500, "EUR")
        assert verdict.refund == Money(4999, "EUR")
        assert situation.verdict(ALLOW, CREDIT).bonus is None

    def test_it_is_given_once_a_return_too(self, situation: Any) -> None:
        flat = {"rule": "bonus", "id": "f", "per": "return", "amount": 1000, "currency": "EUR"}
        lines = situation.together(*priced(1000, 3000), **CHOSEN)
        verdicts = situation.verdicts([ALLOW, flat], lines)
        assert [v.bonus for v in verdicts] == [Money(250, "EUR"), Money(750, "EUR")]
        given_before = PastDrop("d1", {}, bonuses=(ChargedOnce("bonus", 1000, 1000),))
        again = situation.verdict(ALLOW, flat, drops=(given_before,), **CHOSEN)
        assert again.bonus == Money(0, "EUR")

    def test_it_may_be_more_than_the_price(self, situation: Any) -> None:
        flat = {"rule": "bonus", "id": "f", "per": "line", "amount": 9000, "currency": "EUR"}
        verdict = situation.verdict(ALLOW, flat, **CHOSEN)
        assert verdict.bonus == Money(9000, "EUR")

    @pytest.mark.parametrize("rule", ["review", "staff"])
    def test_nothing_is_given_before_the_goods_are_taken_for_good(
        self, situation: Any, rule: str
    ) -> None:
        assert situation.verdict(ALLOW, CREDIT, {"rule": rule}, **CHOSEN).bonus is None

    def test_another_currency_goes_to_staff(self, situation: Any) -> None:
        flat = {"rule": "bonus", "id": "f", "per": "line", "amount": 9, "currency": "USD"}
        assert situation.verdict(ALLOW, flat).outcome is Outcome.STAFF

    def test_of_two_bonuses_of_a_kind_the_one_of_the_chosen_method_counts(
        self, situation: Any
    ) -> None:
        swap = {**CREDIT, "id": "a", "method": "exchange", "basis_points": 2000}
        verdict = situation.verdict(ALLOW, CREDIT, swap, **CHOSEN)
        assert verdict.bonus == Money(500, "EUR")


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**5), max_size=8))
def test_parts_add_up_and_are_fair(total: int, weights: list[int]) -> None:
    parts = split(total, weights)
    whole = sum(weights)
    assert sum(parts) == (total if whole else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert part >= 0
        if whole:
            assert abs(part * whole - total * weight) < whole
        if total <= whole:
            assert part <= weight


def test_the_weightier_fee_is_taken_first_whichever_line_bears_it(situation: Any) -> None:
    """Of a price that both together would exceed. The first line bears only the lighter one."""
    per = {"rule": "fee", "per": "return", "currency": "EUR"}
    hats = {**per, "id": "a", "kind": "a", "amount": 100, "when": {"category": "hats"}}
    specs = [
        {"rule": "allow"},
        {**hats, "priority": 5},
        {**per, "id": "b", "kind": "b", "amount": 150},
    ]
    lines = situation.together(
        {"line": {"price": 100}}, {"line": {"price": 100, "category": "hats"}}
    )
    shares = [
        {part.kind: part.minor for part in verdict.fees}
        for verdict in situation.verdicts(specs, lines)
    ]
    assert shares == [{"b": 100}, {"a": 100, "b": 0}]
    third = {**per, "id": "c", "kind": "c", "amount": 50}
    fees = [verdict.fees for verdict in situation.verdicts([*specs, third], lines)]
    assert [[part.minor for part in found] for found in fees] == [[100, 0], [100, 0, 0]]


def test_of_a_lines_own_fees_the_weightier_is_taken_first(situation: Any) -> None:
    per = {"rule": "fee", "per": "line", "currency": "EUR"}
    light = {**per, "id": "a", "kind": "a", "amount": 80}
    heavy = {**per, "id": "z", "kind": "z", "amount": 70, "priority": 1}
    (verdict,) = situation.verdicts(
        [{"rule": "allow"}, light, heavy], situation.together({"line": {"price": 100}})
    )
    assert [(part.kind, part.minor) for part in verdict.fees] == [("a", 30), ("z", 70)]


def test_a_fee_of_the_return_that_finds_nothing_left_takes_nothing(situation: Any) -> None:
    own = {"rule": "fee", "id": "a", "kind": "a", "per": "line", "amount": 100, "currency": "EUR"}
    once = {**own, "id": "b", "kind": "b", "per": "return", "amount": 50}
    line = {"line": {"price": 100}}
    verdicts = situation.verdicts([{"rule": "allow"}, own, once], situation.together(line, line))
    shares = [{part.kind: part.minor for part in verdict.fees} for verdict in verdicts]
    assert shares == [{"a": 100, "b": 0}, {"a": 100, "b": 0}]
