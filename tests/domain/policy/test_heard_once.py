"""What a rule says of the return itself it says of every line, so it is asked once.

A rule may only be asked once where it looks at nothing of the line. What rules and dimensions
look at is seen through the glass that names a verdict's inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy import dimensions
from kiosk.domain.policy.deciding import hearing_of
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome, Policy, Question, Verdict
from kiosk.domain.policy.recording import watched
from kiosk.domain.policy.rules import KINDS, build
from kiosk.domain.policy.whole import prepare
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import PastDrop, PastReturn
from tests.domain.policy.random_returns import POOL, facts_of, policy_of, returns

OF_A_LINE = ("line.", "brought", "already_dropped", "answers.", "measured_g")
ALLOW = {"rule": "allow", "id": "yes"}
TABLES = (
    dimensions.WORDS,
    dimensions.NUMBERS,
    dimensions.AMOUNTS,
    dimensions.DAYS,
    dimensions.FLAGS,
)


def of_a_line(seen: dict[str, str | int]) -> list[str]:
    return [path for path in seen if path.startswith(OF_A_LINE)]


def test_dimensions_of_the_return_look_at_no_line_and_all_others_do(situation: Any) -> None:
    facts = prepare((situation.facts(),))[0]
    for table in TABLES:
        for name, look in table.items():
            glass, seen = watched(facts)
            look(glass)
            assert seen, name
            assert bool(of_a_line(seen)) is (name not in dimensions.OF_RETURN), name


def test_a_rule_of_the_return_looks_at_no_line_and_asks_nothing(situation: Any) -> None:
    """Whatever its parameters, and whatever the return."""
    met: Counter[str] = Counter()
    for specs, given, told in returns(situation, 600, seed=31):
        merchant = situation.facts().merchant
        policy = policy_of(specs, merchant)
        for facts in prepare(facts_of(merchant, given, told)):
            for rule in policy.rules:
                if isinstance(rule, FramedRule) and rule.of_return:
                    glass, seen = watched(facts)
                    assert not isinstance(rule.speak(glass), Question), rule
                    assert not of_a_line(seen), rule
                    met[rule.tag] += 1
    assert len(met) > 15


def kinds(of_return: bool) -> set[str]:
    built = [build({"id": "r", **spec}) for spec in POOL]
    return {
        rule.tag for rule in built if isinstance(rule, FramedRule) and rule.of_return is of_return
    }


def test_these_kinds_of_rules_are_asked_once() -> None:
    """A fee suits the currency of its line, and so does a limit that costs a fee; a limit of
    value may be one of the line, or of the return."""
    by_parameter = {"serial_limit", "value"}
    once = kinds(of_return=True)
    assert once == by_parameter | {
        *("allow", "allow_list", "refuse", "review", "staff", "unknown", "window"),
        *("bin_space", "bundle_age", "channel", "country", "destination", "items"),
        *("method", "refund_method", "segment", "whole", "zone"),
    }
    assert kinds(of_return=False) == {kind.tag for kind in KINDS} - once | by_parameter


@pytest.mark.parametrize(
    ("per", "once"),
    [("item", False), ("line", False), ("brought", True), ("return", True), ("order", True)],
)
def test_a_limit_of_value_is_asked_once_where_the_value_is_the_returns(
    per: str, once: bool
) -> None:
    rule = build({"rule": "value", "id": "v", "limit": 1, "currency": "EUR", "per": per})
    assert isinstance(rule, FramedRule)
    assert rule.of_return is once


@dataclass(frozen=True, slots=True)
class Counting(FramedRule):
    """Grants, and remembers for how many lines it was asked."""

    tag: ClassVar[str] = "counting"
    asked: list[str]
    once: bool

    @property
    def of_return(self) -> bool:
        return self.once

    def speak(self, facts: Facts) -> Finding:
        self.asked.append(facts.line.line_id)
        return Finding(Outcome.ACCEPT, Reason(Why.WITHIN_POLICY))

    @classmethod
    def read(cls, frame: Frame, reader: Any) -> Any: ...


def asked_for(lines: tuple[Facts, ...], once: bool, **frame: Any) -> list[str]:
    rule = Counting(build_frame(**frame), [], once)
    evaluate_return(Policy(7, "M-1", (rule,)), lines)
    return rule.asked


def build_frame(**conditions: Any) -> Frame:
    rule = build({"rule": "staff", "id": "counting", **conditions})
    assert isinstance(rule, FramedRule)
    return rule.frame


def test_three_lines_of_a_return_ask_it_once(situation: Any) -> None:
    lines = situation.together({}, {}, {})
    assert asked_for(lines, once=True) == ["L-1"]
    assert asked_for(lines, once=True, when={"country": ["DE"]}) == ["L-1"]
    assert asked_for(lines, once=True, unless={"segment": ["vip"]}) == ["L-1"]
    assert asked_for(lines, once=False) == ["L-1", "L-2", "L-3"]
    assert asked_for(lines, once=False, when={"country": ["DE"]}) == ["L-1", "L-2", "L-3"]


def test_a_rule_whose_frame_looks_at_the_line_is_asked_about_each(situation: Any) -> None:
    lines = situation.together({}, {"line": {"category": "hats"}}, {})
    assert asked_for(lines, once=True, when={"category": ["shoes"]}) == ["L-1", "L-3"]
    assert asked_for(lines, once=True, unless={"category": ["shoes"]}) == ["L-2"]
    answered = situation.together({}, {}, {}, answers={"worn": "yes"})
    both = {"country": ["DE"], "answer": {"worn": ["no"]}}
    assert asked_for(answered, once=True, when={"not": both}) == ["L-1", "L-2", "L-3"]


def test_what_is_said_once_is_said_of_every_line(situation: Any) -> None:
    lines = situation.together({}, {"line": {"category": "hats"}}, {})
    specs = [ALLOW, {"rule": "refuse", "id": "abroad", "when": {"country": ["DE"]}}]
    for verdict in situation.verdicts(specs, lines):
        assert verdict.rule_ids == ("abroad", "yes")
        assert verdict.inputs == {"authorisation.country": "DE"}


def past(units: int) -> tuple[PastReturn, ...]:
    return (PastReturn("R-0", date(2025, 3, 9), units, Money(100, "EUR")),)


def others(facts: Facts) -> Iterator[tuple[str, Facts]]:
    """The same line in another return, shop or situation: what only one rule of each kind tells
    apart."""
    yield "country", replace(facts, authorisation=replace(facts.authorisation, country="CH"))
    yield "bin_space", replace(facts, context=replace(facts.context, bin_free_percent=1))
    yield "window", replace(facts, merchant=replace(facts.merchant, timezone="Asia/Tokyo"))
    yield "serial_limit", replace(facts, history=past(9))


RULES: dict[str, dict[str, Any]] = {
    "country": {"rule": "country", "only": ["DE"]},
    "bin_space": {"rule": "bin_space", "below": 10},
    "window": {"rule": "window", "days": 9},
    "serial_limit": {"rule": "serial_limit", "days": 30, "units": 5},
}


def test_lines_that_are_not_of_one_return_are_heard_apart(situation: Any) -> None:
    """Nobody asks so today; a shared answer would be a wrong one all the same."""
    facts = situation.facts(now="2025-03-10T20:00:00Z")  # the next day in Tokyo
    for kind, other in others(facts):
        policy = situation.policy(ALLOW, RULES[kind])
        for pair in ((facts, other), (other, facts)):
            alone = [outcome(policy, one)[0] for one in pair]
            assert alone[0] != alone[1], kind
            apart = tuple(
                replace(one, line=replace(one.line, line_id=f"L-{n}")) for n, one in enumerate(pair)
            )
            assert outcome(policy, *apart) == alone, kind


def outcome(policy: Policy, *lines: Facts) -> list[Outcome]:
    found = evaluate_return(policy, lines)
    return [one.outcome for one in found if isinstance(one, Verdict)]


def test_lines_of_one_return_know_the_very_same_of_earlier_visits(situation: Any) -> None:
    """So nothing of the customer's past is merged, or judged, twice."""
    drops = (PastDrop("d-1", {"L-1": 1}),)
    given = situation.together({}, {}, {}, history=past(1), drops=drops)
    lines = prepare(tuple(replace(one, history=given[0].history) for one in given))
    assert lines[0].history == past(1)
    assert lines[0].drops == drops
    for one in lines[1:]:
        assert one.history is lines[0].history
        assert one.drops is lines[0].drops
        assert one.whole is lines[0].whole


def test_what_only_one_line_is_told_of_is_its_own(situation: Any) -> None:
    """Nobody tells so today."""
    one, two = situation.together({}, {})
    later = (PastDrop("d-2", {"L-2": 1}),)
    drops, history = replace(two, drops=later), replace(two, history=past(1))
    elsewhere = replace(two, authorisation=replace(two.authorisation, drops=later))
    for other in (drops, elsewhere):
        assert [len(found.drops) for found in prepare((one, other, one))] == [0, 1, 0]
        assert [len(found.drops) for found in prepare((one, other, other))] == [0, 1, 1]
        assert [found.already_dropped for found in prepare((one, other))] == [0, 1]
    assert [len(found.history) for found in prepare((one, history, one))] == [0, 1, 0]


def test_what_is_brought_together_is_heard_anew(situation: Any) -> None:
    facts = situation.facts()
    hearing = hearing_of(situation.policy({"rule": "items", "at_most": 1}))
    one, two = prepare((facts,))[0], prepare((replace(facts, brought=2),))[0]
    two = replace(two, history=one.history)
    assert [len(hearing.hear(each).said) for each in (one, two, one)] == [0, 1, 0]
