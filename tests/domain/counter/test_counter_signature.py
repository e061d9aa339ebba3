"""A drawn signature: bounded, named by its hash, and drawn again as a curve."""

from __future__ import annotations

import hashlib
import json

import pytest

from kiosk.domain.counter import signature
from kiosk.domain.counter.signature import LONGEST_STROKE, MOST_POINTS, MOST_STROKES, UNITS

NAME = (((100, 500), (300, 200), (500, 800)), ((600, 500), (900, 500)))


def test_a_stroke_comes_as_points() -> None:
    assert signature.read_stroke("10,20 10,20 30,40") == ((10, 20), (30, 40))
    assert signature.read_stroke("0,0 1000,1000") == ((0, 0), (1000, 1000))


@pytest.mark.parametrize(
    "text",
    ["", "  ", "10", "10,", "a,b", "1,2,3", "1.5,2", "١,٢", "1001,1", "-1,1"],
)
def test_what_is_no_stroke(text: str) -> None:
    assert signature.read_stroke(text) is None


def test_a_stroke_of_too_many_points_is_none() -> None:
    zigzag = " ".join(f"{n % 2},{n % 1000}" for n in range(LONGEST_STROKE + 1))
    assert signature.read_stroke(zigzag) is None


def test_strokes_are_taken_up_to_the_bounds() -> None:
    assert signature.room_for((), ((1, 1),))
    assert not signature.room_for((), ())
    assert not signature.room_for((((1, 1),),) * MOST_STROKES, ((1, 1),))
    assert not signature.room_for((((1, 1),) * MOST_POINTS,), ((1, 1),))


def test_a_line_is_a_signature_and_dots_are_none() -> None:
    assert signature.is_signed(NAME)
    assert not signature.is_signed(())
    assert not signature.is_signed((((5, 5),), ((900, 900),)))
    assert not signature.is_signed((((5, 5), (60, 5)),))


def test_its_name_is_the_hash_of_its_one_json_which_reads_back() -> None:
    data = signature.encode(NAME)
    assert signature.name_of(NAME) == hashlib.sha256(data).hexdigest()
    assert signature.decode(json.loads(data)) == NAME
    assert signature.name_of(NAME[:1]) != signature.name_of(NAME)


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"units": 100, "strokes": []},
        {"units": UNITS, "strokes": "no"},
        {"units": UNITS, "strokes": [[]]},
        {"units": UNITS, "strokes": ["no"]},
        {"units": UNITS, "strokes": [[[1]]]},
        {"units": UNITS, "strokes": [[[1, True]]]},
        {"units": UNITS, "strokes": [[[1, 1001]]]},
        {"units": UNITS, "strokes": [[[-1, 1]]]},
        {"units": UNITS, "strokes": [[[1, 1]]] * (MOST_STROKES + 1)},
    ],
)
def test_what_is_no_drawing(data: object) -> None:
    assert signature.decode(data) is None


def test_it_is_drawn_as_curves_through_the_middles() -> None:
    assert signature.svg_path(NAME[0]) == "M100 500Q300 200 400 500L500 800"
    assert signature.svg_path(((7, 8),)) == "M7 8L7 8"
    drawn = signature.svg(NAME)
    assert signature.svg_path(NAME[0]) + signature.svg_path(NAME[1]) in drawn
    assert "style" not in drawn
    assert "<script" not in drawn
