"""Rules that say different things of the same line, with nothing but their names to choose by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken, kind
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.file.regions import told
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.rules.returnless import Returnless
from kiosk.domain.sentences import Sentence


def remarks(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    groups: dict[str, list[Spoken]] = {}
    for one in spoken:
        groups.setdefault(_group(one.rule), []).append(one)
    for group, members in groups.items():
        for first, second in combinations(members, 2):
            yield from _pair(group, first, second)


def _group(rule: FramedRule) -> str:
    return "returnless" if isinstance(rule, Returnless) else kind(rule)


def _pair(group: str, first: Spoken, second: Spoken) -> Iterator[Remark]:
    if not group or _same(first.rule, second.rule):
        return
    foreign = _foreign(first.rule, second.rule)
    if first.rule.priority != second.rule.priority and not foreign:
        return
    box = first.meets(second)
    if box is None:
        return
    winner, loser = sorted((first, second), key=lambda one: one.order)
    where = told(box)
    if foreign:
        problem = Sentence(
            "meets {rule}, in another currency: {where}; staff decide then",
            rule=repr(winner.rule.rule_id),
            where=where,
        )
        remedy = Sentence(
            "give each a {one} with a {other} in its currency", one="`when`", other="`value`"
        )
    else:
        problem = Sentence(
            "contradicts {rule} of the same priority, where both apply: {where}; {rule} counts, by "
            "its name",
            rule=repr(winner.rule.rule_id),
            where=where,
        )
        remedy = Sentence("give the one that should count a higher {key}", key="`priority`")
    yield Remark(loser.place, Level.WARNING, problem, remedy)


def _same(first: FramedRule, second: FramedRule) -> bool:
    keys = ("tariff", "fee", "methods", "to", "then")
    return all(getattr(first, key, None) == getattr(second, key, None) for key in keys)


def _foreign(first: FramedRule, second: FramedRule) -> bool:
    currencies = {
        tariff.currency
        for rule in (first, second)
        if (tariff := getattr(rule, "tariff", None)) is not None and tariff.currency
    }
    return len(currencies) > 1
