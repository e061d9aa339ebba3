"""Why a line gets its verdict: what became of every rule, and because of what.

    trace = explain(policy, lines)[0]
    trace.result                      the very Verdict or Ask of evaluate_return
    for step in trace.steps: ...      one a rule, those that shaped the result first

Says nothing that the evaluator did not do: it hears the same rules over the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from kiosk.domain.policy.condition import Checked
from kiosk.domain.policy.deciding import GUARD, Decided, decide, hearing_of
from kiosk.domain.policy.evaluate import evaluate_return
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.hearing import STUMBLES, counted, first, judge
from kiosk.domain.policy.model import Ask, Facts, Finding, Policy, Question, Rule, Verdict
from kiosk.domain.policy.recording import Seen, watched
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods, Say
from kiosk.domain.policy.verdict import deciding
from kiosk.domain.policy.whole import prepare


class Fate(StrEnum):
    """What became of a rule. The order is that of the steps."""

    DECIDED = "decided"  # the result were another without it
    ASKED = "asked"  # its question must be answered first
    AGREED = "agreed"  # it says the same as the rule that decided
    OUTWEIGHED = "outweighed"  # it spoke, and another rule counts
    MOOT = "moot"  # it would ask, and no answer would change anything
    WAITS = "waits"  # a question comes first
    LIFTED = "lifted"  # an allow-list passes over it
    SILENT = "silent"  # it applies, and has nothing to say of this line
    EXCEPTED = "excepted"  # its `unless` holds
    ELSEWHERE = "elsewhere"  # its `when` does not hold, or is in doubt


@dataclass(frozen=True, slots=True)
class Step:
    """One rule. `checked` are the comparisons of its `when` and `unless`, each with what was found
    and how it came out; `say` is what it said, a Question where it asks, None where it has nothing
    to say or does not apply; `by` is the rule that counts instead, or lifted it, "" for none;
    `looked` is what it looked at, by path (kiosk.domain.policy.recording)."""

    rule_id: str
    tag: str
    priority: int
    fate: Fate
    checked: tuple[Checked, ...]
    say: Say | Question | None
    by: str = ""
    looked: Mapping[str, str | int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """One line. `steps` in the order of Fate, then priority, then id."""

    policy_number: int
    line_id: str
    steps: tuple[Step, ...]
    result: Verdict | Ask


def explain(policy: Policy, lines: Sequence[Facts]) -> tuple[Trace, ...]:
    """One trace a line of a return, in the order given."""
    results = evaluate_return(policy, lines)
    return tuple(
        _Telling(policy, facts, result).trace()
        for facts, result in zip(prepare(lines), results, strict=True)
    )


class _Telling:
    """One line's hearing once more, with all that came of it at hand."""

    def __init__(self, policy: Policy, facts: Facts, result: Verdict | Ask) -> None:
        hearing = hearing_of(policy)
        decided = decide(hearing, facts)
        self.policy = policy
        self.result = result
        self.decided = decided if isinstance(decided, Decided) else None
        self.facts = self.decided.facts if self.decided else facts
        self.heard = self.decided.heard if self.decided else hearing.hear(facts)
        self.deciding: frozenset[str] = frozenset()
        if self.decided and isinstance(result, Verdict):
            self.deciding = deciding(self.decided, (*result.fees, *result.bonuses))

    def trace(self) -> Trace:
        order = list(Fate)
        steps = sorted(
            (self._step(rule) for rule in (*self.policy.rules, GUARD)),
            key=lambda step: (order.index(step.fate), -step.priority, step.rule_id, str(step.say)),
        )
        return Trace(self.policy.number, self.facts.line.line_id, tuple(steps), self.result)

    def _step(self, rule: Rule) -> Step:
        say = judge(rule, self.facts)
        fate, by = self._fate(rule, say)
        checked = _checked(rule, self.facts)
        looked = _looked(rule, self.facts)
        return Step(rule.rule_id, rule.tag, rule.priority, fate, checked, say, by, looked)

    def _fate(self, rule: Rule, say: Say | Question | None) -> tuple[Fate, str]:
        if say is None:
            return _unheard(rule, self.facts), ""
        if rule.rule_id in self.heard.lifted and rule is not GUARD and not isinstance(say, Lift):
            return Fate.LIFTED, self._lifter(rule.rule_id)
        if isinstance(self.result, Ask):
            return (Fate.ASKED if rule.rule_id == self.result.rule_id else Fate.WAITS), ""
        if isinstance(say, Question):
            return Fate.MOOT, ""
        if rule.rule_id in self.deciding:
            return Fate.DECIDED, ""
        if (
            self.decided
            and isinstance(say, Finding)
            and say.outcome is self.decided.finding.outcome
        ):
            return Fate.AGREED, self.decided.by
        return Fate.OUTWEIGHED, self._winner(say)

    def _lifter(self, rule_id: str) -> str:
        lifts = (one for one in self.heard.said if isinstance(one.say, Lift))
        return next(one.rule_id for one in lifts if rule_id in _ids(one.say))

    def _winner(self, say: Say) -> str:
        """Which rule counts in its stead: of its own type of action, or the deciding one."""
        by = self.decided.by if self.decided else ""
        said = self.heard.said
        match say:
            case Charge() | Bonus():
                same = counted(said, type(say)).get(say.kind)
                found = same.said if same else None
            case Methods() | Destination():
                found = first(said, type(say))
            case Finding() | Lift():
                return by
            case _:
                assert_never(say)
        return found.rule_id if found and found.rule_id in self.deciding else by


def _ids(say: Say) -> frozenset[str]:
    return say.rule_ids if isinstance(say, Lift) else frozenset()


def _checked(rule: Rule, facts: Facts) -> tuple[Checked, ...]:
    try:
        return tuple(_comparisons(rule, facts))
    except STUMBLES:  # a zone that nobody knows: the rule's finding says so
        return ()


def _comparisons(rule: Rule, facts: Facts) -> Iterator[Checked]:
    if isinstance(rule, FramedRule):
        yield from rule.frame.when.checked(facts, "when")
        if rule.frame.unless is not None:
            yield from rule.frame.unless.checked(facts, "unless")


def _looked(rule: Rule, facts: Facts) -> Seen:
    glass, seen = watched(facts)
    judge(rule, glass)
    return seen


def _unheard(rule: Rule, facts: Facts) -> Fate:
    if not isinstance(rule, FramedRule) or rule.frame.applies(facts):
        return Fate.SILENT
    return Fate.EXCEPTED if rule.frame.when.holds(facts) else Fate.ELSEWHERE
