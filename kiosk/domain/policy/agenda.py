"""Whom to hear about a line: a policy's rules laid out once, so that few are asked for nothing.

Most rules of a merchant are about one category, one reason, one country. Such a rule is found by
the line's own word and not asked about any other line. That changes no answer: a rule is passed
over only where its `when` would have failed (`Laid.key`), and tests/domain/policy holds the two
ways of hearing against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from kiosk.domain.policy.comparing import Is, OneOf
from kiosk.domain.policy.dimensions import FLAGS, LOCAL, WORDS, Flag, Words
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.model import Facts, Question, Rule
from kiosk.domain.policy.says import Say

KEPT = 512
"""So many laid out policies are kept: every merchant of a bundle, and of the one before."""

Speaker = tuple[Rule, Callable[[Facts], Say | Question | None]]


@dataclass(frozen=True, slots=True)
class Agenda:
    """`everywhere` are heard about every line, the others where one of the words they are found
    by is the line's, or a flag is as they want it."""

    everywhere: tuple[Speaker, ...]
    by_word: tuple[tuple[Words, dict[str, tuple[Speaker, ...]]], ...]
    by_flag: tuple[tuple[Flag, dict[bool, tuple[Speaker, ...]]], ...]

    def about(self, facts: Facts) -> list[Speaker]:
        """Each rule once, in no order."""
        heard = list(self.everywhere)
        for words, found_by in self.by_word:
            found = words(facts)
            if not found:
                continue
            several: list[Speaker] = []
            for word in found:
                several += found_by.get(word, ())
            heard += several if len(found) == 1 else _once(several)
        for flag, wanted in self.by_flag:
            heard += wanted.get(flag(facts), ())
        return heard


def _once(several: Iterable[Speaker]) -> Iterable[Speaker]:
    """A rule that lists two of the line's words was found twice."""
    return {id(speaker): speaker for speaker in several}.values()


class _Same:
    """One very tuple of rules: to compare rules by what they say would take longer than to hear
    them. It keeps the tuple, so that no other can have its identity."""

    __slots__ = ("rules",)

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return id(self.rules)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rules is self.rules


def of(rules: Sequence[Rule]) -> Agenda:
    """The agenda of a policy's rules; laid out at the first call for these very rules."""
    return _kept(_Same(rules)) if isinstance(rules, tuple) else _lay_out(rules)


@lru_cache(maxsize=KEPT)
def _kept(same: _Same) -> Agenda:
    return _lay_out(same.rules)


def _lay_out(rules: Sequence[Rule]) -> Agenda:
    everywhere: list[Speaker] = []
    by_word: dict[str, dict[str, tuple[Speaker, ...]]] = {}
    by_flag: dict[str, dict[bool, tuple[Speaker, ...]]] = {}
    for rule in rules:
        test = _found_by(rule)
        speaker = (rule, _voice(rule, test))
        match test:
            case OneOf(key=key, words=words):
                found_by = by_word.setdefault(key, {})
                for word in words:
                    found_by[word] = (*found_by.get(word, ()), speaker)
            case Is(key=key, flag=flag):
                wanted = by_flag.setdefault(key, {})
                wanted[flag] = (*wanted.get(flag, ()), speaker)
            case None:
                everywhere.append(speaker)
            case _:
                assert_never(test)
    return Agenda(
        tuple(everywhere),
        tuple((WORDS[key], found_by) for key, found_by in by_word.items()),
        tuple((FLAGS[key], wanted) for key, wanted in by_flag.items()),
    )


def _found_by(rule: Rule) -> OneOf | Is | None:
    """A comparison that must hold for the rule to speak, and by which it can be found: the first
    of its `when`. What is compared before it must not stumble: a rule that does says STAFF."""
    if not isinstance(rule, FramedRule):
        return None
    for test in rule.frame.when.tests:
        if not LOCAL.isdisjoint(test.dimensions()):
            return None
        if isinstance(test, OneOf | Is):
            return test
    return None


def _voice(rule: Rule, test: OneOf | Is | None) -> Callable[[Facts], Say | Question | None]:
    """What to call: the rule itself where its frame has nothing left to say."""
    if not isinstance(rule, FramedRule):
        return rule.judge
    frame = rule.frame
    settled = frame.when.tests == (() if test is None else (test,))
    return rule.speak if settled and frame.unless is None and not frame.instead else rule.judge
