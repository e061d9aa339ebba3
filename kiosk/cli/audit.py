"""`takeback audit`: the ledger's history, and the proof that nobody changed it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    SettingsPath,
    fail,
    put_json,
    read_settings,
)

if TYPE_CHECKING:
    from kiosk.audit import Broken, Proven

app = typer.Typer(help="The ledger's history, and its proof.", no_args_is_help=True)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where the history goes, as JSON lines.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Write everything that this kiosk has recorded and still holds into a file.

    May be run beside a working kiosk. `takeback audit verify FILE` checks the file anywhere.
    """
    from kiosk import audit
    from kiosk.store import beside
    from kiosk.world import SystemClock
    from sync.agent.enrol import EnrolFault, load_identity

    data = read_settings(settings).data
    who = load_identity(data)
    device_id = "" if isinstance(who, EnrolFault) else who.device_id
    lines = 0
    part = file.with_name(file.name + ".part")
    with beside.look(data) as connection:
        # The history names returns and orders: for its owner's eyes only.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for line in audit.export(connection, device_id, SystemClock().now()):
                out.write(line + b"\n")
                lines += 1
        part.replace(file)
    if as_json:
        put_json({"file": str(file), "lines": lines})
    else:
        typer.echo(f"{file}: {lines} lines")


@app.command("verify")
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="An exported history; without it, this kiosk's ledger.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Recompute every link of the chain: was anything changed, lost or put in?

    The newest link, which is printed, must be the one that the centre holds.
    """
    from kiosk import audit

    found = _of_file(file) if file is not None else _of_ledger(read_settings(settings).data)
    broken = isinstance(found, audit.Broken)
    if as_json:
        put_json({"proven": not broken, "found": found})
        if broken:
            raise typer.Exit(1)
        return
    if isinstance(found, audit.Broken):
        fail(f"NOT proven: line {found.line} {found.why}")
    typer.echo(
        f"proven: {found.events} events in {found.chains} chains of "
        f"{found.device_id or 'a kiosk without a name'}, newest link {found.newest}"
    )


def _of_file(file: Path) -> Proven | Broken:
    from kiosk import audit

    with file.open("rb") as lines:
        return audit.check(lines)


def _of_ledger(data: Path) -> Proven | Broken:
    from kiosk import audit
    from kiosk.store import beside
    from kiosk.world import SystemClock
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(data)
    device_id = "" if isinstance(who, EnrolFault) else who.device_id
    with beside.look(data) as connection:
        return audit.check(audit.export(connection, device_id, SystemClock().now()))
