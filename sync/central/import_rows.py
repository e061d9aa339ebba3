"""JSON lines and CSV as rows with their line numbers, a line at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from kiosk.domain.policy.file.mistakes import meant
from sync.central.importing import ITEM, MOST_ITEMS, RETURN, Row, Wrong

MAX_LINE = 1 << 20
LISTS = ("segments", "tags", "serials", "identifiers")
FLAGS = ("final_sale", "hygiene")
NUMBERS = ("quantity", "discount", "weight_g", "longest_mm", "age", "order_units")
# Both a return and an item may have one: an item's way of refund is called otherwise in a row.
LINE_RESOLUTION = "line_resolution"
OF_RETURN = tuple(key for key in RETURN if key not in ("lines", "history", "drops", "third_party"))
OF_ITEM = (*(key for key in ITEM if key != "resolution"), LINE_RESOLUTION)
NEEDED = (
    *("return_id", "merchant_id", "order_number", "ordered_on"),
    *("line_id", "sku", "name", "category", "quantity", "price"),
)
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def json_lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), 1):
            if len(line) > MAX_LINE:
                yield number, Wrong(number, f"is longer than {MAX_LINE} bytes")
                return  # nobody knows which line it is from here
            if not line.strip():
                continue
            try:
                told = msgspec.json.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield number, Wrong(number, f"is no JSON: {error}", "one object in each line")
                continue
            good = isinstance(told, dict)
            yield number, told if good else Wrong(number, "is no object", "begin with {")


def csv_rows(path: Path, columns: tuple[str, ...], needed: tuple[str, ...]) -> Iterator[Row]:
    """Each row by its columns; empty cells are left out, lists split at semicolons."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream, strict=True, restkey="\0")
        try:
            bad = _header(list(reader.fieldnames or ()), columns, needed)
            if bad is not None:
                yield 1, bad
                return
            for told in reader:
                yield reader.line_num, _cells(reader.line_num, told)
        except csv.Error as error:
            line = reader.line_num + 1
            yield line, Wrong(line, f"is no CSV: {error}", "put quotes round cells with quotes")
        except UnicodeDecodeError:
            line = reader.line_num + 1
            yield line, Wrong(line, "is no UTF-8, here or a little further", "save it as UTF-8")


def _header(given: list[str], columns: tuple[str, ...], needed: tuple[str, ...]) -> Wrong | None:
    for name in given:
        if name not in columns:
            return Wrong(1, f"there is no column {name!r}", meant(name, columns))
        if given.count(name) > 1:
            return Wrong(1, f"the column {name!r} stands twice")
    missing = [name for name in needed if name not in given]
    if missing:
        return Wrong(1, f"columns are missing: {', '.join(missing)}")
    return None


def _cells(line: int, told: Mapping[str, Any]) -> Mapping[str, Any] | Wrong:
    if "\0" in told or None in told.values():
        return Wrong(line, "has not as many cells as the first line", "put quotes round commas")
    made: dict[str, Any] = {}
    for key, text in told.items():
        if not text.strip():
            continue
        value = _value(key, text.strip())
        if isinstance(value, str) and key in (*FLAGS, *NUMBERS):
            return Wrong(line, f"{key}: {value}")
        made[key] = value
    return made


def _value(key: str, text: str) -> object:
    if key in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if key in FLAGS:
        return _YES_NO.get(text.lower(), "must be yes or no")
    if key in NUMBERS:
        return int(text) if text.isascii() and text.isdigit() else "must be a whole number"
    return text


def csv_returns(path: Path) -> Iterator[Row]:
    """Rows that follow each other with one return_id are one return."""
    held: dict[str, Any] | None = None
    start = 0
    for line, told in csv_rows(path, (*OF_RETURN, *OF_ITEM), NEEDED):
        if isinstance(told, Wrong):
            yield line, told
            continue
        common = {key: told[key] for key in OF_RETURN if key in told}
        item = {key: told[key] for key in OF_ITEM if key in told}
        if LINE_RESOLUTION in item:
            item["resolution"] = item.pop(LINE_RESOLUTION)
        if held is not None and held.get("return_id") == common.get("return_id"):
            differs = [key for key in OF_RETURN if common.get(key, held.get(key)) != held.get(key)]
            if differs or len(held["lines"]) > MOST_ITEMS:
                why = f"{differs[0]}: differs" if differs else "has too many items"
                yield line, Wrong(line, f"{why} within return {held.get('return_id')}")
            else:
                held["lines"].append(item)
            continue
        if held is not None:
            yield start, held
        held, start = {**common, "lines": [item]}, line
    if held is not None:
        yield start, held
