"""`takeback central policy import-returns | import-forms`: files of what merchants authorised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    Tenant,
    known_tenant,
    opened,
)
from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from sync.central.importing import Row, Wrong

File = Annotated[
    Path, typer.Argument(help="CSV with a line of column names, or JSON lines (.jsonl).")
]


def returns(
    file: File, tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False
) -> None:
    """Take what merchants authorised, new or changed, into the next bundle; all of it or nothing.

    A row of CSV is one item, and the rows of one return follow each other. A line of JSON is one
    return with its `lines`. Files of any size: they are read as they go.
    """
    from sync.central import import_rows
    from sync.central.importing import import_returns

    rows = _rows(file, import_rows.csv_returns, import_rows.json_lines)
    with opened(database) as there:
        known_tenant(there, tenant)
        done = import_returns(there, tenant, rows)
    if isinstance(done, list):
        _refuse(file, done)
    if as_json:
        put_json(done)
        return
    returns = "1 return" if done.returns == 1 else f"{done.returns} returns"
    typer.echo(f"{returns}; new or changed for the next bundle: {done.waiting}")


def forms(
    file: File, tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False
) -> None:
    """Take what other networks' codes look like into the next bundle; all of it or nothing.

    Columns are name, pattern and identifiers (more than one with a semicolon between).
    """
    from kiosk.world import SystemIds
    from sync.central import import_rows
    from sync.central.importing import FORM, import_forms

    def csv(path: Path) -> Iterable[Row]:
        return import_rows.csv_rows(path, FORM, ("name", "pattern"))

    rows = _rows(file, csv, import_rows.json_lines)
    with opened(database) as there:
        known_tenant(there, tenant)
        done = import_forms(there, SystemIds(), tenant, rows)
    if isinstance(done, list):
        _refuse(file, done)
    if as_json:
        put_json({"forms": done})
    else:
        typer.echo(f"{done} {'form' if done == 1 else 'forms'} for the next bundle")


def _rows(
    file: Path, csv: Callable[[Path], Iterable[Row]], json: Callable[[Path], Iterable[Row]]
) -> Callable[[], Iterable[Row]]:
    kinds = {".csv": csv, ".jsonl": json, ".ndjson": json}
    read = kinds.get(file.suffix.lower())
    if read is None:
        fail(f"{file}: must end in {', '.join(kinds)}, to tell what it is", code=2)
    if not file.is_file():
        fail(f"{file}: there is no such file", code=2)
    return lambda: read(file)


def _refuse(file: Path, wrong: list[Wrong]) -> NoReturn:
    for one in sorted(wrong, key=lambda one: one.line):
        place = f"{file}:{one.line}" if one.line else str(file)
        remedy = f"; {one.remedy}" if one.remedy else ""
        typer.echo(f"{place}: {one.problem}{remedy}", err=True)
    from sync.central.importing import MOST_TOLD

    more = ", and perhaps more" if len(wrong) >= MOST_TOLD else ""
    count = "1 problem" if len(wrong) == 1 else f"{len(wrong)} problems"
    fail(f"nothing was taken: {count}{more}")
