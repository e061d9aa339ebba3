"""Every rule is heard, and only those questions are put whose answer can still change anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from kiosk.domain.policy.model import Ask, Disposal, Facts, Finding, Outcome, Question, Rule
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods, Say
from kiosk.domain.policy.tariff import Tariff

WEIGHT = {
    Outcome.REFUSE: 6,
    Outcome.STAFF: 5,
    Outcome.REVIEW: 4,
    Outcome.RETURNLESS: 3,
    Outcome.ACCEPT_WITH_FEE: 2,
    Outcome.ACCEPT: 1,
}
FINAL = frozenset({Outcome.REFUSE, Outcome.STAFF})


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule said beside the rule's place in the order."""

    rule_id: str
    priority: int
    say: Say

    @property
    def order(self) -> tuple[object, ...]:
        """Sorts the deciding one first; total, so that no list order shines through."""
        return (-_weight(self.say), -self.priority, self.rule_id, _text(self.say))


def _weight(say: Say) -> int:
    match say:
        case Finding():
            return WEIGHT[say.outcome]
        case Charge():
            return WEIGHT[Outcome.ACCEPT_WITH_FEE]
        case Methods() | Bonus() | Destination() | Lift():
            return 0
        case _:
            assert_never(say)


def _text(say: Say) -> str:
    """Tells apart what two rules of one id say; a reason's values in no order of their own."""
    match say:
        case Finding(reason=reason):
            values = sorted(reason.values.items())
            rest = (say.disposal.value, str(say.until), say.instead)
            return repr((say.outcome.value, reason.why.value, values, rest))
        case Lift(rule_ids=rule_ids):
            return repr(sorted(rule_ids))
        case Charge() | Methods() | Bonus() | Destination():
            return repr(say)
        case _:
            assert_never(say)


@dataclass(frozen=True, slots=True)
class Asked:
    rule: Rule
    question: Question

    @property
    def order(self) -> tuple[object, ...]:
        return (-self.rule.priority, self.rule.rule_id, self.question.question_id)


@dataclass(frozen=True, slots=True)
class Heard:
    """All that the rules said of one line, the weightiest first. `lifted` are the ids passed
    over; what those rules said or asked is not here."""

    said: tuple[Said, ...]
    asked: tuple[Asked, ...]
    lifted: frozenset[str]


def judge(rule: Rule, facts: Facts) -> Say | Question | None:
    """A rule that stumbles over the facts (a time zone nobody knows, a day out of range) cannot
    judge them: it refers, it never accepts."""
    try:
        return rule.judge(facts)
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError):
        return unknown(rule.rule_id)


def hear(rules: Iterable[Rule], facts: Facts, always: Rule) -> Heard:
    """`always` is heard too, and nothing lifts it."""
    said: list[Said] = []
    asked: list[Asked] = []
    lifted: set[str] = set()
    for rule in rules:
        match judge(rule, facts):
            case None:
                pass
            case Question() as question:
                asked.append(Asked(rule, question))
            case say:
                said.append(Said(rule.rule_id, rule.priority, say))
                if isinstance(say, Lift):
                    lifted |= say.rule_ids
    if lifted:  # an allow-list is not lifted by another: neither could be said to come first
        said = [s for s in said if isinstance(s.say, Lift) or s.rule_id not in lifted]
        asked = [a for a in asked if a.rule.rule_id not in lifted]
    last = judge(always, facts)
    if isinstance(last, Finding):
        said.append(Said(always.rule_id, always.priority, last))
    said.sort(key=lambda one: one.order)
    asked.sort(key=lambda one: one.order)
    return Heard(tuple(said), tuple(asked), frozenset(lifted))


@dataclass(frozen=True, slots=True)
class Counted:
    """The fee or bonus that counts of its kind."""

    said: Said
    tariff: Tariff


def counted(said: Sequence[Said], action: type[Charge] | type[Bonus]) -> dict[str, Counted]:
    """One a kind: of the weightiest rule by priority, then id. `said` is sorted."""
    found: dict[str, Counted] = {}
    for one in said:
        if isinstance(one.say, action):
            found.setdefault(one.say.kind, Counted(one, one.say.tariff))
    return found


def first(said: Sequence[Said], kind: type[Say]) -> Said | None:
    """The one that counts of a type of action."""
    return next((one for one in said if isinstance(one.say, kind)), None)


def _decision(said: Sequence[Said]) -> tuple[object, ...]:
    """What a set of sayings comes to. Reasons do not count here, for nobody is asked a question
    only to have a refusal worded differently."""
    top = first(said, Finding)
    if top is None or not isinstance(top.say, Finding):
        return (None,)
    outcome, disposal = top.say.outcome, top.say.disposal
    if outcome in FINAL:
        return (outcome, Disposal.NONE)
    counting = [first(said, Methods), *(one.said for one in counted(said, Bonus).values())]
    if outcome is not Outcome.RETURNLESS:
        counting.append(first(said, Destination))
        counting += [one.said for one in counted(said, Charge).values()]
    return (outcome, disposal, frozenset(one.say for one in counting if one is not None))


def settle(rules: Sequence[Rule], facts: Facts, always: Rule) -> Heard | Ask:
    """Do without every question that can be done without; ask the first of the others.

    One can be done without where no answer changes what is decided, and where all answers make
    the rules say the same: then one of them is assumed. That may settle another question, so
    this goes on until nothing moves.
    """
    heard = hear(rules, facts, always)
    idle: set[str] = set()
    while waiting := [one for one in heard.asked if one.question.question_id not in idle]:
        for one in waiting:
            question = one.question
            answer = _without(question, rules, facts, always, heard)
            if answer is None:
                continue
            if answer:
                facts = replace(facts, answers={**facts.answers, question.question_id: answer})
                heard = hear(rules, facts, always)
                idle.clear()  # what did not matter before may matter now
            else:
                idle.add(question.question_id)
            break
        else:
            return Ask(waiting[0].question, waiting[0].rule.rule_id)
    return heard


def _without(
    question: Question, rules: Sequence[Rule], facts: Facts, always: Rule, heard: Heard
) -> str | None:
    """None where it must be asked, "" where it does not matter, else an answer to assume."""
    answers = question.probes or question.answers
    known = {one.question.question_id for one in heard.asked}
    outcomes: list[tuple[Said, ...]] = []
    for answer in answers:
        given = {**facts.answers, question.question_id: answer}
        then = hear(rules, replace(facts, answers=given), always)
        if any(one.question.question_id not in known for one in then.asked):
            return None
        outcomes.append(then.said)
    if not outcomes:
        return None
    if {_decision(said) for said in outcomes} == {_decision(heard.said)}:
        return ""
    return answers[0] if all(said == outcomes[0] for said in outcomes) else None
