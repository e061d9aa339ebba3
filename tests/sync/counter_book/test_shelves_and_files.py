"""Rows of shelves by a pattern, and a site's house as a file."""

from __future__ import annotations

import pytest

from sync.central.counter_book import files
from sync.central.counter_book.files import Bad
from sync.central.counter_book.shelves import BadPattern, named, natural
from sync.central.demo_counter import HOUSE
from sync.wire.counter_book import MAX_SHELVES
from tests.sync.counter_book.conftest import HOUSE as OURS


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("A1", ("A1",)),
        ("a1..a3", ("A1", "A2", "A3")),
        ("A08..A10", ("A08", "A09", "A10")),
        ("A1..B2", ("A1", "A2", "B1", "B2")),
        ("R-1..R-2, FLOOR", ("R-1", "R-2", "FLOOR")),
        ("7..9", ("7", "8", "9")),
        ("A1, A1..A2,", ("A1", "A2")),
    ],
)
def test_a_pattern_names_shelves(pattern, names) -> None:
    assert named(pattern) == names


@pytest.mark.parametrize(
    "pattern", ["", " , ", "A5..A1", "A1..BB3", "A..C", "Ä1", "A1..A", "-A", "A" * 13, "B1..A2"]
)
def test_what_names_no_shelves_is_said(pattern) -> None:
    assert isinstance(named(pattern), BadPattern)


def test_more_shelves_than_a_book_takes_are_none() -> None:
    assert named("A1..A5000, B1") == BadPattern("")
    assert isinstance(named("A0..Z9999"), BadPattern)
    found = named("A1..A5000")
    assert isinstance(found, tuple)
    assert len(found) == MAX_SHELVES


def test_shelves_are_shown_as_people_count() -> None:
    assert sorted(["A10", "A2", "B1", "A1"], key=natural) == ["A1", "A2", "A10", "B1"]


def test_a_file_reads_back_as_what_it_was() -> None:
    demo = files.read(HOUSE.read_text("utf-8"))
    assert (len(demo.shelves), len(demo.carriers), len(demo.opening.closes)) == (40, 3, 6)
    for house in (demo, OURS):
        assert files.read(files.written(house)) == house


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("language =", "no TOML"),
        ("langauge = 'de'", "langauge is not known"),
        ("[opening]\ncloses = { mo = '19:00' }", "mo is no day"),
        ("[opening]\ncloses = '19:00'", "a time by day"),
        ("[[shelves]]\npattern = 'A5..A1'", "A5..A1 names no shelves"),
        ("[[shelves]]\npattern = 'A1'\nlight = 3", "shelves 1.light"),
        ("[[shelves]]\npattern = 'A1'\n[[shelves]]\npattern = 'A1'", "A1 is there twice"),
        ("shelves = 3", "a list of tables"),
        ("[hold]\ndays = 'long'", "days"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(text, why) -> None:
    with pytest.raises(Bad, match=why):
        files.read(text)
