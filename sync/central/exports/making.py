"""From what was asked for to the bytes of a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from sync.central.database import Database
from sync.central.exports import as_csv, as_parquet, as_xlsx
from sync.central.exports.asking import Asked, Form
from sync.central.exports.epcis import document
from sync.central.exports.sheets import SHEETS, rows


def make(database: Database, asked: Asked, created: datetime) -> Iterator[bytes]:
    """The file in parts. Blocking; close it to stop early. What it holds on the disk is gone
    with it."""
    if asked.form is Form.EPCIS:
        return document.chunks(database, asked, created)
    columns, told = SHEETS[asked.what].columns, rows(database, asked)
    match asked.form:
        case Form.CSV:
            return as_csv.chunks(asked, columns, told, created)
        case Form.EXCEL:
            return as_xlsx.chunks(asked, columns, told, created)
        case Form.PARQUET:
            return as_parquet.chunks(asked, columns, told, created)
        case _:
            assert_never(asked.form)
