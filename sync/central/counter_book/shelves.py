"""Rows of shelves by a pattern, as people who label a shop write them.

A1..A20        twenty shelves
A01..A20       with a nought in front where the first has one
A1..C5         five on each of three racks
A1..A4, B7     several, with commas
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kiosk.domain.codes import shelf_code
from sync.wire.counter_book import MAX_SHELVES, HouseTold, ShelfTold

_RANGE = re.compile(r"([A-Z0-9-]*?)(\d{1,4})\s*\.\.\s*([A-Z0-9-]*?)(\d{1,4})")
_NUMBERED = re.compile(r"(.*?)(\d{1,9})")


@dataclass(frozen=True, slots=True)
class BadPattern:
    """The first part that names no shelves; "" for too many."""

    part: str


def named(pattern: str) -> tuple[str, ...] | BadPattern:
    """The names, in their order, each once."""
    found: dict[str, None] = {}
    for part in pattern.upper().replace("\n", ",").split(","):
        text = part.strip()
        if not text:
            continue
        names = _row(text)
        if not names or not all(map(_is_name, names)):
            return BadPattern(text[:40])
        found.update(dict.fromkeys(names))
        if len(found) > MAX_SHELVES:
            return BadPattern("")
    return tuple(found) or BadPattern(pattern.strip()[:40])


def _row(text: str) -> tuple[str, ...]:
    """() for what is no row; more names than a book takes are cut, for the caller to see."""
    if ".." not in text:
        return (text,)
    match = _RANGE.fullmatch(text)
    if match is None:
        return ()
    racks = _racks(match[1], match[3])
    first, last = int(match[2]), int(match[4])
    if not racks or first > last or len(racks) * (last - first + 1) > MAX_SHELVES + 1:
        return ()
    width = len(match[2]) if match[2].startswith("0") else 1
    return tuple(f"{rack}{one:0{width}d}" for rack in racks for one in range(first, last + 1))


def _racks(first: str, last: str) -> tuple[str, ...]:
    """A1..C5: the racks A, B and C; they may differ in their last letter alone."""
    if first == last:
        return (first,)
    if not first or first[:-1] != last[:-1] or not (first[-1:] + last[-1:]).isalpha():
        return ()
    return tuple(f"{first[:-1]}{chr(one)}" for one in range(ord(first[-1]), ord(last[-1]) + 1))


def _is_name(name: str) -> bool:
    try:
        shelf_code(name)
    except ValueError:
        return False
    return True


def with_shelves(house: HouseTold, new: tuple[ShelfTold, ...]) -> tuple[ShelfTold, ...]:
    """The shelves of a house with these; one of the same name is put in its place."""
    found = {one.shelf_id: one for one in house.shelves}
    found.update({one.shelf_id: one for one in new})
    return tuple(found.values())


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """For ordering: A2 before A10."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in parts)


@dataclass(frozen=True, slots=True)
class Row:
    """Shelves that are alike and follow one another: `pattern` names them."""

    pattern: str
    count: int
    like: ShelfTold


def rows(shelves: Iterable[ShelfTold]) -> tuple[Row, ...]:
    """All shelves, in as few rows as say the same, in the order of people."""
    found: list[list[ShelfTold]] = []
    for one in sorted(shelves, key=lambda shelf: (shelf.zone, natural(shelf.shelf_id))):
        if found and _follows(found[-1][-1], one):
            found[-1].append(one)
        else:
            found.append([one])
    return tuple(
        Row(
            row[0].shelf_id if len(row) == 1 else f"{row[0].shelf_id}..{row[-1].shelf_id}",
            len(row),
            row[0],
        )
        for row in found
    )


def _follows(before: ShelfTold, one: ShelfTold) -> bool:
    alike = msgspec.structs.replace(before, shelf_id=one.shelf_id) == one
    match = _NUMBERED.fullmatch(before.shelf_id)
    if not alike or match is None:
        return False
    width = len(match[2]) if match[2].startswith("0") else 1
    return one.shelf_id == f"{match[1]}{int(match[2]) + 1:0{width}d}"
