"""Every rule is heard, and only those questions are put whose answer can still change anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import assert_never

from kiosk.domain.policy import agenda
from kiosk.domain.policy.agenda import Speaker
from kiosk.domain.policy.model import (
    Ask,
    Disposal,
    Facts,
    Finding,
    Outcome,
    Question,
    RefundMethod,
    Rule,
)
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.says import Bonus, Charge, Destination, Lift, Methods, Say
from kiosk.domain.policy.tariff import Tariff
from kiosk.domain.quick import quick

WEIGHT = {
    Outcome.REFUSE: 6,
    Outcome.STAFF: 5,
    Outcome.REVIEW: 4,
    Outcome.RETURNLESS: 3,
    Outcome.ACCEPT_WITH_FEE: 2,
    Outcome.ACCEPT: 1,
}
FINAL = frozenset({Outcome.REFUSE, Outcome.STAFF})
METHODS = frozenset(method.value for method in RefundMethod)
_order = attrgetter("order")
MOST_LOOKS = 64
"""So many ways to answer are looked at before a question is simply put."""


@quick
@dataclass(frozen=True, slots=True)
class Said:
    """What a rule said beside the rule's place in the order."""

    rule_id: str
    say: Say
    order: tuple[int, int, str]
    """Sorts the deciding one first. Rules that share an id are told apart by `_text`."""


def _weight(say: Say) -> int:
    match say:  # the commonest first
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
        """Rules that share an id are told apart by what they would ask."""
        asked = self.question
        told = (asked.answers, asked.kind.value, asked.probes, asked.count)
        return (-self.rule.priority, self.rule.rule_id, asked.question_id, told)


@quick
@dataclass(frozen=True, slots=True)
class Heard:
    """All that the rules said of one line, the weightiest first. `lifted` are the ids passed
    over; what those rules said or asked is not here."""

    said: tuple[Said, ...]
    asked: tuple[Asked, ...]
    lifted: frozenset[str]


STUMBLES = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)
"""What a rule may stumble over: a time zone nobody knows, a day out of range. It then cannot
judge the facts: it refers, it never accepts."""


def judge(rule: Rule, facts: Facts) -> Say | Question | None:
    """What one rule has to say."""
    try:
        return rule.judge(facts)
    except STUMBLES:
        return unknown(rule.rule_id)


class Hearing:
    """A policy's rules, heard about the lines of one return (as kiosk.domain.policy.whole.prepare
    gives them). What they say of the return itself is heard once, at its first line."""

    __slots__ = ("_agenda", "_always", "_namesakes", "_of", "_once")

    def __init__(self, rules: Sequence[Rule], always: Speaker) -> None:
        """`always` is heard too, and nothing lifts it."""
        laid = self._agenda = agenda.of(rules)
        self._always = (always,)
        self._namesakes = laid.namesakes or always.rule_id in laid.ids
        self._of: Facts | None = None
        self._once: list[Said] = []

    def hear(self, facts: Facts) -> Heard:
        """All that is said of this line."""
        if self._of is None or not _one_return(self._of, facts):
            self._of, self._once = facts, []
            _listen(self._agenda.once.about(facts), facts, self._once, [])
        said, asked = self._once.copy(), list[Asked]()
        _listen(self._agenda.each.about(facts), facts, said, asked)
        lifted: frozenset[str] = frozenset()
        for one in said:
            if isinstance(one.say, Lift):
                lifted |= one.say.rule_ids
        if lifted:  # an allow-list is not lifted by another: neither could be said to come first
            said = [s for s in said if isinstance(s.say, Lift) or s.rule_id not in lifted]
            asked = [a for a in asked if a.rule.rule_id not in lifted]
        _listen(self._always, facts, said, asked)
        if self._namesakes:  # no order of a list must shine through
            said.sort(key=lambda one: _text(one.say))
        said.sort(key=_order)
        return Heard(tuple(said), tuple(sorted(asked, key=_order)) if asked else (), lifted)


def _one_return(one: Facts, other: Facts) -> bool:
    """Whether rules that look at no line cannot tell them apart."""
    return (
        one.authorisation is other.authorisation
        and one.whole is other.whole
        and one.context is other.context
        and one.history is other.history
        and one.merchant is other.merchant
    )


def _listen(
    speakers: Iterable[Speaker], facts: Facts, said: list[Said], asked: list[Asked]
) -> None:
    for rule, rule_id, rank, speak in speakers:
        try:
            say = speak(facts)
        except STUMBLES:
            say = unknown(rule_id)
        if say is None:
            continue
        if isinstance(say, Question):
            asked.append(Asked(rule, say))
        else:
            said.append(Said(rule_id, say, (-_weight(say), rank, rule_id)))


@quick
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
    for one in said:
        if isinstance(one.say, kind):
            return one
    return None


def unpayable(methods: Said | None, chosen: str) -> bool:
    """Whether the `chosen` resolution is no method of paying back that is known, and no rule
    names `methods` to choose from instead: a person's business, whatever else is said."""
    return bool(chosen) and chosen not in METHODS and methods is None


def _decision(said: Sequence[Said], chosen: str) -> tuple[object, ...]:
    """What a set of sayings comes to. Reasons do not count here, for nobody is asked a question
    only to have a refusal worded differently."""
    top = first(said, Finding)
    if top is None or not isinstance(top.say, Finding):
        return (None,)
    outcome, disposal = top.say.outcome, top.say.disposal
    if outcome in FINAL:
        return (outcome, Disposal.NONE)
    methods = first(said, Methods)
    if unpayable(methods, chosen):
        return (Outcome.STAFF, Disposal.NONE)
    counting = [methods, *(one.said for one in counted(said, Bonus).values())]
    if outcome is not Outcome.RETURNLESS:
        counting.append(first(said, Destination))
        counting += [one.said for one in counted(said, Charge).values()]
    return (outcome, disposal, frozenset(one.say for one in counting if one is not None))


def settle(hearing: Hearing, facts: Facts) -> Heard | Ask:
    """Do without every question that can be done without; ask the first of the others.

    One can be done without where no answer changes what is decided, and where all answers make
    the rules say the same: then one of them is assumed. That may settle another question, so
    this goes on until nothing moves.
    """
    heard = hearing.hear(facts)
    if not heard.asked:
        return heard
    idle: set[str] = set()
    while waiting := [one for one in heard.asked if one.question.question_id not in idle]:
        for one in waiting:
            question = one.question
            answer = _without(question, hearing, facts, heard)
            if answer is None:
                continue
            if answer:
                facts = replace(facts, answers={**facts.answers, question.question_id: answer})
                heard = hearing.hear(facts)
                idle.clear()  # what did not matter before may matter now
            else:
                idle.add(question.question_id)
            break
        else:
            return Ask(waiting[0].question, waiting[0].rule.rule_id)
    return heard


def _without(question: Question, hearing: Hearing, facts: Facts, heard: Heard) -> str | None:
    """None where it must be asked, "" where it does not matter, else an answer to assume."""
    waiting = frozenset(one.question.question_id for one in heard.asked)
    ends = _ends(question, hearing, facts, waiting, MOST_LOOKS)
    if not ends:
        return None
    chosen = facts.resolution
    if {_decision(end.said, chosen) for end in ends} == {_decision(heard.said, chosen)}:
        return ""
    alike = all(end.said == ends[0].said for end in ends)
    return ends[0].answer if alike and len(ends) == len(_answers(question)) else None


@dataclass(frozen=True, slots=True)
class _End:
    """What is said once a question, and those that only its answer raised, are answered."""

    answer: str
    said: tuple[Said, ...]


def _answers(question: Question) -> tuple[str, ...]:
    return question.probes or question.answers


def _ends(
    question: Question,
    hearing: Hearing,
    facts: Facts,
    waiting: frozenset[str],
    looks: int,
) -> list[_End]:
    """Every way it can end, questions that were `waiting` before left open; [] where there is
    none, or where there are more than `looks` to look at."""
    found: list[_End] = []
    for answer in _answers(question):
        if len(found) >= looks:
            return []
        given = replace(facts, answers={**facts.answers, question.question_id: answer})
        then = hearing.hear(given)
        raised = [one for one in then.asked if one.question.question_id not in waiting]
        ways = [_End(answer, then.said)]
        if raised:
            left = looks - len(found) - 1  # so that no chain of questions goes deep either
            more = _ends(raised[0].question, hearing, given, waiting, left)
            ways = [_End(answer, end.said) for end in more]
        found += ways
        if not ways:
            return []
    return found
