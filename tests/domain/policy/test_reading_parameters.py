"""What a parameter may be, and what is said of one that may not."""

from __future__ import annotations

from datetime import date

from kiosk.domain.policy.reading import Reader


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
