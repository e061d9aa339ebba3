"""`takeback central export`: a tenant's rows in files, and what its places are called in EPCIS."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, known_zone, put_json, table

if TYPE_CHECKING:
    from sync.central.exports.asking import Asked

app = typer.Typer(help="Files for bookkeeping, partners and archives.", no_args_is_help=True)

Whose = Annotated[str, typer.Option(help="Whose rows.")]
_SENTENCES = {
    "what": "there are drops, lines, cases, kiosks, movements and events",
    "form": "a file ends in .csv, .xlsx or .parquet (which needs pyarrow); of events in .jsonld",
    "day": "a day is written 2026-05-31",
    "period": "the first day is not after the last, and three years are the most",
    "rights": "cases, kiosks and movements are no single merchant's",
}


@app.command("make")
def make(
    what: Annotated[str, typer.Argument(help="drops, lines, cases, kiosks, movements or events.")],
    file: Annotated[Path, typer.Argument(help="A new .csv, .xlsx, .parquet or .jsonld file.")],
    tenant: Whose,
    first: Annotated[str, typer.Option(help="The first day, as 2026-05-01; else today.")] = "",
    last: Annotated[str, typer.Option(help="The last day, which is in; else today.")] = "",
    site: Annotated[str, typer.Option(help="Only what was at this site.")] = "",
    merchant: Annotated[str, typer.Option(help="Only this merchant's.")] = "",
    timezone: Annotated[str, typer.Option(help="Whose days, IANA name.")] = "UTC",
    mark: Annotated[
        bool, typer.Option(help="A byte order mark, by which Excel knows UTF-8.")
    ] = True,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Write what the centre received in these days into a file; docs/exports.md has the columns."""
    from zoneinfo import ZoneInfo

    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.exports.asking import Asked, Scope, ask
    from sync.central.exports.making import make as make_file
    from sync.central.exports.noting import note

    known_zone(timezone)
    zone, now = ZoneInfo(timezone), SystemClock().now()
    told = {"what": what, "form": file.suffix.removeprefix("."), "first": first, "last": last}
    told |= {"site": site, "merchant": merchant, "mark": "yes" if mark else "no"}
    asked = ask(told, Scope(tenant), zone, now.astimezone(zone).date())
    if not isinstance(asked, Asked):
        fail(_SENTENCES[asked.why], code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        note(there, at_console(tenant), now, asked)
        size = _write(file, make_file(there, asked, now))
    _tell(file, size, asked, as_json)


def _write(file: Path, parts: Iterator[bytes]) -> int:
    """Under its name only once it is whole; never over a file that is there."""
    if file.exists():
        fail(f"{file} is there already; name a new file")
    partial = file.with_name(file.name + ".partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            for part in parts:
                out.write(part)
        size = partial.stat().st_size
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return size


def _tell(file: Path, size: int, asked: Asked, as_json: bool) -> None:
    if as_json:
        put_json({"file": str(file), "bytes": size, "what": asked.what.value})
    else:
        typer.echo(f"{file}: {asked.what.value}, {size} bytes")


@app.command("name")
def name(
    kind: Annotated[str, typer.Argument(help="base, party, site, merchant, partner or articles.")],
    value: Annotated[
        str,
        typer.Argument(help="A GLN; for base an https address; for articles gtin; '' forgets it."),
    ],
    tenant: Whose,
    of: Annotated[
        str, typer.Option(help="Of which site, merchant or partner (carrier:swift).")
    ] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Say what a place or party is called in EPCIS files. Ids of events change with names."""
    from sync.central.exports.epcis.names import Named, put

    if kind not in set(Named):
        _no_kind(kind, list(Named))
    chosen = Named(kind)
    if bool(of) != (chosen not in (Named.BASE, Named.PARTY)):
        fail("sites, merchants, partners and articles need --of; base and party have none", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        put(there, tenant, chosen, of, value)
    if as_json:
        put_json({"kind": kind, "of": of, "value": value})
    else:
        typer.echo(f"{kind} {of}".rstrip() + f": {value or 'forgotten'}")


def _no_kind(kind: str, kinds: list[str]) -> NoReturn:
    fail(f"{kind!r} is none of {', '.join(kinds)}", code=2)


@app.command("names")
def names(tenant: Whose, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False) -> None:
    """What places and parties are called in EPCIS files."""
    from sync.central.exports.epcis.names import read

    with opened(database) as there:
        known_tenant(there, tenant)
        known = read(there, tenant)
    rows: list[tuple[str, ...]] = [
        (kind.value, of, value) for (kind, of), value in sorted(known.known.items())
    ]
    if as_json:
        put_json([{"kind": kind, "of": of, "value": value} for kind, of, value in rows])
        return
    table(rows or [("base", "", known.base)])
