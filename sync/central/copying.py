"""Rows as PostgreSQL's COPY reads them, in its text form, a column at a time.

A driver turns each value into text by itself; of a batch of events that took as long as all that
they mean. Here each column has one way for all of its values, and a text is looked at more closely
only where some text of its column holds what COPY gives a meaning to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

_SPECIAL: Final = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = str.maketrans(_SPECIAL)
_NULL: Final = "\\N"
_json = msgspec.json.Encoder().encode
Values = list[Any]


def text(columns: Sequence[sa.Column[Any]], rows: Sequence[Mapping[str, Any]]) -> bytes:
    """At least one row of each. TypeError for a column of a kind that no table of ours has;
    ValueError for a text that has no UTF-8."""
    told = [_column(one)([row[one.name] for row in rows]) for one in columns]
    return ("\n".join(map("\t".join, zip(*told, strict=True))) + "\n").encode()


def _column(column: sa.Column[Any]) -> Callable[[Values], list[str]]:
    match column.type:
        case sa.Text():
            return _texts
        case sa.Boolean():
            return _flags
        case sa.Integer():
            return _numbers
        case sa.TypeDecorator(impl=sa.DateTime()):
            return _moments
        case sa.JSON():
            return _documents
        case _:
            raise TypeError(f"{column} is of a kind that is not copied")


def _texts(values: Values) -> list[str]:
    if None in values:
        return [_NULL if one is None else one.translate(_ESCAPED) for one in values]
    every = "".join(values)
    if any(one in every for one in _SPECIAL):
        return [_text(one) for one in values]
    return values


def _text(value: str) -> str:
    """JSON holds backslashes and none of the others: to replace one thing is quick."""
    told = value.replace("\\", "\\\\")
    if "\n" in told or "\t" in told or "\r" in told:
        return value.translate(_ESCAPED)
    return told


def _numbers(values: Values) -> list[str]:
    return [_NULL if one is None else str(one) for one in values]


def _flags(values: Values) -> list[str]:
    return [_NULL if one is None else "t" if one else "f" for one in values]


def _moments(values: Values) -> list[str]:
    """A batch has one moment of its coming: each is written once."""
    written: dict[datetime | None, str] = {
        one: _NULL if one is None else one.astimezone(UTC).isoformat() for one in set(values)
    }
    return [written[one] for one in values]


def _documents(values: Values) -> list[str]:
    return _texts([_json(one).decode() for one in values])
