"""Whom to hear about a return: a policy's rules laid out once, so that few are asked for nothing.

Most rules of a merchant are about one category, one reason, one country. Such a rule is found by
the line's own word and not asked about any other line. And what a rule says of the return itself,
be its window or how many the customer brought before, it says of every line: it is asked once.
Neither changes an answer: a rule is passed over only where its `when` would have failed
(`_found_by`), it is asked once only where it looks at nothing of the line (`_alike`), and
tests/domain/policy holds the ways of hearing against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, assert_never

from kiosk.domain.policy.comparing import Is, OneOf
from kiosk.domain.policy.condition import Condition
from kiosk.domain.policy.dimensions import FLAGS, LOCAL, WORDS, Flag, Words
from kiosk.domain.policy.frame import FramedRule
from kiosk.domain.policy.model import Facts, Question, Rule
from kiosk.domain.policy.says import Say

KEPT = 512
"""So many laid out policies are kept: every merchant of a bundle, and of the one before."""


class Speaker(NamedTuple):
    """A rule, and what to call to hear it."""

    rule: Rule
    rule_id: str
    rank: int
    """The lower speaks first among equals."""
    speak: Callable[[Facts], Say | Question | None]


@dataclass(frozen=True, slots=True)
class Roster:
    """`everywhere` are always heard, the others where one of the words they are found by is
    there, or a flag is as they want it."""

    everywhere: tuple[Speaker, ...] = ()
    by_word: tuple[tuple[Words, dict[str, tuple[Speaker, ...]]], ...] = ()
    by_flag: tuple[tuple[Flag, dict[bool, tuple[Speaker, ...]]], ...] = ()

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


@dataclass(frozen=True, slots=True)
class Agenda:
    """Every rule stands in one of the rosters."""

    once: Roster
    """What these say is the same for all lines of a return."""
    each: Roster
    """These are heard about every line."""
    ids: frozenset[str]
    """What the rules are called."""
    namesakes: bool
    """Whether two rules share an id."""


def _once(several: Iterable[Speaker]) -> Iterable[Speaker]:
    """A rule that lists two of the words was found twice."""
    return {id(speaker): speaker for speaker in several}.values()


_laid: dict[int, tuple[Sequence[Rule], Agenda]] = {}
"""By the identity of a very tuple of rules: to compare rules by what they say would take longer
than to hear them. The tuple is kept, so that no other can have its identity."""


def of(rules: Sequence[Rule]) -> Agenda:
    """The agenda of a policy's rules; laid out at the first call for these very rules."""
    kept = _laid.get(id(rules))
    if kept is not None:
        return kept[1]
    laid = _lay_out(rules)
    if isinstance(rules, tuple):
        if len(_laid) >= KEPT:
            oldest, *_ = _laid  # in one go: another thread may be at it too
            _laid.pop(oldest, None)
        _laid[id(rules)] = (rules, laid)
    return laid


Test = OneOf | Is


def _lay_out(rules: Sequence[Rule]) -> Agenda:
    once = [rule for rule in rules if _alike(rule)]
    each = [rule for rule in rules if not _alike(rule)]
    ids = frozenset(rule.rule_id for rule in rules)
    return Agenda(_roster(once), _roster(each), ids, namesakes=len(ids) < len(rules))


def _roster(rules: Iterable[Rule]) -> Roster:
    everywhere: list[Speaker] = []
    by_word: dict[str, dict[str, tuple[Speaker, ...]]] = {}
    by_flag: dict[str, dict[bool, tuple[Speaker, ...]]] = {}
    for rule in rules:
        test = _found_by(rule)
        one = _speaker(rule, test)
        match test:
            case OneOf(key=key, words=words):
                found_by = by_word.setdefault(key, {})
                for word in words:
                    found_by[word] = (*found_by.get(word, ()), one)
            case Is(key=key, flag=flag):
                wanted = by_flag.setdefault(key, {})
                wanted[flag] = (*wanted.get(flag, ()), one)
            case None:
                everywhere.append(one)
            case _:
                assert_never(test)
    return Roster(
        tuple(everywhere),
        tuple((WORDS[key], found_by) for key, found_by in by_word.items()),
        tuple((FLAGS[key], wanted) for key, wanted in by_flag.items()),
    )


def _found_by(rule: Rule) -> Test | None:
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


def _alike(rule: Rule) -> bool:
    """Whether it says the same of all lines of a return."""
    return isinstance(rule, FramedRule) and rule.frame.of_return and rule.of_return


def _speaker(rule: Rule, test: Test | None) -> Speaker:
    """Who is heard where `test` holds, which is not asked again: the rule without it, or the rule
    itself where its frame has nothing left to say."""
    speak = rule.judge
    if isinstance(rule, FramedRule):
        frame = rule.frame
        left = Condition(tuple(one for one in frame.when.tests if one is not test))
        if left.empty and frame.unless is None and not frame.instead:
            speak = rule.speak
        elif test is not None:
            speak = replace(rule, frame=replace(frame, when=left)).judge
    return Speaker(rule, rule.rule_id, -rule.priority, speak)
