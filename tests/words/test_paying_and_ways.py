"""What is kept and what for, how it is paid back, and what to do instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.model import (
    REFUND_METHOD,
    Disposal,
    Instead,
    Outcome,
    Question,
    RefundMethod,
    Share,
    Verdict,
)
from kiosk.domain.reasons import Reason, Why
from kiosk.words import paying, ways, words

EN = words("en")
LANGUAGES = ["en", "de", "es", "fr", "ar"]
TAKEN = Verdict(
    Outcome.ACCEPT_WITH_FEE,
    Reason(Why.FEE_APPLIES, {"fee": 900, "currency": "EUR"}),
    Money(9100, "EUR"),
    Money(900, "EUR"),
    Money(0, "EUR"),
    Disposal.NONE,
    provisional=False,
    policy_number=1,
    rule_ids=("a",),
    fees=(Share("restock", 500, "a"), Share("label", 400, "b")),
)


def told(verdict: Verdict) -> list[tuple[str, int]]:
    return [(name, amount.minor) for name, amount in EN.fees(verdict)]


def test_each_fee_says_what_it_is_for():
    assert told(TAKEN) == [("Restocking fee", 500), ("Return postage", 400)]


def test_kinds_that_read_alike_are_one_line():
    shares = (Share("gloves", 100, "a"), Share("gift-wrap", 300, "b"), Share("restock", 500, "c"))
    assert told(replace(TAKEN, fees=shares)) == [("Fee", 400), ("Restocking fee", 500)]


def test_the_lines_add_up_even_where_no_share_explains_the_fee():
    assert told(replace(TAKEN, fees=())) == [("Return fee", 900)]
    assert told(replace(TAKEN, fees=(), fee=Money(0, "EUR"))) == []


@pytest.mark.parametrize("method", list(RefundMethod))
@pytest.mark.parametrize("provisional", [False, True])
def test_a_promise_names_amount_and_way(method, provisional):
    verdict = replace(TAKEN, outcome=Outcome.ACCEPT, method=method, provisional=provisional)
    said = EN.verdict(replace(verdict, bonus=Money(910, "EUR")))
    assert "€100.10" in said
    assert "€9.10 of it is a bonus." in said
    assert ("to be confirmed" in said) is provisional
    assert ("store credit" in said) is (method is RefundMethod.STORE_CREDIT)


def test_credit_after_a_fee_says_both():
    said = EN.verdict(replace(TAKEN, method=RefundMethod.STORE_CREDIT))
    assert said == "You get €91.00 as store credit. A fee of €9.00 is taken off."


def test_the_best_way_is_the_one_next_step():
    refused = replace(TAKEN, instead=(Instead.COUNTER, Instead.MERCHANT))
    assert EN.instead(refused) == "Hand the item in at the counter here."


def test_without_a_way_the_reason_has_its_usual_one():
    late = replace(TAKEN, reason=Reason(Why.WINDOW_CLOSED))
    assert EN.instead(late) == "Keep the item and ask the shop about it."


def test_later_names_the_last_day_where_there_is_one():
    later = replace(TAKEN, instead=(Instead.LATER,))
    assert EN.instead(later) == "Please come again another day."
    assert EN.instead(replace(later, until=date(2026, 5, 3))) == "Come again by May 3, 2026."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_method_and_kind_reads_differently(language):
    w = words(language)
    steps = {ways.way(w, way) for way in Instead}
    assert len(steps) == len(Instead) - 1  # keeping it means asking the shop
    assert len({w.method(method) for method in RefundMethod}) == len(RefundMethod)
    kinds = ["return", "restock", "label", "check", "cleaning", "box", "wear", "serial", "what"]
    assert len({paying.kind(w, kind) for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question_id", ["sealed", "evidence_serial", "evidence_photo"])
def test_the_new_questions_have_words(language, question_id):
    w, strange = words(language), Question("taste", ("good",))
    assert w.question(Question(question_id, ("none",))) != w.question(strange)
    assert w.question(Question(REFUND_METHOD, ("original",))) != w.question(strange)
    assert w.answer(question_id, "none")
    assert w.answer(REFUND_METHOD, "original") == w.method(RefundMethod.ORIGINAL)
    assert w.answer(REFUND_METHOD, "gold_bars") == "Gold bars"
