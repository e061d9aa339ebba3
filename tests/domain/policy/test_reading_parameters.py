"""What a parameter may be, and what is said of one that may not."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import pytest

from kiosk.domain.policy.reading import MAX_WORD, Reader, exact_day


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


def test_what_somebody_looked_at_is_known() -> None:
    reader = Reader({"colour": {"r": 1}})
    assert reader.raw("colour") == {"r": 1}
    assert reader.raw("shape") is None
    reader.finish()
    assert reader.problems == []


def test_what_nobody_looked_at_is_not() -> None:
    reader = Reader({"colour": 1}, "when.")
    reader.finish()
    assert reader.problems == ["when.colour: is not known here"]


def test_a_wrong_parameter_reads_as_something_harmless() -> None:
    reader = Reader({"n": "x", "w": 1, "d": "2025-02-30", "f": 1, "c": "eur", "o": 1, "l": "x"})
    assert reader.integer("n", 3, 9) == 3
    assert reader.word("w") == ""
    assert reader.day("d") == date.min
    assert reader.flag("f") is None
    assert reader.currency("c") == ""
    assert reader.child("o") is None
    assert reader.children("l", 3) == ()
    assert len(reader.problems) == 7


@pytest.mark.parametrize("text", ["EU", "EURO", "eur", "ÄUR"])
def test_a_currency_has_three_capital_letters(text: str) -> None:
    reader = Reader({"currency": text})
    assert (reader.currency(), len(reader.problems)) == ("", 1)


@pytest.mark.parametrize("text", ["20250102", "2025-W01-1", "2026-W53-7", "2025-002"])
def test_a_day_is_not_spelled_in_the_other_ways_of_iso_8601(text: str) -> None:
    assert exact_day(text) is None


def test_nothing_is_no_value_of_anything() -> None:
    reader = Reader(dict.fromkeys("nwlfco"))
    assert reader.integer("n", 3, 9, 5) == 3
    assert reader.word("w", "usual") == ""
    assert reader.words("l") == ()
    assert reader.flag("f") is None
    assert reader.child("c") is None
    assert reader.children("o", 3) == ()
    assert len(reader.problems) == 6


def test_what_must_be_given_is_asked_for() -> None:
    reader = Reader({})
    assert reader.integer("n", 3, 9) == 3
    assert reader.word("w") == ""
    assert reader.choice("c", Size) is Size.SMALL
    assert [problem.partition(":")[0] for problem in reader.problems] == ["n", "w", "c"]


def test_a_text_may_be_as_long_as_it_says_and_no_longer() -> None:
    full, beyond = "x" * MAX_WORD, "x" * (MAX_WORD + 1)
    good = Reader({"l": ["y", full], full: 1, "z": 1})
    assert good.words("l") == ("y", full)
    assert good.names() == ("l", full, "z")
    assert good.problems == []
    for spec in ({"l": ["y", beyond]}, {"l": ["y", ""]}):
        reader = Reader(spec)
        assert reader.words("l") == ("y",)
        assert len(reader.problems) == 1
    for name in ("", beyond):
        reader = Reader({name: 1})
        reader.names()
        assert len(reader.problems) == 1


def test_all_of_the_words_there_are_may_be_listed() -> None:
    reader = Reader({"sizes": ["large", "small"]})
    assert reader.choices("sizes", Size) == (Size.LARGE, Size.SMALL)
    assert reader.problems == []
    assert reader.choice("sizes", Size) is Size.SMALL  # the first, where it is none of them
