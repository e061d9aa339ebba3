"""A drop judged again says what the kiosk said, or shows what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from kiosk.domain.policy.rules import build
from sync.central.recheck.judging import Result, check
from sync.central.recheck.rebuilding import Around
from tests.sync.judged import MERCHANT, Honest, honest


def looked_at(one: Honest, **changes):
    fact = replace(one.fact, **changes)
    return check(fact, one.policy, MERCHANT, Around(authorised=one.authorised))


def told(count: int, seed: int, **how) -> Counter[str]:
    return Counter(looked_at(one).result.value for one in honest(count, seed, **how))


def test_of_honest_drops_none_differs():
    found = told(1_500, seed=1)
    assert set(found) == {Result.SAME}
    assert found[Result.SAME] > 400


def test_where_the_kiosks_own_ledger_knew_more_nothing_is_guessed():
    """What it knew of other returns and earlier drops is not at the centre here: lines whose
    rules look there are told apart, all others are judged."""
    found = told(1_500, seed=1, alone=False)
    assert set(found) == {Result.SAME, Result.UNTOLD}
    assert found[Result.UNTOLD] < found[Result.SAME] / 4


@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_of_a_hundred_thousand_honest_returns_none_differs():
    assert set(told(100_000, seed=1_000_000)) == {Result.SAME}


OTHERWISE = {
    "outcome": lambda line: "review" if line.outcome != "review" else "accept",
    "reason": lambda line: "final_sale" if line.reason != "final_sale" else "hygiene",
    "refund": lambda line: line.refund + 1,
    "fee": lambda line: line.fee + 1,
    "withheld": lambda line: line.withheld + 1,
    "bonus": lambda line: line.bonus + 1,
    "method": lambda line: "exchange" if line.method != "exchange" else "original",
    "disposal": lambda line: "donate" if line.disposal != "donate" else "keep",
    "destination": lambda line: line.destination + "x",
    "provisional": lambda line: not line.provisional,
    "rule_ids": lambda line: (*line.rule_ids, "r99"),
}


@pytest.mark.parametrize("what", OTHERWISE)
def test_each_thing_said_otherwise_is_found_and_named(what):
    seen = 0
    for one in honest(60, seed=5):
        place = next(n for n, line in enumerate(one.fact.lines) if line.brought)
        line = one.fact.lines[place]
        planted = replace(line, **{what: OTHERWISE[what](line)})
        lines = (*one.fact.lines[:place], planted, *one.fact.lines[place + 1 :])
        found = looked_at(one, lines=lines)
        assert found.result is Result.DIFFERS
        assert [(part.what, part.line_id) for part in found.compared] == [(what, line.line_id)]
        seen += 1
    assert seen > 10


def test_rules_of_another_bundle_would_show():
    """The check is no tautology: by other rules many drops differ."""
    strict = (build({"rule": "window", "id": "w", "days": 1}),)
    found = [
        check(one.fact, replace(one.policy, rules=strict), MERCHANT, Around()).result
        for one in honest(200, seed=9)
    ]
    assert found.count(Result.DIFFERS) > len(found) / 2


def test_a_drop_of_before_kiosks_kept_their_facts_is_not_judged():
    [one, *_] = honest(20, seed=3)
    assert looked_at(one, facts={}).result is Result.OTHER_VERSION
    assert looked_at(one, facts={**one.fact.facts, "form": 2}).result is Result.OTHER_VERSION


def test_facts_that_cannot_be_read_are_no_verdict():
    [one, *_] = honest(20, seed=3)
    odd = {**one.fact.facts, "context.now": "yesterday"}
    found = looked_at(one, facts=odd)
    assert found.result is Result.OTHER_VERSION
    assert found.why
    nowhere = {**one.fact.facts, "merchant.timezone": "Mars/Olympus"}
    assert looked_at(one, facts=nowhere).result in (Result.OTHER_VERSION, Result.DIFFERS)


def test_a_rule_that_one_of_the_two_does_not_know_is_told_apart():
    [one, *_] = (
        o for o in honest(60, seed=3) if all(n.reason != "rule_unknown" for n in o.fact.lines)
    )
    newer = (*one.policy.rules, build({"rule": "of_tomorrow", "id": "new"}))
    found = check(one.fact, replace(one.policy, rules=newer), MERCHANT, Around())
    assert found.result is Result.OTHER_VERSION
    lines = tuple(
        replace(line, outcome="staff", reason="rule_unknown") if line.brought else line
        for line in one.fact.lines
    )
    assert looked_at(one, lines=lines).result is Result.OTHER_VERSION
