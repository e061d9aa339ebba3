"""Reading a condition out of its specification (kiosk.domain.policy.condition says how it is
spelled)."""

from __future__ import annotations

from datetime import date

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
from kiosk.domain.policy.condition import MOST_ALTERNATIVES, MOST_DEPTH, MOST_TESTS, Condition, Test
from kiosk.domain.policy.dimensions import AMOUNTS, CLOSED, DAYS, FLAGS, NUMBERS, WORDS
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.tariff import MOST_MINOR
from kiosk.domain.sentences import Sentence

MOST_NUMBER = 10**9
DIMENSIONS = (*WORDS, *NUMBERS, *AMOUNTS, *DAYS, *FLAGS)


def read(reader: Reader, depth: int = 1) -> Condition:
    """The condition an object spells; count only on it if `reader` found nothing."""
    tests: list[Test] = [
        *_words(reader),
        *_numbers(reader),
        *_amounts(reader),
        *_days(reader),
        *_flags(reader),
        *_answers(reader),
        *_unknown(reader),
    ]
    if depth <= MOST_DEPTH:
        tests += _nested(reader, depth)
    else:
        for key in ("any", "all", "not"):
            reader.refuse(key, Sentence("is more than {most} deep", most=MOST_DEPTH))
    condition = Condition(tuple(tests))
    if depth == 1 and sum(1 for _ in condition.dimensions()) > MOST_TESTS:
        why = Sentence("and all that it holds make more than {most} comparisons", most=MOST_TESTS)
        reader.wrong("any", why)
    return condition


def _words(reader: Reader) -> list[Test]:
    found: list[Test] = []
    for key in WORDS:
        words = reader.words(key)
        if words and not CLOSED.get(key, frozenset(words)).issuperset(words):
            names = ", ".join(sorted(CLOSED[key]))
            reader.wrong(key, Sentence("must be of {options}", options=names))
        elif words:
            found.append(OneOf(key, frozenset(words)))
    return found


def _numbers(reader: Reader) -> list[Test]:
    found: list[Test] = []
    for key in NUMBERS:
        if (child := reader.child(key)) is not None:
            low, high = _ends(child, MOST_NUMBER)
            if not child.has("min") and not child.has("max"):
                child.wrong("min", Sentence("or {key} must be given", key="max"))
            found.append(Between(key, low, high))
            reader.absorb(child)
    return found


def _amounts(reader: Reader) -> list[Test]:
    found: list[Test] = []
    for key in AMOUNTS:
        if (child := reader.child(key)) is not None:
            low, high = _ends(child, MOST_MINOR)
            found.append(Worth(key, low, high, child.currency()))
            reader.absorb(child)
    return found


def _ends(child: Reader, most: int) -> tuple[int, int]:
    low, high = child.integer("min", 0, most, 0), child.integer("max", 0, most, most)
    if low > high:
        child.wrong("min", Sentence("is above {key}", key="max"))
    return low, high


def _days(reader: Reader) -> list[Test]:
    found: list[Test] = []
    for key in DAYS:
        if (child := reader.child(key)) is not None:
            first = child.day("from") if child.has("from") else date.min
            last = child.day("to") if child.has("to") else date.max
            if first > last:
                child.wrong("from", Sentence("is after {key}", key="to"))
            if not child.has("from") and not child.has("to"):
                child.wrong("from", Sentence("or {key} must be given", key="to"))
            found.append(Within(key, first, last))
            reader.absorb(child)
    return found


def _flags(reader: Reader) -> list[Test]:
    flags = ((key, reader.flag(key)) for key in FLAGS)
    return [Is(key, flag) for key, flag in flags if flag is not None]


def _answers(reader: Reader) -> list[Test]:
    child = reader.child("answer")
    if child is None:
        return []
    found = [
        Answered("answer", question, frozenset(child.words(question))) for question in child.names()
    ]
    if not found:
        reader.wrong("answer", Sentence("must name a question"))
    reader.absorb(child)
    return list(found)


def _unknown(reader: Reader) -> list[Test]:
    names = reader.words("unknown")
    if not set(DIMENSIONS) >= set(names):
        why = Sentence("must be of {options}", options=", ".join(DIMENSIONS))
        reader.wrong("unknown", why)
        return []
    return [Unknown("unknown", names)] if names else []


def _nested(reader: Reader, depth: int) -> list[Test]:
    found: list[Test] = []
    for several in (Any, All):
        children = reader.children(several.key, MOST_ALTERNATIVES)
        parts = tuple(read(child, depth + 1) for child in children)
        for child in children:
            reader.absorb(child)
        if parts:
            found.append(several(parts))
    denied = reader.child("not")
    if denied is not None:
        part = read(denied, depth + 1)
        reader.absorb(denied)
        if part.empty and not denied.problems:
            reader.wrong("not", Sentence("says nothing; leave it out"))
        found.append(Not(part))
    return found
