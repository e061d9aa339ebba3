"""Movements out of a carrier's or hub's CSV file, a line at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.domain.policy.file.quantities import Quantity, Unit
from kiosk.domain.policy.file.quantities import read as quantity
from kiosk.domain.sentences import Sentence, at
from sync.central.importing import Wrong
from sync.central.reconcile.columns import Columns
from sync.central.reconcile.model import NOT_COUNTED, Kind, Movement
from sync.central.reconcile.record import MOST, problem

Row = tuple[int, Movement | Wrong]


def rows(path: Path, map_: Columns) -> Iterator[Row]:
    """Every line but the first, with its number. Raises OSError."""
    with path.open(encoding=map_.encoding, newline="") as stream:
        reader = csv.DictReader(stream, strict=True, restkey="\0", delimiter=map_.delimiter)
        try:
            missing = [one for one in map_.columns.values() if one not in (reader.fieldnames or ())]
            if missing:
                there = ", ".join(reader.fieldnames or ())
                why = Sentence("columns are missing: {names}", names=", ".join(missing))
                yield 1, Wrong(1, why, Sentence("the file has: {names}", names=there))
                return
            for told in reader:
                yield reader.line_num, _row(reader.line_num, told, map_)
        except csv.Error as error:
            line = reader.line_num + 1
            why = Sentence("is no {form}: {error}", form="CSV", error=str(error))
            yield line, Wrong(line, why, Sentence("put quotes round cells with quotes"))
        except UnicodeDecodeError:
            line = reader.line_num + 1
            why = Sentence("is not in {encoding}", encoding=map_.encoding)
            yield line, Wrong(line, why, Sentence("name its encoding in the map"))


def _row(line: int, told: Mapping[str, Any], map_: Columns) -> Movement | Wrong:
    if "\0" in told or None in told.values():
        why = Sentence("has not as many cells as the first line")
        return Wrong(line, why, Sentence("put quotes round delimiters"))
    cells = {name: str(told[column]).strip() for name, column in map_.columns.items()}
    made = _movement(cells, map_)
    if isinstance(made, str):
        return Wrong(line, made)
    wrong = problem(made)
    return Wrong(line, wrong) if wrong else made


def _movement(cells: Mapping[str, str], map_: Columns) -> Movement | str:
    kind = map_.kinds.get(cells.get("kind", ""), cells.get("kind", "")) or map_.kind
    if kind not in [one.value for one in Kind]:
        why = Sentence(
            "{value} is none, and {table} in the map does not say what it is",
            value=repr(kind),
            table="[kinds]",
        )
        return at("kind", why)
    moment = _moment(cells["told_at"], map_)
    if isinstance(moment, str):
        return moment
    count = _count(cells.get("count", ""))
    if isinstance(count, str):
        return count
    amount = _amount(cells.get("amount", ""), cells.get("currency", ""))
    if isinstance(amount, str):
        return amount
    return Movement(
        *(map_.source, cells["source_id"], Kind(kind), moment),
        site=cells.get("site", "") or map_.site,
        return_id=cells.get("return_id", ""),
        line_id=cells.get("line_id", ""),
        bag_id=cells.get("bag_id", ""),
        container_id=cells.get("container_id", ""),
        manifest_id=cells.get("manifest_id", ""),
        count=count,
        amount=amount.number,
        currency=amount.currency,
        detail=cells.get("detail", ""),
    )


def _moment(text: str, map_: Columns) -> datetime | str:
    try:
        if map_.time_format:
            return datetime.strptime(text, map_.time_format).replace(tzinfo=map_.zone)
        made = datetime.fromisoformat(text)
        return made if made.tzinfo else made.replace(tzinfo=map_.zone)
    except ValueError:
        form = map_.time_format or Sentence(
            "{form}, as {example}", form="ISO 8601", example="2026-05-04T18:00+02:00"
        )
        why = Sentence("{value} is no time in the form {form}", value=repr(text), form=form)
        return at("told_at", why)


def _count(text: str) -> int | str:
    if not text:
        return NOT_COUNTED
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) > MOST:
        return at("count", Sentence("{value} is no whole number", value=repr(text)))
    return int(text)


def _amount(text: str, currency: str) -> Quantity | str:
    if not text:
        return Quantity(0)
    made = quantity(f"{text} {currency}".strip(), Unit.MONEY)
    return made if isinstance(made, Quantity) else at("amount", made)
