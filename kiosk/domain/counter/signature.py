"""A signature drawn on the screen: lines alone, with a name that says whether it was changed.

What is drawn is untrusted: it is bounded, and a dot or a tap is no signature. It is kept as one
JSON, whose SHA-256 is its name and what a fact says of it (security.md 37: the drawing itself is
kept apart and deleted on schedule; the store does that).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot

from kiosk.domain import canonical

Point = tuple[int, int]
Stroke = tuple[Point, ...]

UNITS = 1000
"""The field's width and height, each in thousandths."""
LONGEST_STROKE = 2000
"""Points."""
MOST_STROKES = 200
MOST_POINTS = 4000
LEAST_LINE = 150
"""Thousandths that are drawn in all, at the least: two fingers' breadth of a field's width."""
ASPECT = 3
"""The field is so many times as wide as it is high."""


def read_stroke(text: str) -> Stroke | None:
    """A stroke as a screen sends it, `x,y x,y ...`; None for what is none, goes beside the field,
    or is longer than a hand draws. A point that says nothing new is left out."""
    pairs = text.split(maxsplit=LONGEST_STROKE)
    if len(pairs) > LONGEST_STROKE:
        return None
    points: list[Point] = []
    for pair in pairs:
        point = _read_point(pair)
        if point is None:
            return None
        if not points or points[-1] != point:
            points.append(point)
    return tuple(points) or None


def room_for(strokes: Sequence[Stroke], stroke: Stroke) -> bool:
    """Whether one more stroke is taken. Nobody signs with so many; a sleeve on the panel does."""
    points = sum(map(len, strokes)) + len(stroke)
    return len(stroke) > 0 and len(strokes) < MOST_STROKES and points <= MOST_POINTS


def is_signed(strokes: Iterable[Stroke]) -> bool:
    """Whether enough is drawn to be somebody's sign: a line, not a dot."""
    return sum(map(_length, strokes)) >= LEAST_LINE


def encode(strokes: Sequence[Stroke]) -> bytes:
    """The one JSON of a drawing: `{"strokes": [[[x, y], ...], ...], "units": 1000}`."""
    lines = [[list(point) for point in stroke] for stroke in strokes]
    return canonical.encode({"strokes": lines, "units": UNITS})


def name_of(strokes: Sequence[Stroke]) -> str:
    """SHA-256 (hex) of `encode`."""
    return hashlib.sha256(encode(strokes)).hexdigest()


def decode(data: object) -> tuple[Stroke, ...] | None:
    """A drawing from the JSON's own value; None for what is none or goes beyond the bounds."""
    if not isinstance(data, dict) or data.get("units") != UNITS:
        return None
    lines = data.get("strokes")
    if not isinstance(lines, list):
        return None
    strokes: list[Stroke] = []
    for line in lines:
        stroke = _decoded(line)
        if stroke is None or not room_for(strokes, stroke):
            return None
        strokes.append(stroke)
    return tuple(strokes)


def svg_path(stroke: Stroke) -> str:
    """The `d` of an SVG path, in thousandths: a curve through the middles of what was drawn, so
    that a finger's corners are round. A dot is a line of no length, which a round cap shows."""
    first, *rest = stroke
    d = [f"M{first[0]} {first[1]}"]
    for here, there in pairwise(rest):
        middle = ((here[0] + there[0]) // 2, (here[1] + there[1]) // 2)
        d.append(f"Q{here[0]} {here[1]} {middle[0]} {middle[1]}")
    last = stroke[-1]
    d.append(f"L{last[0]} {last[1]}")
    return "".join(d)


def svg(strokes: Sequence[Stroke]) -> str:
    """The drawing as an SVG document of its own, black on nothing, without style or script."""
    d = "".join(map(svg_path, strokes))
    # Both axes have 1000 units, the field is wider than high: the pen stays round all the same.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {UNITS} {UNITS}" '
        f'width="{UNITS}" height="{UNITS // ASPECT}" preserveAspectRatio="none">'
        f'<path d="{d}" fill="none" stroke="#000" stroke-width="3" stroke-linecap="round" '
        f'stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>'
    )


def _read_point(pair: str) -> Point | None:
    x, comma, y = pair.partition(",")
    if not comma or not _is_number(x) or not _is_number(y):
        return None
    point = int(x), int(y)
    return point if max(point) <= UNITS else None


def _is_number(text: str) -> bool:
    return 0 < len(text) <= 4 and text.isascii() and text.isdigit()


def _decoded(line: object) -> Stroke | None:
    if not isinstance(line, list):
        return None
    points: list[Point] = []
    for point in line:
        if not isinstance(point, list) or len(point) != 2:
            return None
        x, y = point
        if type(x) is not int or type(y) is not int or not 0 <= min(x, y) <= max(x, y) <= UNITS:
            return None
        points.append((x, y))
    return tuple(points)


def _length(stroke: Stroke) -> float:
    """In thousandths of the field's width."""
    return sum(hypot(bx - ax, (by - ay) / ASPECT) for (ax, ay), (bx, by) in pairwise(stroke))
