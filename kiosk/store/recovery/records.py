"""Rows on a page of a table: rowid and values, also where the page's own tree is lost."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.store.recovery.pages import Pages

Value = None | int | float | str | bytes

LEAF, INTERIOR = 13, 5
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8)  # of serial types 0 to 7


@dataclass(frozen=True, slots=True)
class Record:
    """A row and the page on which it stands."""

    page: int
    rowid: int
    values: tuple[Value, ...]


class Unreadable(Exception):
    """These bytes are no cell, no record or no page."""


def cells(pages: Pages, number: int, page: bytes, reserved: int = 0) -> Iterator[Record]:
    """The rows of a leaf of a table; those that cannot be read are passed over."""
    start = 100 if number == 1 else 0
    if len(page) <= start + 8 or page[start] != LEAF:
        return
    count = int.from_bytes(page[start + 3 : start + 5])
    for at in range(start + 8, min(start + 8 + 2 * count, len(page) - 1), 2):
        try:
            rowid, payload = _cell(pages, page, int.from_bytes(page[at : at + 2]), reserved)
            yield Record(number, rowid, _values(payload))
        except (Unreadable, IndexError, struct.error):
            continue


def children(number: int, page: bytes) -> list[int]:
    """The pages below an interior page of a table; [] for any other page."""
    start = 100 if number == 1 else 0
    if len(page) < start + 12 or page[start] != INTERIOR:
        return []
    count = int.from_bytes(page[start + 3 : start + 5])
    found = []
    for at in range(start + 12, min(start + 12 + 2 * count, len(page) - 1), 2):
        cell = int.from_bytes(page[at : at + 2])
        found.append(int.from_bytes(page[cell : cell + 4]))
    return [*found, int.from_bytes(page[start + 8 : start + 12])]


def free(pages: Pages) -> set[int]:
    """Pages that the file has given up; their rows are what stood there once."""
    first = pages.newest.get(1, b"")
    trunk = int.from_bytes(first[32:36]) if len(first) >= 100 else 0
    found: set[int] = set()
    while trunk and trunk not in found and trunk in pages.newest:
        found.add(trunk)
        page = pages.newest[trunk]
        count = min(int.from_bytes(page[4:8]), len(page) // 4 - 2)
        found |= {int.from_bytes(page[at : at + 4]) for at in range(8, 8 + 4 * count, 4)}
        trunk = int.from_bytes(page[:4])
    return found


def _cell(pages: Pages, page: bytes, at: int, reserved: int) -> tuple[int, bytes]:
    usable = len(page) - reserved
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    if size > 1 << 24:
        raise Unreadable
    here = _local(size, usable)
    if at + here > usable:
        raise Unreadable
    payload = page[at : at + here]
    if here == size:
        return rowid, payload
    following = int.from_bytes(page[at + here : at + here + 4])
    return rowid, payload + _overflow(pages, following, size - here, usable)


def _local(size: int, usable: int) -> int:
    """How much of a payload stands on the leaf itself."""
    if size <= usable - 35:
        return size
    least = (usable - 12) * 32 // 255 - 23
    here = least + (size - least) % (usable - 4)
    return here if here <= usable - 35 else least


def _overflow(pages: Pages, number: int, left: int, usable: int) -> bytes:
    parts: list[bytes] = []
    seen: set[int] = set()
    while left > 0:
        page = pages.newest.get(number)
        if page is None or number in seen or len(page) < usable:
            raise Unreadable
        seen.add(number)
        parts.append(page[4 : min(usable, 4 + left)])
        left -= len(parts[-1])
        number = int.from_bytes(page[:4])
    return b"".join(parts)


def _values(payload: bytes) -> tuple[Value, ...]:
    size, at = _varint(payload, 0)
    if size > len(payload):
        raise Unreadable
    kinds = []
    while at < size:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    found: list[Value] = []
    for kind in kinds:
        value, at = _value(payload, at, kind)
        found.append(value)
    if at != len(payload):
        raise Unreadable
    return tuple(found)


def _value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind in (8, 9):
        return kind - 8, at
    if kind in (10, 11):
        raise Unreadable
    size = _SIZES[kind] if kind < 8 else (kind - 12) // 2
    data = payload[at : at + size]
    if len(data) != size:
        raise Unreadable
    end = at + size
    if kind == 0:
        return None, end
    if kind == 7:
        return float(struct.unpack(">d", data)[0]), end
    if kind < 8:
        return int.from_bytes(data, signed=True), end
    return (data.decode("utf-8", "replace") if kind % 2 else data), end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9
