"""A CSV, a workbook and a Parquet file of the same days hold the same rows, each as its readers
want it. They are read back by other libraries than the ones that wrote them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from pyarrow import parquet

from sync.central.cases import Kind as Cause
from sync.central.exports.asking import Form, What
from sync.central.exports.columns import Kind
from sync.central.exports.sheets import SHEETS
from tests.sync.exports import world
from tests.sync.exports.conftest import BERLIN

BOTH_SIDES_OF_SUMMER = (world.NOON, datetime(2026, 5, 8, 3, 4, 5, 678_000, tzinfo=UTC))


@pytest.fixture
def some(database):
    """Drops in three currencies, one with quotes and line ends, one disputed, and its case."""
    rows = [
        world.drop_row(1),
        world.drop_row(2, refund=-1250, fee=350, currency="EUR", disputed=True, offline=True),
        world.drop_row(3, refund=7990, currency="JPY", order_number='say "ah", then\r\nstop'),
        world.drop_row(4, refund=12345, currency="KWD", at=BOTH_SIDES_OF_SUMMER[1]),
        world.drop_row(5, device_id="k2", merchant_id="fjord", bag_id="", currency="", refund=0),
    ]
    world.put(database, *rows)
    world.case(database, 1, drops=(rows[0], rows[1]))
    world.case(database, 2, kind=Cause.FORK, detail="epoch e2 beside e1")


def csv_rows(data: bytes, columns) -> list[list]:
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert lines[0] == [column.name for column in columns]
    return [
        [_read(cell, c.kind) for cell, c in zip(line, columns, strict=True)] for line in lines[1:]
    ]


def _read(cell: str, kind: Kind):
    if cell == "":
        return None
    match kind:
        case Kind.TEXT:
            return cell
        case Kind.WHOLE:
            return int(cell)
        case Kind.MONEY:
            return Decimal(cell)
        case Kind.FLAG:
            return {"true": True, "false": False}[cell]
        case Kind.MOMENT:
            return datetime.fromisoformat(cell).astimezone(UTC)


def excel_rows(data: bytes, columns, sheet: int = 0) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    lines = list(book.worksheets[sheet].iter_rows(values_only=True))
    assert list(lines[0]) == [column.name for column in columns]
    return [
        [_excel(cell, c.kind) for cell, c in zip(line, columns, strict=True)] for line in lines[1:]
    ]


def _excel(cell, kind: Kind):
    if cell is None:
        return None
    if kind is Kind.MONEY:
        return Decimal(str(cell))
    if kind is Kind.MOMENT:
        return cell.replace(tzinfo=BERLIN).astimezone(UTC)
    return cell


def one_line_end(row: list) -> list:
    """A cell of Excel knows one."""
    return [cell.replace("\r\n", "\n") if isinstance(cell, str) else cell for cell in row]


def parquet_rows(data: bytes, columns) -> list[list]:
    table = parquet.read_table(io.BytesIO(data))
    assert table.column_names == [column.name for column in columns]
    return [[None if cell == "" else cell for cell in row.values()] for row in table.to_pylist()]


@pytest.mark.parametrize("what", [What.DROPS, What.LINES, What.CASES, What.KIOSKS])
def test_three_forms_tell_the_same(some, export, what):
    columns = SHEETS[what].columns
    told = csv_rows(export(what, Form.CSV), columns)
    assert told
    assert parquet_rows(export(what, Form.PARQUET), columns) == told
    assert excel_rows(export(what, Form.EXCEL), columns) == [one_line_end(row) for row in told]


def test_amounts_have_the_digits_of_their_currency(some, export):
    lines = list(csv.DictReader(io.StringIO(export().decode("utf-8-sig"), newline="")))
    told = [(line["refund"], line["currency"]) for line in lines]
    assert sorted(told) == sorted(
        [("79.90", "EUR"), ("-12.50", "EUR"), ("7990", "JPY"), ("12.345", "KWD"), ("", "")]
    )


def test_a_csv_tells_moments_with_the_offset_of_the_office(some, export):
    line = next(csv.DictReader(io.StringIO(export().decode("utf-8-sig"), newline="")))
    assert line["received_at"] == "2026-05-04T14:00:01+02:00"


def test_a_csv_begins_with_a_mark_for_excel_or_without_for_others(some, export):
    assert export(mark=True)[:3] == b"\xef\xbb\xbf"
    assert export(mark=False)[:11] == b"drop_number"
    assert export(mark=True)[3:] == export(mark=False)


def test_a_csv_is_as_rfc_4180_says(some, export):
    data = export(mark=False)
    assert data.endswith(b"\r\n")
    assert b'"say ""ah"", then\r\nstop"' in data


def test_a_workbook_is_pleasant_to_open(some, export):
    book = openpyxl.load_workbook(io.BytesIO(export(What.DROPS, Form.EXCEL)))
    sheet, about = book.worksheets
    assert (sheet.title, about.title) == ("drops", "about")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:Y6"
    named = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, named["dropped_at"]).is_date
    assert sheet.cell(2, named["refund"]).number_format == "#,##0.00"
    assert all(sheet.column_dimensions[cell.column_letter].width > 9 for cell in sheet[1])
    told = dict(about.iter_rows(values_only=True))
    assert told["time zone"] == "Europe/Berlin"
    assert told["days"] == "2026-05-01 to 2026-05-31"


def test_parquet_has_decimals_and_utc_and_says_what_a_column_means(some, export):
    file = parquet.ParquetFile(io.BytesIO(export(What.DROPS, Form.PARQUET)))
    schema = file.schema_arrow
    assert str(schema.field("refund").type) == "decimal128(24, 4)"
    assert str(schema.field("received_at").type) == "timestamp[us, tz=UTC]"
    assert schema.field("refund").metadata[b"meaning"] == b"what was promised to the shopper"
    assert schema.metadata[b"takeback.first"] == b"2026-05-01"


def test_nothing_is_a_file_of_names_alone(export):
    for form in (Form.CSV, Form.EXCEL, Form.PARQUET):
        reader = {Form.CSV: csv_rows, Form.EXCEL: excel_rows, Form.PARQUET: parquet_rows}[form]
        assert reader(export(What.DROPS, form), SHEETS[What.DROPS].columns) == []


def test_a_number_too_long_for_excel_stays_exact_as_text(database, export):
    world.put(database, world.drop_row(1, refund=2**62, currency="JPY"))
    columns = SHEETS[What.DROPS].columns
    place = [column.name for column in columns].index("refund")
    assert excel_rows(export(What.DROPS, Form.EXCEL), columns)[0][place] == Decimal(2**62)
    assert parquet_rows(export(What.DROPS, Form.PARQUET), columns)[0][place] == Decimal(2**62)


def test_a_night_without_a_clock_change_is_told_to_the_second(database, export):
    world.put(database, world.drop_row(1, at=world.NOON + timedelta(microseconds=123_456)))
    columns = SHEETS[What.DROPS].columns
    place = [column.name for column in columns].index("received_at")
    for form, read in ((Form.CSV, csv_rows), (Form.PARQUET, parquet_rows)):
        at = read(export(What.DROPS, form), columns)[0][place]
        assert at == world.NOON + timedelta(microseconds=123_456)
