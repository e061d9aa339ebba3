"""A verdict told again step by step: what each rule looked at, and where kiosk and centre part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.policy.model import Ask
from kiosk.domain.policy.rules import build
from sync.central.recheck import Result
from sync.central.recheck.parting import At, facts_apart, parting
from sync.central.recheck.rebuilding import EARLIER, Around
from sync.central.recheck.retelling import retell
from tests.sync.judged import MERCHANT, honest


def told(one, policy=None, **changes):
    fact = replace(one.fact, **changes)
    return retell(fact, policy or one.policy, MERCHANT, Around(authorised=one.authorised))


@pytest.fixture(scope="module")
def drops():
    """A few hundred honest drops with the steps of each."""
    return [(one, told(one)) for one in honest(300, seed=1)]


@pytest.fixture(scope="module")
def paid(drops):
    """A drop of one line that two rules of the shop spoke of."""
    return next(one for one, again in drops if plain(again))


def plain(again) -> bool:
    return len(again.lines) == 1 and len(again.lines[0].line.rule_ids) == 2


def with_line(one, **changes):
    """The drop, its brought line told otherwise."""
    lines = tuple(replace(line, **changes) if line.brought else line for line in one.fact.lines)
    return told(one, lines=lines).lines[0].parting


def test_the_steps_are_what_the_kiosk_recorded(drops):
    """Of honest drops the rules that speak here are those that spoke there, and every fact that
    the kiosk's deciding rules looked at is seen here as it was there."""
    assert len(drops) > 100
    for _, again in drops:
        assert again.judged
        assert not again.unknown
        for line in again.lines:
            seen = {path: is_ for one in line.steps for path, is_ in one.step.looked.items()}
            assert {one.step.rule_id for one in line.steps if one.here} == set(line.line.rule_ids)
            assert line.line.inputs.keys() <= seen.keys()
            assert list(facts_apart(line.line, seen)) == []
            assert (line.gone, line.parting) == ((), None)


def test_what_was_not_brought_has_no_steps(drops):
    one, again = next(
        (one, again) for one, again in drops if any(not n.brought for n in one.fact.lines)
    )
    brought = [line.line_id for line in one.fact.lines if line.brought]
    assert [line.line.line_id for line in again.lines] == brought


def test_a_rule_that_spoke_on_one_side_alone_is_where_they_part(paid):
    first, second = paid.fact.lines[0].rule_ids
    alone = with_line(paid, rule_ids=(second,), refund=1)
    assert (alone.at, alone.what) == (At.HERE, first)
    turned = with_line(paid, rule_ids=(second, first), refund=1)
    assert (turned.at, turned.what) == (At.ORDER, second)
    foreign = with_line(paid, rule_ids=(first, "r99", second), refund=1)
    assert (foreign.at, foreign.what) == (At.THERE, "r99")


def test_a_fact_seen_otherwise_comes_before_rules_and_money(paid):
    line = paid.fact.lines[0]
    path = next(iter(line.inputs))
    odd = with_line(paid, inputs={**line.inputs, path: "other"}, rule_ids=(), refund=1)
    assert (odd.at, odd.what, odd.kiosk, odd.centre) == (
        At.FACT,
        path,
        "other",
        line.inputs[path],
    )


def test_what_the_same_rules_came_to_is_told_in_the_order_of_deciding(paid):
    line = paid.fact.lines[0]
    other = "original" if line.method != "original" else "exchange"
    both = with_line(paid, refund=line.refund + 1, method=other)
    assert (both.at, both.what, both.kiosk, both.centre) == (
        At.RESULT,
        "method",
        other,
        line.method,
    )
    money = with_line(paid, refund=line.refund + 1)
    assert (money.what, money.kiosk, money.centre) == ("refund", line.refund + 1, line.refund)


def test_a_question_that_only_the_centre_would_ask(paid):
    spec = {"rule": "condition", "id": "ask", "question": "condition"}
    asks = build({**spec, "accept": ["unused"], "refuse": ["damaged"]})
    again = told(paid, replace(paid.policy, rules=(*paid.policy.rules, asks)))
    (line,) = again.lines
    assert isinstance(line.result, Ask)
    assert (line.parting.at, line.parting.what) == (At.QUESTION, line.result.question.question_id)


def test_where_both_come_to_the_same_nothing_parts(paid):
    line = paid.fact.lines[0]
    assert parting(line, told(paid).lines[0].result, {}, ()) is None


def test_a_rule_that_the_bundle_does_not_have_is_named(paid):
    lines = (replace(paid.fact.lines[0], rule_ids=("r99",)),)
    (line,) = told(paid, lines=lines).lines
    assert line.gone == ("r99",)


def test_where_something_is_not_known_each_rule_says_what_it_looked_at():
    """The kiosk's ledger knew of other returns and earlier drops, the centre does not."""
    untold = [
        again
        for again in map(told, honest(260, seed=1, alone=False))
        if again.checked.result is Result.UNTOLD
    ]
    assert untold
    for again in untold:
        assert not again.judged
        here = {path for line in again.lines for one in line.steps for path in one.unknown}
        assert here <= set(again.unknown) <= here | {EARLIER}
        assert all(line.parting is None for line in again.lines)


def test_facts_that_cannot_be_read_have_no_steps(paid):
    again = told(paid, facts={**paid.fact.facts, "context.now": "yesterday"})
    assert (again.judged, again.lines) == (False, ())
    assert again.checked.result is Result.OTHER_VERSION
