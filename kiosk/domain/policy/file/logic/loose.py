"""Names that lead nowhere, words that no fact ever has, and prices that eat the refund."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kiosk.domain.policy.comparing import All, Answered, Any, Not, OneOf
from kiosk.domain.policy.condition import Condition as Where
from kiosk.domain.policy.condition import Test
from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken
from kiosk.domain.policy.file.mistakes import Level, meant
from kiosk.domain.policy.file.regions import Range
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.model import REFUND_METHOD, RefundMethod
from kiosk.domain.policy.rules import hygiene, packaging
from kiosk.domain.policy.rules.allow_list import AllowList
from kiosk.domain.policy.rules.condition import Condition
from kiosk.domain.policy.rules.evidence import Evidence
from kiosk.domain.policy.rules.fee import Fee
from kiosk.domain.policy.rules.hygiene import Hygiene
from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.policy.rules.packaging import Packaging
from kiosk.domain.policy.rules.refund_method import RefundMethods
from kiosk.domain.policy.tariff import Per
from kiosk.domain.sentences import Sentence

_COUNTRY = re.compile(r"[A-Z]{2}\Z")
METHODS = frozenset(method.value for method in RefundMethod)
GUARD_ID = "authorised-quantity"


def remarks(spoken: Sequence[Spoken], whole: bool) -> Iterator[Remark]:
    """`whole`: every rule of the list reads well, so that what is missing is missing."""
    ids = {one.rule.rule_id for one in spoken}
    asked = _asked([one.rule for one in spoken])
    for one in spoken:
        if isinstance(one.rule, AllowList) and whole:
            yield from _lifts(one, one.rule, ids)
        for test in tests(one.rule):
            yield from _answered(one, test, asked) if whole else ()
            yield from _words(one, test)
        yield from _countries(one)
        yield from _fee(one)


def _lifts(one: Spoken, rule: AllowList, ids: set[str]) -> Iterator[Remark]:
    for name in sorted(rule.rules - ids):
        if name == GUARD_ID:
            problem = Sentence("{rule} cannot be passed over", rule=repr(name))
            remedy: str = Sentence("raise the authorised quantity")
        else:
            problem = Sentence("there is no rule {rule} to pass over", rule=repr(name))
            remedy = meant(name, ids)
        yield Remark(one.place, Level.ERROR, problem, remedy, ("rules",))


def _asked(rules: Sequence[FramedRule]) -> dict[str, set[str] | None]:
    """Every question that some rule puts, with its answers; None for any."""
    found: dict[str, set[str] | None] = {}
    for rule in rules:
        match rule:
            case Condition(question=question):
                known = found.setdefault(question, set())
                if known is not None:
                    known |= set(rule.answers)
            case Packaging():
                found[packaging.PACKAGING] = set(packaging.ANSWERS)
            case Hygiene(ask=True):
                found[hygiene.SEALED] = {hygiene.YES, hygiene.NO}
            case Evidence(evidence=evidence):
                found[f"evidence_{evidence.value}"] = None
            case RefundMethods():
                found[REFUND_METHOD] = set(METHODS)
            case _:
                pass
    return found


def tests(rule: FramedRule) -> Iterator[Test]:
    for part in (rule.frame.when, rule.frame.unless):
        if part is not None:
            yield from _inside(part)


def _inside(where: Where) -> Iterator[Test]:
    for test in where.tests:
        match test:
            case All(parts=parts) | Any(parts=parts):
                for part in parts:
                    yield from _inside(part)
            case Not(part=part):
                yield from _inside(part)
            case _:
                yield test


def _answered(one: Spoken, test: Test, asked: dict[str, set[str] | None]) -> Iterator[Remark]:
    if not isinstance(test, Answered):
        return
    if test.question not in asked:
        problem = Sentence(
            "looks at the answer to {name}, which no rule asks", name=repr(test.question)
        )
        add = Sentence("add a rule that asks it, as {example}", example='rule = "condition"')
        remedy = meant(test.question, asked) or add
        yield Remark(one.place, Level.WARNING, problem, remedy)
        return
    answers = asked[test.question]
    for odd in sorted(test.answers - answers) if answers is not None else ():
        problem = Sentence(
            "looks for the answer {answer} to {name}, which is none of its answers",
            answer=repr(odd),
            name=repr(test.question),
        )
        yield Remark(one.place, Level.WARNING, problem, meant(odd, answers or ()))


def _words(one: Spoken, test: Test) -> Iterator[Remark]:
    if not isinstance(test, OneOf):
        return
    if test.key == "resolution":
        for odd in sorted(test.words - METHODS):
            problem = Sentence("{name} is no refund method", name=repr(odd))
            yield Remark(one.place, Level.WARNING, problem, meant(odd, METHODS))
    if test.key in ("country", "site_country"):
        yield from _codes(one, test.words)


def _countries(one: Spoken) -> Iterator[Remark]:
    if isinstance(one.rule, Membership) and one.rule.dimension == "country":
        yield from _codes(one, one.rule.only | one.rule.never)


def _codes(one: Spoken, words: frozenset[str]) -> Iterator[Remark]:
    for odd in sorted(word for word in words if not _COUNTRY.match(word)):
        problem = Sentence("{name} is no country as returns name it", name=repr(odd))
        remedy = Sentence(
            "two capital letters of {standard}, as {example}", standard="ISO 3166-1", example="DE"
        )
        yield Remark(one.place, Level.WARNING, problem, remedy)


def _fee(one: Spoken) -> Iterator[Remark]:
    """A fee stops at the price: cheap goods then bring no refund at all."""
    rule = one.rule
    if not isinstance(rule, Fee) or rule.tariff.per is Per.RETURN or not one.may:
        return
    least = min(rule.tariff.at_most, max(rule.tariff.at_least, rule.tariff.amount))
    ranges = [limit for box in one.may if isinstance(limit := box.get("value"), Range)]
    every = len(ranges) == len(one.may)
    if not least or (every and all(limit.low >= least for limit in ranges)):
        return
    if every and all(limit.high <= least for limit in ranges):
        problem = Sentence("takes the whole price, always: no goods here cost more")
        remedy = Sentence("lower the fee, or say {word}", word="`refuse`")
        yield Remark(one.place, Level.WARNING, problem, remedy)
        return
    problem = Sentence("can take the whole price: goods that cost no more are refunded nothing")
    remedy = Sentence(
        "that may be meant; otherwise add a {one} with a least {other}",
        one="`when`",
        other="`value`",
    )
    yield Remark(one.place, Level.NOTE, problem, remedy)
