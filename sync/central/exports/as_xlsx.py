"""Rows as an Excel workbook (ECMA-376): text as text, moments as dates, amounts as numbers.

Every text goes in as an inline string, never as a formula or a link. Excel knows no time zones:
its dates are those of the zone that was asked for, which the last sheet names. A row is written
away before the next one is looked at, so the file lies on the disk until it is whole.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from sync.central.exports.asking import Asked, What
from sync.central.exports.columns import Cell, Column, Kind, Row

CHUNK = 256 << 10
MOST_ROWS = 1_048_576  # of a sheet; what is more goes on in another
LONGEST_TEXT = 32_767
_EXACT = 15  # digits that a number of Excel has
_WIDTHS = {Kind.TEXT: 22, Kind.WHOLE: 10, Kind.MONEY: 12, Kind.MOMENT: 20, Kind.FLAG: 11}


def chunks(
    asked: Asked,
    columns: tuple[Column, ...],
    rows: Iterable[Row],
    created: datetime,
    most_rows: int = MOST_ROWS,
) -> Iterator[bytes]:
    """The file in parts of CHUNK bytes, once it is whole."""
    folder = Path(tempfile.mkdtemp(prefix="takeback-export-"))
    try:
        path = folder / "export.xlsx"
        book = _Book(path, asked, columns, created, most_rows)
        try:
            for row in rows:
                book.add(row)
        finally:
            book.close()
        with path.open("rb") as file:
            while part := file.read(CHUNK):
                yield part
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Book:
    def __init__(
        self,
        path: Path,
        asked: Asked,
        columns: tuple[Column, ...],
        created: datetime,
        most_rows: int,
    ) -> None:
        self._asked, self._columns, self._most = asked, columns, most_rows
        self._created = created
        options = {
            "constant_memory": True,
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": f"Takeback: {asked.what.value}", "created": created})
        self._head = self._book.add_format({"bold": True, "bottom": 1, "bg_color": "#DFF3EA"})
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._amounts: dict[int, Any] = {}
        self._sheets = 0
        self._begin()

    def _begin(self) -> None:
        self._sheets += 1
        name = self._asked.what.value + (f" {self._sheets}" if self._sheets > 1 else "")
        self._sheet: Any = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            width = max(_WIDTHS[column.kind], len(column.name) + 4)
            self._sheet.set_column(place, place, width)
            self._sheet.write_string(0, place, column.name, self._head)
        self._at = 1

    def add(self, row: Row) -> None:
        if self._at >= self._most:
            self._end()
            self._begin()
        for place, cell in enumerate(row):
            self._write(place, cell)
        self._at += 1

    def _end(self) -> None:
        self._sheet.autofilter(0, 0, self._at - 1, len(self._columns) - 1)

    def _write(self, place: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self._sheet.write_boolean(self._at, place, cell)
        elif isinstance(cell, datetime):
            naive = local(cell, self._asked.zone)
            self._sheet.write_datetime(self._at, place, naive, self._date)
        elif isinstance(cell, str):
            self._text(place, cell)
        elif len(Decimal(cell).as_tuple().digits) > _EXACT:
            self._text(place, f"{cell:f}" if isinstance(cell, Decimal) else str(cell))
        elif isinstance(cell, Decimal):
            self._sheet.write_number(self._at, place, cell, self._amount(cell))
        else:
            self._sheet.write_number(self._at, place, cell)

    def _text(self, place: int, told: str) -> None:
        told = told.replace("\r\n", "\n").replace("\r", "\n")  # the one line end that Excel has
        if len(told.encode("utf-16-le")) > 2 * LONGEST_TEXT:  # Excel counts so
            told = told[: LONGEST_TEXT // 2 - 1] + "…"
        self._sheet.write_string(self._at, place, told)

    def _amount(self, amount: Decimal) -> Any:
        exponent = amount.as_tuple().exponent
        places = -exponent if isinstance(exponent, int) else 0
        if places not in self._amounts:
            shown = "#,##0" + ("." + "0" * places if places else "")
            self._amounts[places] = self._book.add_format({"num_format": shown})
        return self._amounts[places]

    def close(self) -> None:
        self._end()
        sheet: Any = self._book.add_worksheet("about")
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 80)
        for at, (name, said) in enumerate(_about(self._asked, self._columns, self._created)):
            sheet.write_string(at, 0, name, self._head)
            sheet.write_string(at, 1, said)
        self._book.close()


def _about(
    asked: Asked, columns: tuple[Column, ...], created: datetime
) -> Iterator[tuple[str, str]]:
    yield "tenant", asked.scope.tenant
    if asked.what is not What.KIOSKS:
        yield "days", f"{asked.first} to {asked.last}"
    yield "time zone", asked.zone.key
    if asked.site:
        yield "site", asked.site
    yield "made at", created.astimezone(asked.zone).isoformat(timespec="seconds")
    for column in columns:
        yield column.name, column.meaning


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """As Excel keeps it: the clock on the wall, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)
