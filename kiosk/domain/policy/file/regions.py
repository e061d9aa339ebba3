"""Sets of situations, as unions of boxes: where a condition holds, fails, or does neither.

A box says of some dimensions which values they may have; of the others nothing. Its sets only
ever err by being too large: a box that looks possible may not be, but an empty one is proven
empty. So whatever is told of "never" here is true, and a rule that matters is never told not to.

    holds(when) & fails(unless)        where a rule certainly applies
    overlap(a, b)                      the boxes that both have; [] is proven to be nothing

Words of one value are a set that is or is not allowed ("" stands for none, and for what nobody
knows), words of several values are sets one of which must be there and words that must not.
Numbers, amounts and days are ranges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import assert_never

from kiosk.domain.policy.comparing import (
    All,
    Answered,
    Any,
    Between,
    Is,
    Not,
    OneOf,
    Unknown,
    Within,
    Worth,
)
from kiosk.domain.policy.condition import Condition, Test
from kiosk.domain.policy.dimensions import CLOSED, FLAGS
from kiosk.domain.policy.dimensions import WORDS as WORD_DIMENSIONS

MOST_BOXES = 2_000
SEVERAL = frozenset({"tag", "segment"})
"""Words of which a line may have several."""
NOTHING = ""
ALWAYS_KNOWN = frozenset({*FLAGS, *CLOSED, "value", "line_value", "ordered", "today", "hour"})


class TooMany(Exception):
    """More boxes than are worth looking at: nothing is said then."""


@dataclass(frozen=True, slots=True)
class Among:
    """One word: of `words`, or any but those."""

    words: frozenset[str]
    inside: bool = True

    def meet(self, other: Limit) -> Limit | None:
        assert isinstance(other, Among)
        if self.inside and other.inside:
            both = self.words & other.words
            return Among(both) if both else None
        if not self.inside and not other.inside:
            return Among(self.words | other.words, inside=False)
        some, without = (self, other) if self.inside else (other, self)
        left = some.words - without.words
        return Among(left) if left else None


@dataclass(frozen=True, slots=True)
class Bearing:
    """Several words: at least one of each set, and none of `never`."""

    some: frozenset[frozenset[str]]
    never: frozenset[str]

    def meet(self, other: Limit) -> Limit | None:
        assert isinstance(other, Bearing)
        both = Bearing(self.some | other.some, self.never | other.never)
        return None if any(one <= both.never for one in both.some) else both


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers, both ends included; of `currency` for amounts, "" for others. Days are
    counted from the year 1."""

    low: float
    high: float
    currency: str = ""

    def meet(self, other: Limit) -> Limit | None:
        if not isinstance(other, Range) or other.currency != self.currency:
            return None
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Range(low, high, self.currency) if low <= high else None


@dataclass(frozen=True, slots=True)
class Elsewise:
    """A number that nobody knows, or an amount in another currency than `currency`."""

    currency: str = ""

    def meet(self, other: Limit) -> Limit | None:
        if isinstance(other, Range):
            fits = bool(self.currency) and other.currency != self.currency
            return other if fits else None
        return self


Limit = Among | Bearing | Range | Elsewise
Box = Mapping[str, Limit]
Boxes = list[Box]
ALL: Boxes = [{}]
NONE: Boxes = []
INFINITE = float("inf")


def meet(one: Box, other: Box) -> Box | None:
    """What two boxes share."""
    found = dict(one)
    for key, limit in other.items():
        both = _both(found[key], limit) if key in found else limit
        if both is None:
            return None
        found[key] = both
    return found


def _both(one: Limit, other: Limit) -> Limit | None:
    if isinstance(one, Elsewise) and isinstance(other, Range):
        return one.meet(other)
    if isinstance(one, Range) and isinstance(other, Elsewise):
        return other.meet(one)
    return one.meet(other)


def overlap(*several: Boxes) -> Boxes:
    """The boxes that lie in all of them. Raises TooMany."""
    found: Boxes = ALL
    for boxes in several:
        if len(found) * len(boxes) > MOST_BOXES:
            raise TooMany
        met = (meet(one, other) for one, other in product(found, boxes))
        found = _distinct(one for one in met if one is not None)
    return found


def union(*several: Boxes) -> Boxes:
    """Raises TooMany."""
    found = _distinct(box for boxes in several for box in boxes)
    if len(found) > MOST_BOXES:
        raise TooMany
    return found


def _distinct(boxes: Iterable[Box]) -> Boxes:
    seen: dict[frozenset[tuple[str, Limit]], Box] = {}
    for box in boxes:
        if not box:
            return ALL
        seen.setdefault(frozenset(box.items()), box)
    return list(seen.values())


def holds(condition: Condition) -> Boxes:
    """Where it is true."""
    return overlap(*(_test(test, True, True) for test in condition.tests))


def not_held(condition: Condition) -> Boxes:
    """Where it is false or in doubt."""
    return union(*(_test(test, True, False) for test in condition.tests))


def _condition(condition: Condition, truth: bool, be: bool) -> Boxes:
    """Where its truth is (`be`) or is not `truth`."""
    parts = [_test(test, truth, be) for test in condition.tests]
    return overlap(*parts) if truth == be else union(*parts)


def _test(test: Test, truth: bool, be: bool) -> Boxes:
    match test:
        case Not():
            return _condition(test.part, not truth, be)
        case All():
            parts = [_condition(part, truth, be) for part in test.parts]
            return overlap(*parts) if truth == be else union(*parts)
        case Any():
            parts = [_condition(part, truth, be) for part in test.parts]
            return union(*parts) if truth == be else overlap(*parts)
        case _:
            return _leaf(test, truth, be)


def _leaf(test: Test, truth: bool, be: bool) -> Boxes:
    """A comparison, the same for all kinds: `yes` where it is true, `no` where false, `doubt`
    where it is neither."""
    yes, no, doubt = _cases(test)
    wanted = yes if truth else no
    if be:
        return wanted
    return union(no if truth else yes, doubt)


def _cases(test: Test) -> tuple[Boxes, Boxes, Boxes]:
    match test:
        case OneOf():
            return _words(test.key, test.words)
        case Is():
            return _words(test.key, frozenset({str(test.flag)}))
        case Answered():
            return _words(f"answer {test.question}", test.answers)
        case Between():
            return _range(test.key, test.low, test.high, "")
        case Worth():
            return _range(test.key, test.low, test.high, test.currency)
        case Within():
            return _range(test.key, test.first.toordinal(), test.last.toordinal(), "")
        case Unknown():
            return _unknown(test.names)
        case _:
            return ALL, ALL, ALL


def _words(key: str, words: frozenset[str]) -> tuple[Boxes, Boxes, Boxes]:
    if key in SEVERAL:
        yes: Limit = Bearing(frozenset({words}), frozenset())
        return [{key: yes}], [{key: Bearing(frozenset(), words)}], NONE
    no = Among(words, inside=False)
    if key in CLOSED:
        left = CLOSED[key] - words
        return [{key: Among(words)}], [{key: Among(left)}] if left else NONE, NONE
    if key in FLAGS:
        left = frozenset({"True", "False"}) - words
        return [{key: Among(words)}], [{key: Among(left)}], NONE
    doubtful = key == "resolution" or key.startswith("answer ")
    doubt: Boxes = [{key: Among(frozenset({NOTHING}))}] if doubtful else NONE
    return [{key: Among(words)}], [{key: no}], doubt


def _range(key: str, low: int, high: int, currency: str) -> tuple[Boxes, Boxes, Boxes]:
    yes: Boxes = [{key: Range(low, high, currency)}]
    below, above = Range(-INFINITE, low - 1, currency), Range(high + 1, INFINITE, currency)
    sure = key in ALWAYS_KNOWN and not currency
    return yes, [{key: below}, {key: above}], NONE if sure else [{key: Elsewise(currency)}]


def _unknown(names: Iterable[str]) -> tuple[Boxes, Boxes, Boxes]:
    """Known is told for single words only; for numbers any box that is not Elsewise would do, so
    nothing is said."""
    missing = [name for name in names if name not in ALWAYS_KNOWN]
    yes = [box for name in missing for box in _missing(name)]
    return yes, ALL, NONE


def _missing(name: str) -> Iterator[Box]:
    if name in SEVERAL:
        yield {}
    elif name in WORD_DIMENSIONS:
        yield {name: Among(frozenset({NOTHING}))}
    else:
        yield {name: Elsewise()}


def words_of(key: str, words: Iterable[str], inside: bool = True) -> Boxes:
    """Where a word is, or is not, one of some."""
    yes, no, doubt = _words(key, frozenset(words))
    return yes if inside else union(no, doubt)


def told(box: Box) -> str:
    """A box as a person reads it."""
    return ", ".join(_told(key, limit) for key, limit in sorted(box.items())) or "anything"


def _told(key: str, limit: Limit) -> str:
    match limit:
        case Among(words=words, inside=True):
            named = " or ".join(sorted(word or "none" for word in words))
            flag = key if "True" in words else f"not {key}"
            return flag if key in FLAGS else f"{key} {named}"
        case Among(words=words):
            return f"{key} other than {', '.join(sorted(word or 'none' for word in words))}"
        case Bearing(some=some, never=never):
            parts = [f"with {key} {' or '.join(sorted(one))}" for one in sorted(some, key=sorted)]
            parts += [f"without {key} {', '.join(sorted(never))}"] if never else []
            return " ".join(parts)
        case Range(low=low, high=high, currency=currency):
            return _ends(key, low, high, currency)
        case Elsewise(currency=currency):
            return f"{key} unknown" + (f" or not in {currency}" if currency else "")
        case _:
            assert_never(limit)


def _ends(key: str, low: float, high: float, currency: str) -> str:
    unit = f" {currency} (minor units)" if currency else ""
    if low == high:
        return f"{key} {low:.0f}{unit}"
    least = f" from {low:.0f}" if low > 0 else ""
    most = f" up to {high:.0f}" if high < 10**9 else ""
    return f"{key}{least}{most}{unit}" if least or most else f"any {key}"
