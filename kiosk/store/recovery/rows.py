"""What the records of a ledger's pages are: by their shape, for the tree may be lost.

A page that the tree still reaches is believed before one that it does not, and that one before a
page that was given up, on which rows stand as they once were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import DefaultClause

from kiosk.store import tables
from kiosk.store.recovery import records
from kiosk.store.recovery.pages import Pages
from kiosk.store.recovery.records import Record, Value

Row = dict[str, Any]

LIVE, FOUND, FREED = range(3)
SOURCE, COPY = 1_000, 1_000_000
"""How much less the next source is believed; and a copy made earlier than the ledger's last."""
_DEEPEST = 20

_EPOCH = re.compile(r"[0-9a-f]{32}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HLC = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}")
_FACT = re.compile(r"takeback\.[a-z_]+\.[a-z_]+\.v\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAME = re.compile(r"[a-z_]+(\.[a-z_]+)*")
_JOBS = ("queued", "printing", "printed", "unconfirmed", "failed")

Tell = Callable[[Value], bool]


def _like(pattern: re.Pattern[str]) -> Tell:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _among(values: tuple[str, ...]) -> Tell:
    return lambda value: value in values


def _text(value: Value) -> bool:
    return isinstance(value, str)


def _number(value: Value) -> bool:
    return isinstance(value, int)


def _either(tell: Tell) -> Tell:
    return lambda value: value is None or tell(value)


def _none(value: Value) -> bool:
    return value is None


# By table: what tells its rows from any other's, column for column in the order of the schema;
# columns that a later revision added may be missing at the end.
_SHAPES: dict[str, tuple[int, tuple[Tell, ...]]] = {
    "meta": (2, (_like(_NAME), _text)),
    "redeemed_codes": (2, (_text, _like(_UUID))),
    "events": (
        9,
        (
            _none,
            _like(_UUID),
            *(_text,) * 4,
            *(_number,) * 2,
            _text,
            _either(_number),
        ),
    ),
    "outbox": (5, (_like(_EPOCH), _number, _number, _text, _either(_text))),
    "epochs": (
        8,
        (_like(_EPOCH), _number, _like(_TIME), _number, _text, _number, _text, _number),
    ),
    "anchors": (9, (_like(_EPOCH), _like(_DAY), _text, _number, *(_text,) * 5)),
    "counter_facts": (
        7,
        (_none, _like(_HLC), _text, *(_number,) * 2, _like(_FACT), _text),
    ),
    "bags": (5, (_none, _text, _like(_UUID), _like(_TIME), _either(_like(_TIME)))),
    "print_jobs": (5, (_like(_UUID), _among(_JOBS), _text, _number, _text)),
    "drops": (
        16,
        (
            _like(_UUID),
            _either(_text),
            *(_text,) * 3,
            _among(tables.DROP_STATES),
            *(_text,) * 2,
            *(_number,) * 2,
            *(_text,) * 3,
            *(_either(_text),) * 2,
            *(_text,) * 2,
        ),
    ),
    "drop_lines": (12, (_like(_UUID), *(_text,) * 6, *(_number,) * 5, *(_text,) * 3)),
}
_KEYS = {
    "meta": ("key",),
    "redeemed_codes": ("code_id", "drop_id"),
    "events": ("id",),
    "outbox": ("epoch", "sequence"),
    "epochs": ("epoch",),
    "anchors": ("epoch", "day"),
    "counter_facts": ("hlc", "device", "part", "twin"),
    "bags": ("number",),
    "print_jobs": ("drop_id",),
    "drops": ("drop_id",),
    "drop_lines": ("drop_id", "line_id"),
}
_NEWER = {"drops": "changed_at", "print_jobs": "changed_at", "epochs": "sequence"}


@dataclass(slots=True)
class Rows:
    """By table and key: every version of a row that was found, with how far it is believed."""

    found: dict[str, dict[tuple[Any, ...], list[tuple[int, Row]]]] = field(
        default_factory=lambda: {name: {} for name in _SHAPES}
    )

    def add(self, table: str, row: Row, rank: int) -> None:
        key = tuple(row[name] for name in _KEYS[table])
        versions = self.found[table].setdefault(key, [])
        if not any(row == other for _, other in versions):
            versions.append((rank, row))

    def versions(self, table: str) -> Iterator[list[Row]]:
        """For every key the versions of its row, the most believed first."""
        newer = _NEWER.get(table)
        for versions in self.found[table].values():
            if newer is not None:
                versions.sort(key=lambda one: one[1][newer], reverse=True)
            versions.sort(key=lambda one: one[0])
            yield [row for _, row in versions]

    def standing(self, table: str) -> list[Row]:
        """The rows that nobody deleted, as far as can be told: of each the most believed."""
        return [
            min(versions, key=lambda one: one[0])[1]
            for versions in self.found[table].values()
            if any(rank % SOURCE < FREED for rank, _ in versions)
        ]

    def best(self, table: str) -> list[Row]:
        return [versions[0] for versions in self.versions(table)]

    def join(self, other: Rows, rank: int) -> None:
        """What a second source has, believed less by `rank` than the same of this one."""
        for table, keys in other.found.items():
            for versions in keys.values():
                for own, row in versions:
                    self.add(table, row, own + rank)


def read(pages: Pages, reserved: int = 0) -> Rows:
    """Every row on every page. `reserved` are the bytes at the end of a page that are not SQLite's
    (encryption keeps its own there)."""
    found = Rows()
    live, freed = _reached(pages, reserved), records.free(pages)
    for number, newest in pages.newest.items():
        rank = LIVE if number in live else FREED if number in freed else FOUND
        for record in records.cells(pages, number, newest, reserved):
            _sort(found, record, rank)
        for place, page in enumerate(pages.older.get(number, ()), 1):
            for record in records.cells(pages, number, page, reserved):
                _sort(found, record, FREED + place)
    return found


def _sort(found: Rows, record: Record, rank: int) -> None:
    for table, (least, shape) in _SHAPES.items():
        values = record.values
        if not least <= len(values) <= len(tables.metadata.tables[table].c):
            continue
        if all(tell(value) for tell, value in zip(shape, values, strict=False)):
            found.add(table, _named(table, record), rank)
            return


def _named(table: str, record: Record) -> Row:
    columns = tables.metadata.tables[table].c
    row: Row = {column.name: None for column in columns if column.nullable}
    row |= {
        column.name: str(column.server_default.arg)
        for column in columns
        if isinstance(column.server_default, DefaultClause)
    }
    row |= dict(zip((column.name for column in columns), record.values, strict=False))
    if table in ("events", "bags", "counter_facts"):
        row["number"] = record.rowid  # SQLite keeps an integer key in the rowid alone
    return row


def _reached(pages: Pages, reserved: int = 0) -> set[int]:
    """The leaves that hang on a table of the schema."""
    roots = [1]
    for leaf in _leaves(pages, 1):
        for record in records.cells(pages, leaf, pages.newest[leaf], reserved):
            if len(record.values) == 5 and record.values[0] == "table":
                root = record.values[3]
                roots += [root] if isinstance(root, int) else []
    return {leaf for root in roots for leaf in _leaves(pages, root)}


def _leaves(pages: Pages, root: int) -> set[int]:
    level, seen, leaves = {root}, set[int](), set[int]()
    for _ in range(_DEEPEST):
        below: set[int] = set()
        for number in level - seen:
            page = pages.newest.get(number)
            if page is None:
                continue
            under = records.children(number, page)
            below |= set(under)
            if not under:
                leaves.add(number)
        seen |= level
        level = below
    return leaves
