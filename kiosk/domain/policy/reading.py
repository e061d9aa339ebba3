"""Reading a rule's specification: every parameter is checked, every mistake is a sentence.

A specification is a JSON object out of the policy bundle. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from kiosk.domain.sentences import Sentence, at

MAX_WORDS = 10_000
MAX_WORD = 200

Choice = TypeVar("Choice", bound=StrEnum)


def exact_day(text: str) -> date | None:
    """A day as YYYY-MM-DD, and not as a week's or a year's, which ISO 8601 and Python know too."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


class Reader:
    """Takes parameters out of a mapping and collects `problems`; never raises.

    A parameter that is missing or wrong yields a harmless value of the right type, so that one
    pass finds all mistakes; whoever reads must look at `problems` before using anything.
    """

    def __init__(self, spec: Mapping[str, object], path: str = "") -> None:
        self._spec = spec
        self._path = path
        self._used: set[str] = set()
        self.problems: list[str] = []

    def _take(self, key: str) -> object:
        self._used.add(key)
        return self._spec.get(key)

    def raw(self, key: str) -> object:
        """Whatever stands there, for those who look at it themselves."""
        return self._take(key)

    def wrong(self, key: str, why: str) -> None:
        """Note a mistake in one parameter."""
        self.problems.append(at(f"{self._path}{key}", why))

    def refuse(self, key: str, why: str) -> None:
        """A parameter that has no place here, though it has elsewhere."""
        if key in self._spec:
            self._take(key)
            self.wrong(key, why)

    def has(self, key: str) -> bool:
        return key in self._spec

    def names(self) -> tuple[str, ...]:
        """Every parameter there is, in order."""
        for key in self._spec:
            if not 0 < len(key) <= MAX_WORD:
                why = Sentence("must be named in 1 to {most} characters", most=MAX_WORD)
                self.wrong(key, why)
        return tuple(sorted(self._spec))

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number; `default` None means that it must be given."""
        value = self._take(key)
        if value is None and default is not None and key not in self._spec:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            why = Sentence("must be a whole number from {low} to {high}", low=low, high=high)
            self.wrong(key, why)
            return low
        return value

    def word(self, key: str, default: str | None = None) -> str:
        """A text that is not empty."""
        value = self._take(key)
        if value is None and default is not None and key not in self._spec:
            return default
        if not isinstance(value, str) or not 0 < len(value) <= MAX_WORD:
            self.wrong(key, Sentence("must be a text of 1 to {most} characters", most=MAX_WORD))
            return ""
        return value

    def choice(self, key: str, allowed: Iterable[Choice], default: Choice | None = None) -> Choice:
        """One of some words."""
        options = tuple(allowed)
        value = self._take(key)
        if value is None and default is not None and key not in self._spec:
            return default
        for option in options:
            if value == option.value:
                return option
        names = ", ".join(option.value for option in options)
        self.wrong(key, Sentence("must be one of {options}", options=names))
        return options[0]

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, or one text for a list of one; () where it is not given."""
        value = self._take(key)
        if value is None and key not in self._spec:
            return ()
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list | tuple) or not 0 < len(given) <= MAX_WORDS:
            self.wrong(key, Sentence("must be a text or a list of texts, not empty"))
            return ()
        found = tuple(w for w in given if isinstance(w, str) and 0 < len(w) <= MAX_WORD)
        if len(found) != len(given):
            why = Sentence(
                "holds something that is no text of 1 to {most} characters", most=MAX_WORD
            )
            self.wrong(key, why)
        if len(set(found)) != len(found):
            self.wrong(key, Sentence("names something twice"))
        return found

    def choices(self, key: str, allowed: Iterable[Choice]) -> tuple[Choice, ...]:
        """A list of some words, or one for a list of one; () where it is not given."""
        options = {option.value: option for option in allowed}
        given = self.words(key)
        if not options.keys() >= set(given):
            self.wrong(key, Sentence("must be of {options}", options=", ".join(options)))
        return tuple(options[word] for word in given if word in options)

    def currency(self, key: str = "currency") -> str:
        """An ISO 4217 alphabetic code, by its form."""
        value = self._take(key)
        if isinstance(value, str) and len(value) == 3 and value.isascii() and value.isupper():
            return value
        why = Sentence("must be three capital letters, an {standard} code", standard="ISO 4217")
        self.wrong(key, why)
        return ""

    def day(self, key: str) -> date:
        """A calendar day as YYYY-MM-DD."""
        value = self._take(key)
        day = exact_day(value) if isinstance(value, str) else None
        if day is None:
            self.wrong(key, Sentence("must be a day as {form}", form="YYYY-MM-DD"))
        return day or date.min

    def flag(self, key: str) -> bool | None:
        """True, false, or None where it is not given."""
        value = self._take(key)
        if value is None and key not in self._spec:
            return None
        if not isinstance(value, bool):
            self.wrong(key, Sentence("must be {yes} or {no}", yes="true", no="false"))
            return None
        return value

    def child(self, key: str) -> Reader | None:
        """A reader for a nested object, None where it is not given; `absorb` it afterwards."""
        value = self._take(key)
        if value is None and key not in self._spec:
            return None
        if not isinstance(value, Mapping):
            self.wrong(key, Sentence("must be an object"))
            return None
        return Reader(value, f"{self._path}{key}.")

    def children(self, key: str, most: int) -> tuple[Reader, ...]:
        """Readers for a list of nested objects, () where it is not given."""
        value = self._take(key)
        if value is None and key not in self._spec:
            return ()
        if not isinstance(value, list | tuple) or not 0 < len(value) <= most:
            self.wrong(key, Sentence("must be a list of 1 to {most} objects", most=most))
            return ()
        if not all(isinstance(part, Mapping) for part in value):
            self.wrong(key, Sentence("holds something that is no object"))
            return ()
        return tuple(Reader(part, f"{self._path}{key}[{n}].") for n, part in enumerate(value))

    def absorb(self, child: Reader) -> None:
        """Finish a nested reader and take over its problems."""
        child.finish()
        self.problems.extend(child.problems)

    def finish(self) -> None:
        """Everything that nobody asked for is a mistake: a typing error never passes for a
        default."""
        for key in self._spec:
            if key not in self._used:
                self.wrong(str(key), Sentence("is not known here"))
