"""Rules that can never matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken, kind, most, not_applies, outlasts
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.file.regions import TooMany, holds
from kiosk.domain.policy.hearing import WEIGHT
from kiosk.domain.policy.model import Outcome
from kiosk.domain.policy.rules.allow_list import AllowList
from kiosk.domain.policy.rules.window import Window
from kiosk.domain.sentences import Sentence


def remarks(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    lifted = frozenset[str]().union(
        *(one.rule.rules for one in spoken if isinstance(one.rule, AllowList))
    )
    for one in spoken:
        if one.may == []:
            yield _never(one)
            continue
        others = (other for other in spoken if other.rule.rule_id not in lifted and other != one)
        found = next((remark for other in others if (remark := _shadow(one, other))), None)
        if found is not None:
            yield found


def _never(one: Spoken) -> Remark:
    try:
        hollow = not holds(one.rule.frame.when)
    except TooMany:
        hollow = False
    problem = Sentence("can never apply")
    if hollow:
        problem = Sentence("its {key} can never hold", key="`when`")
    remedy = Sentence(
        "no line is all of that at once; look at {one}, {other} and the rule's own limits",
        one="`when`",
        other="`unless`",
    )
    return Remark(one.place, Level.WARNING, problem, remedy, ("when",))


def _shadow(one: Spoken, other: Spoken) -> Remark | None:
    """What keeps `one` from ever mattering, if `other` does."""
    if isinstance(one.rule, AllowList):
        return None
    name, unless = repr(other.rule.rule_id), "`unless`"
    if other.sure is not None and _outweighs(other, one) and one.within(other):
        problem = Sentence(
            "never matters: wherever it applies, {rule} says {outcome}",
            rule=name,
            outcome=other.sure.value,
        )
        remedy = Sentence("give {rule} an {key}, or leave this rule out", rule=name, key=unless)
        return _remark(one, problem, remedy)
    if _closes_first(one, other) and one.within(_always(other)):
        problem = Sentence("never matters: wherever it applies, {rule} closes no later", rule=name)
        remedy = Sentence("the shorter window decides; give {rule} an {key}", rule=name, key=unless)
        return _remark(one, problem, remedy)
    if _counts_before(other, one) and one.within(_always(other)):
        problem = Sentence("never matters: wherever it applies, {rule} counts instead", rule=name)
        return _remark(one, problem, Sentence("give this one a higher {key}", key="`priority`"))
    return None


def _remark(one: Spoken, problem: str, remedy: str) -> Remark:
    return Remark(one.place, Level.WARNING, problem, remedy)


def _outweighs(other: Spoken, one: Spoken) -> bool:
    assert other.sure is not None
    weight = WEIGHT[other.sure]
    # Prices and the like come to nothing where no goods are taken; a currency that cannot be
    # reckoned is the most that they say.
    least = WEIGHT[Outcome.STAFF] if kind(one.rule) else most(one.rule)
    return weight > least or (weight == least and other.order < one.order)


def _always(other: Spoken) -> Spoken:
    """The same, as certain to speak wherever it applies."""
    return replace(other, quiet=not_applies(other.rule))


def _closes_first(one: Spoken, other: Spoken) -> bool:
    if not isinstance(one.rule, Window) or not isinstance(other.rule, Window):
        return False
    if not outlasts(one.rule, other.rule):
        return False
    return not outlasts(other.rule, one.rule) or other.order < one.order


def _counts_before(other: Spoken, one: Spoken) -> bool:
    mine = kind(one.rule)
    if not mine or mine != kind(other.rule) or other.order > one.order:
        return False
    if "serial_limit" in (one.rule.tag, other.rule.tag):  # speaks only beyond its limit
        return False
    tariffs = [getattr(rule, "tariff", None) for rule in (one.rule, other.rule)]
    if tariffs[0] is None or tariffs[1] is None:
        return True
    # A rule that cannot reckon a line's currency says STAFF, which matters.
    return tariffs[0].currency in ("", tariffs[1].currency)
