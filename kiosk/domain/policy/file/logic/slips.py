"""Slips of the pen that read well: words that are almost others, limits that nothing is within or
everything is beyond, seasons that get in each other's way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import SequenceMatcher
from itertools import combinations

from kiosk.domain.policy.calendar import Season, Yearly
from kiosk.domain.policy.comparing import Between, OneOf, Worth
from kiosk.domain.policy.file.logic.loose import tests
from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.logic.saying import Spoken
from kiosk.domain.policy.file.mistakes import Level
from kiosk.domain.policy.rules.bonus import Bonus
from kiosk.domain.policy.rules.fee import Fee
from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.policy.rules.returnless import Returnless
from kiosk.domain.policy.rules.serial_limit import SerialLimit
from kiosk.domain.policy.rules.value import Value
from kiosk.domain.policy.rules.window import Start, Window
from kiosk.domain.sentences import Sentence

KIOSK = "kiosk"
FREE = frozenset({"category", "type", "vendor", "tag", "reason", "channel", "segment", "hazard"})
"""Dimensions whose words a merchant chooses, and means something by. Numbers of articles, sites
and customers differ by one sign and are meant so."""
ENDS = {"hour": 23, "bin_space": 100, "discount": 10_000}
SHORTEST = 5  # letters of a word that may be another, misspelt
ALIKE = 0.9


def remarks(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    yield from _almost(spoken)
    yield from _currencies(spoken)
    for one in spoken:
        yield from _ends(one)
        yield from _limits(one, spoken)
        if isinstance(one.rule, Window):
            yield from _window(one, one.rule)
        if isinstance(one.rule, Membership) and one.rule.dimension == "method":
            yield from _ways(one, one.rule)


def _said(spoken: Sequence[Spoken]) -> dict[tuple[str, str], list[Spoken]]:
    """Every word of the merchant's own, by dimension, with the rules that say it."""
    found: dict[tuple[str, str], list[Spoken]] = {}
    for one in spoken:
        words = {(t.key, word) for t in tests(one.rule) if isinstance(t, OneOf) for word in t.words}
        if isinstance(one.rule, Membership):
            words |= {(one.rule.dimension, word) for word in one.rule.only | one.rule.never}
        for pair in words:
            found.setdefault(pair, []).append(one)
    return found


def _almost(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    said = _said(spoken)
    for (key, word), rules in sorted(said.items()):
        if word != word.strip():
            problem = Sentence(
                "the {key} {word} begins or ends with a space", key=key, word=repr(word)
            )
            remedy = Sentence("write {example}", example=repr(word.strip()))
            yield Remark(rules[0].place, Level.WARNING, problem, remedy)
    pairs = combinations(sorted(pair for pair in said if pair[0] in FREE), 2)
    for (key, one), (other_key, other) in pairs:
        if key != other_key or not _alike(one, other):
            continue
        rarer, usual = sorted((one, other), key=lambda word: (len(said[key, word]), word))
        rule = said[key, rarer][-1]
        told = {"key": key, "word": repr(rarer), "usual": repr(usual)}
        problem = Sentence("the {key} {word} is almost {usual}, which another rule says", **told)
        if said[key, usual] == [rule]:
            problem = Sentence(
                "the {key} {word} is almost {usual}, which this rule says too", **told
            )
        remedy = Sentence("write {example} if that is meant", example=repr(usual))
        yield Remark(rule.place, Level.WARNING, problem, remedy)


def _alike(one: str, other: str) -> bool:
    """The same but for capitals, spaces and signs; a plural; or one letter, in words long enough
    to be misspelt. Words with digits differ by them."""
    plain, too = _plain(one), _plain(other)
    if plain == too:
        return one.strip() != other.strip()
    if any(sign.isdecimal() for sign in one + other):
        return False
    short, long = sorted((plain, too), key=len)
    if long in (f"{short}s", f"{short}es"):
        return True
    enough = len(short) >= SHORTEST and short[:2] == long[:2]
    return enough and SequenceMatcher(None, short, long).ratio() >= ALIKE


def _plain(word: str) -> str:
    return "".join(sign for sign in word.casefold() if sign.isalnum())


def _currencies(spoken: Sequence[Spoken]) -> Iterator[Remark]:
    """Amounts that conditions look at, in a currency in which nothing else is reckoned."""
    reckoned = {currency for one in spoken if (currency := _currency(one))}
    for one in spoken:
        for test in tests(one.rule):
            if isinstance(test, Worth) and reckoned and test.currency not in reckoned:
                others = ", ".join(sorted(reckoned))
                problem = Sentence(
                    "looks at amounts in {currency}; all rules reckon in {others}",
                    currency=test.currency,
                    others=others,
                )
                remedy = Sentence(
                    "write {usual}, or add rules for {currency}",
                    usual=min(reckoned),
                    currency=test.currency,
                )
                yield Remark(one.place, Level.WARNING, problem, remedy)


def _currency(one: Spoken) -> str:
    match one.rule:
        case Fee(tariff=tariff) | Bonus(tariff=tariff):
            return tariff.currency
        case Value(currency=currency) | Returnless(currency=currency):
            return currency
        case SerialLimit(currency=currency):
            return currency
        case _:
            return ""


def _ends(one: Spoken) -> Iterator[Remark]:
    for test in tests(one.rule):
        if isinstance(test, Between) and test.low > ENDS.get(test.key, test.low):
            problem = Sentence(
                "looks for {key} from {low}; it never is above {most}",
                key=test.key,
                low=test.low,
                most=ENDS[test.key],
            )
            remedy = Sentence("the rule never applies: lower {key}", key="`min`")
            yield Remark(one.place, Level.WARNING, problem, remedy)


def _limits(one: Spoken, spoken: Sequence[Spoken]) -> Iterator[Remark]:
    match one.rule:
        case SerialLimit(returns=0) | SerialLimit(units=0) | SerialLimit(value=0):
            problem = Sentence("lets no return pass: the return in hand counts too")
            remedy = Sentence("allow at least 1, or say {word}", word="`refuse`")
            yield Remark(one.place, Level.WARNING, problem, remedy)
        case Value(limit=0):
            problem = Sentence("is beyond its limit with everything that costs anything")
            remedy = Sentence("say what is not too much, or {word}", word="`staff`")
            yield Remark(one.place, Level.WARNING, problem, remedy)
        case Fee(tariff=tariff, kind=kind) if not (
            tariff.amount or tariff.basis_points or tariff.at_least
        ):
            others = (o.rule for o in spoken if o is not one)
            if not any(isinstance(rule, Fee) and rule.kind == kind for rule in others):
                problem = Sentence(
                    "takes nothing, and no other fee of the kind {kind} is there to waive",
                    kind=repr(kind),
                )
                remedy = Sentence("leave it out, or name the {key}", key="`kind`")
                yield Remark(one.place, Level.WARNING, problem, remedy)
        case _:
            pass


def _window(one: Spoken, rule: Window) -> Iterator[Remark]:
    if not (rule.days or rule.months) and rule.start is not Start.DATE:
        problem = Sentence("closes on the very day it begins")
        remedy = Sentence("as {example}", example="days = 14")
        yield Remark(one.place, Level.WARNING, problem, remedy, ("days",))
    for (_, first), (place, second) in combinations(enumerate(rule.extend), 2):
        if _overlap(first, second) and first.until != second.until:
            problem = Sentence(
                "has seasons that overlap and end on different days: the later end counts"
            )
            remedy = Sentence("end one before the other begins")
            yield Remark(one.place, Level.WARNING, problem, remedy, ("extend", place))


def _overlap(one: Season, other: Season) -> bool:
    """Whether some day lies in both; of every year, in a year of 366 days."""
    return any(other.ends(day) is not None for day in _days(one)) or any(
        one.ends(day) is not None for day in _days(other)
    )


def _days(season: Season) -> Iterator[date]:
    """The two ends of a season: of two that have a day in common, one has an end in the other."""
    match season.first, season.last:
        case (Yearly() as first, Yearly() as last):
            yield from (first.of(2024), last.of(2024))
        case (date() as day, date() as end):
            yield from (day, end)


def _ways(one: Spoken, rule: Membership) -> Iterator[Remark]:
    if (rule.only and KIOSK not in rule.only) or KIOSK in rule.never:
        problem = Sentence("lets nothing come by kiosk: kiosks take nothing at all")
        remedy = Sentence("add {word} to {key}", word=repr(KIOSK), key="`only`")
        yield Remark(one.place, Level.WARNING, problem, remedy)
