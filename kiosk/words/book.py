"""The book of sentences: everything the core can say, and the shelf of languages."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kiosk.domain.look.model import PLAIN, Look
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Question, RefundMethod, Verdict
from kiosk.domain.reasons import Reason
from kiosk.ports import DeviceFault, Trouble
from kiosk.words import (
    catalogue,
    faults,
    next_steps,
    paying,
    questions,
    reasons,
    troubles,
    verdicts,
    ways,
)
from kiosk.words.shelf import find, languages, own_name, tags
from kiosk.words.voice import Voice


class Words(Voice):
    """A language's voice with every sentence of the core; see `Voice` for text and amounts."""

    def reason(self, reason: Reason) -> str:
        """Why, in one sentence that blames nobody."""
        return reasons.sentence(self, reason)

    def next_step(self, reason: Reason) -> str:
        """The one thing to do now."""
        return next_steps.sentence(self, reason)

    def instead(self, verdict: Verdict) -> str:
        """What to do with an item that is not taken: the best way there is, else the usual."""
        return ways.sentence(self, verdict) or next_steps.sentence(self, verdict.reason)

    def fees(self, verdict: Verdict) -> tuple[tuple[str, Money], ...]:
        """What is kept and what for, a pair a line."""
        return paying.fees(self, verdict)

    def method(self, method: RefundMethod) -> str:
        """How the shopper is paid back."""
        return paying.method(self, method)

    def verdict(self, verdict: Verdict) -> str:
        """What happens to an item and its money, in one or two short sentences."""
        return verdicts.sentence(self, verdict)

    def trouble(self, trouble: Trouble) -> str:
        """What is limited at the moment."""
        return troubles.sentence(self, trouble)

    def trouble_step(self, trouble: Trouble) -> str:
        """What a shopper does about it."""
        return troubles.step(self, trouble)

    def trouble_mend(self, trouble: Trouble) -> str:
        """What staff do about it, where there is more to say than the sentence."""
        return troubles.mend(self, trouble)

    def question(self, question: Question, look: Look = PLAIN) -> str:
        """A policy's question as it is asked, by a merchant with this look."""
        return questions.own_asked(self, question, look)

    def answer(self, question_id: str, answer: str, look: Look = PLAIN) -> str:
        """One answer as its key reads."""
        return questions.own_answer(self, question_id, answer, look)

    def fault(self, fault: DeviceFault) -> str:
        """What a device says is wrong, and the mend; "" for no fault."""
        return faults.sentence(self, fault)

    def languages(self) -> dict[str, str]:
        """Every language there is, by its own name."""
        return languages()


class Library:
    """The languages of one folder of .po files. `cache` keeps them compiled; None keeps none."""

    def __init__(self, folder: Path, cache: Path | None) -> None:
        self._folder = folder
        self._cache = cache

    def languages(self) -> dict[str, str]:
        """BCP 47 tag to own name, by tag."""
        return {tag: own_name(tag) for tag in tags(self._folder)}

    def words(self, language: str) -> Words:
        """As kiosk.words.shelf.find says."""
        return Words(*find(language, self._folder, self._cache))


@lru_cache(maxsize=1)
def _library() -> Library:
    return Library(catalogue.FOLDER, catalogue.default_cache())


@lru_cache(maxsize=32)
def words(language: str) -> Words:
    """The shipped words of a language; falls back to English."""
    return _library().words(language)
