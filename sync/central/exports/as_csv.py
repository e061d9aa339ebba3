"""Rows as CSV (RFC 4180, UTF-8): a line of names, then a line each, ended by CR LF.

Moments are ISO 8601 with the offset of the zone that was asked for; amounts have a point and no
thousands; yes is `true`. No text can be taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sync.central.exports.asking import Asked
from sync.central.exports.columns import Cell, Column, Row
from sync.central.exports.neutral import neutral

CHUNK = 64 << 10
_MARK = "\ufeff"


def chunks(
    asked: Asked, columns: tuple[Column, ...], rows: Iterable[Row], created: datetime
) -> Iterator[bytes]:
    """The file in parts of about CHUNK bytes; `created` has no place in it."""
    del created
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    if asked.mark:
        held.write(_MARK)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_said(cell, asked.zone) for cell in row])
        if held.tell() >= CHUNK:
            yield _taken(held)
    yield _taken(held)


def _taken(held: io.StringIO) -> bytes:
    whole = held.getvalue().encode()
    held.seek(0)
    held.truncate()
    return whole


def _said(cell: Cell, zone: ZoneInfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return neutral(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat()
    return f"{cell:f}" if not isinstance(cell, int) else str(cell)
