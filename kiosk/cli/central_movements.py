"""`takeback central import-movements`: files of carriers and hubs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from sync.central.importing import Wrong
    from sync.central.reconcile.importing import Imported


def import_movements(
    file: Annotated[Path, typer.Argument(help="CSV, or EPCIS 2.0 as JSON-LD (.json, .jsonld).")],
    columns: Annotated[
        Path, typer.Option("--columns", help="TOML that says what the file's columns mean.")
    ],
    tenant: Annotated[str, typer.Option(help="Whose goods.")],
    preview: Annotated[
        bool, typer.Option("--preview", help="Only say what the file would change.")
    ] = False,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Take what a carrier or hub tells of bags, containers, manifests, lines and refunds.

    All of a file or nothing. The same file may be taken twice: each fact counts once.
    """
    from kiosk.world import SystemClock, SystemIds
    from sync.central.audit import at_console
    from sync.central.reconcile import columns as maps
    from sync.central.reconcile import csv_file, epcis_file, uploading
    from sync.central.reconcile.importing import import_movements as run

    csv = _is_csv(file)
    read = maps.read(columns, csv=csv)
    if isinstance(read, str):
        fail(f"{columns}: {read}", code=2)
    rows = csv_file.rows if csv else epcis_file.rows
    with opened(database) as there:
        known_tenant(there, tenant)
        done = run(there, tenant, lambda: rows(file, read), SystemClock().now, preview=preview)
        if not preview and not isinstance(done, list):
            brought = uploading.File(file.name, file.read_bytes(), columns.read_text("utf-8"))
            actor, now = at_console(tenant), SystemClock().now()
            uploading.note(there, SystemIds(), actor, now, brought, read, done)
    if isinstance(done, list):
        _refuse(file, done)
    elif as_json:
        put_json(done)
    else:
        _tell(done, preview)


def _is_csv(file: Path) -> bool:
    kind = file.suffix.lower()
    if kind not in (".csv", ".txt", ".json", ".jsonld"):
        fail(f"{file}: must end in .csv, .txt, .json or .jsonld, to tell what it is", code=2)
    if not file.is_file():
        fail(f"{file}: there is no such file", code=2)
    return kind in (".csv", ".txt")


def _tell(done: Imported, preview: bool) -> None:
    if not preview:
        typer.echo(f"{done.new} taken; known already: {done.known}")
        return
    typer.echo(f"would take {done.new}; known already: {done.known}")
    for kind, many in done.opened.items():
        typer.echo(f"would find {kind}: {many}")
    typer.echo(f"would explain: {done.gone}")
    typer.echo("nothing was taken")


def _refuse(file: Path, wrong: list[Wrong]) -> None:
    for one in sorted(wrong, key=lambda one: one.line):
        place = f"{file}:{one.line}" if one.line else str(file)
        typer.echo(f"{place}: {one.problem}{'; ' if one.remedy else ''}{one.remedy}", err=True)
    from sync.central.importing import MOST_TOLD

    more = ", and perhaps more" if len(wrong) >= MOST_TOLD else ""
    fail(f"nothing was taken: {len(wrong)} problem{'s' if len(wrong) != 1 else ''}{more}")
