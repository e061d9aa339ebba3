"""Every row of every table: numbers made from its form are read back, slips are noticed, and no
text, however made, costs more than its length."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest

from kiosk.domain.codes.carriers import recognise
from kiosk.domain.codes.carriers.engine import LONGEST, Row, Tables
from kiosk.domain.codes.carriers.layout import GS, Field, Layout
from kiosk.domain.codes.carriers.tables import TABLES

MADE = 2  # numbers of each form


def _part(field: Field, dice: random.Random) -> str:
    if field.texts:
        return dice.choice(sorted(field.texts))
    return "".join(dice.choices(sorted(field.kind), k=field.size))


def made(row: Row, form: Layout, dice: random.Random) -> list[str]:
    """The fields' texts of a valid number of this form."""
    while True:
        parts = [_part(field, dice) for field in form.fields]
        if row.rule is None:
            return parts
        named = {f.name: part for f, part in zip(form.fields, parts, strict=True) if f.name}
        check = row.rule.expected(row.covers.format_map(named))
        at = next(i for i, field in enumerate(form.fields) if field.name == "check")
        if form.fields[at].fits(check):
            parts[at] = check
            return parts


def numbers(row: Row) -> Iterator[tuple[Layout, list[str]]]:
    dice = random.Random(row.name)
    for form in row.layouts:
        for _ in range(MADE):
            yield form, made(row, form, dice)


rows = pytest.mark.parametrize("row", TABLES.rows, ids=lambda row: row.name)
checked = pytest.mark.parametrize(
    "row", [row for row in TABLES.rows if row.rule is not None], ids=lambda row: row.name
)


def test_every_row_has_its_own_name() -> None:
    assert len({row.name for row in TABLES.rows}) == len(TABLES.rows)


@rows
def test_made_numbers_are_read_back(row: Row) -> None:
    for _, parts in numbers(row):
        (alone,) = _only(row.name).recognise("".join(parts), "")
        assert alone.valid
        readings = recognise("".join(parts), "")
        assert (alone.carrier, alone.number, True) in {
            (reading.carrier, reading.number, reading.valid) for reading in readings
        }


@rows
def test_it_does_not_matter_how_people_write_them(row: Row) -> None:
    for _, parts in numbers(row):
        plain = recognise("".join(parts), "")
        assert plain == recognise(f"  {'-'.join(parts).lower()} ", "")
        if len("".join(parts)) * 2 <= LONGEST:
            assert plain == recognise(" ".join("".join(parts)), "")


@checked
def test_every_wrong_digit_that_the_check_promises_to_catch_is_caught(row: Row) -> None:
    assert row.rule is not None
    for form, parts in numbers(row):
        for i, field in enumerate(form.fields):
            if not _is_covered(row, field) or field.texts:
                continue
            for place, weight in _places(row, form, parts, i):
                for other in sorted(field.kind - {parts[i][place]}):
                    apart = abs(row.rule.value(other) - row.rule.value(parts[i][place]))
                    if apart in row.rule.promise.slip.get(weight, ()):
                        continue
                    slip = parts[i][:place] + other + parts[i][place + 1 :]
                    assert not _is_read(row, form, [*parts[:i], slip, *parts[i + 1 :]])


@checked
def test_a_wrong_check_character_is_caught(row: Row) -> None:
    for form, parts in numbers(row):
        at = next(i for i, field in enumerate(form.fields) if field.name == "check")
        for other in sorted(form.fields[at].kind - {parts[at]}):
            assert not _is_read(row, form, [*parts[:at], other, *parts[at + 1 :]])


@checked
def test_every_exchange_of_neighbours_that_the_check_promises_to_catch_is_caught(row: Row) -> None:
    assert row.rule is not None
    for form, parts in numbers(row):
        for i, field in enumerate(form.fields):
            if not _is_covered(row, field) or field.texts:
                continue
            places = _places(row, form, parts, i)
            for (place, first), (_, second) in pairwise(places):
                a, b = parts[i][place], parts[i][place + 1]
                apart = abs(row.rule.value(a) - row.rule.value(b))
                if a == b or apart in row.rule.promise.swap.get((first, second), ()):
                    continue
                swapped = parts[i][:place] + b + a + parts[i][place + 2 :]
                assert not _is_read(row, form, [*parts[:i], swapped, *parts[i + 1 :]])


@cache
def _only(row_name: str) -> Tables:
    return Tables([[row for row in TABLES.rows if row.name == row_name]])


def _is_read(row: Row, form: Layout, parts: list[str]) -> bool:
    """Whether the row takes these parts, read in this form, for a valid number. (The same text
    may be another number of the row: after 420, five or nine digits of ZIP code.)"""
    named = {f.name: part for f, part in zip(form.fields, parts, strict=True) if f.name}
    text = "".join(parts)
    number = row.number.format_map({**named, "all": text.replace(GS, "")})
    readings = _only(row.name).recognise(text, "")
    return (number, True) in {(reading.number, reading.valid) for reading in readings}


def _is_covered(row: Row, field: Field) -> bool:
    return bool(field.name) and f"{{{field.name}}}" in row.covers


def _places(row: Row, form: Layout, parts: list[str], at: int) -> list[tuple[int, int]]:
    """Each place of a covered field, with its weight in the check."""
    assert row.rule is not None
    named = {f.name: part for f, part in zip(form.fields, parts, strict=True) if f.name}
    before, _, _ = row.covers.partition(f"{{{form.fields[at].name}}}")
    start = len(before.format_map(named))
    weights = row.rule.weights(len(row.covers.format_map(named)))
    return [(place, weights[start + place]) for place in range(form.fields[at].size)]


@rows
def test_forms_have_one_length_and_cannot_run_away(row: Row) -> None:
    """A form is compared field by field, each of fixed size: no repetition, no alternatives of
    different length, so one pass over at most LONGEST characters decides."""
    for form in row.layouts:
        assert form.length == sum(field.size for field in form.fields) <= LONGEST
        for field in form.fields:
            assert field.size > 0
            assert bool(field.texts) != bool(field.kind)
            assert all(len(text) == field.size for text in field.texts)


class _Counted(str):
    """A text that counts how often it is looked into."""

    looks = 0

    def __getitem__(self, at: object) -> str:
        _Counted.looks += 1
        return super().__getitem__(at)


@rows
def test_a_form_looks_at_a_text_once_a_field(row: Row) -> None:
    for form, parts in numbers(row):
        number = "".join(parts)
        for text in (number, number[:-1] + "!", number * 50, "0" * 10_000, number[:1] * 5_000):
            _Counted.looks = 0
            form.match(_Counted(text))
            assert _Counted.looks <= len(form.fields)


def test_longer_texts_are_refused_before_anything_is_tried() -> None:
    assert recognise("1Z5R89390357567127" + " " * 83, "") == ()
    assert recognise("1" * 1_000_000, "") == ()
    assert recognise("1Z5R89390357567127" + " " * 82, "") != ()


@pytest.mark.parametrize(
    "row", [row for row in TABLES.rows if row.rule is None], ids=lambda row: row.name
)
def test_without_a_check_digit_a_form_is_narrow(row: Row) -> None:
    """A form nobody can verify must not take every order number for its own: of the texts of one
    length and kind (digits, or digits and letters) it admits one in five at the most."""
    for length in {form.length for form in row.layouts}:
        forms = [form for form in row.layouts if form.length == length]
        free = (10 if all(form.numeric for form in forms) else 36) ** length
        admitted = sum(36**length / 2**form.bits for form in forms)
        assert admitted <= free / 5 * 1.001


def test_whoever_publishes_no_check_digit_stands_behind_those_who_do() -> None:
    readings = recognise("09133131530724", "")
    assert [reading.carrier for reading in readings] == ["Hermes", "DPD"]
