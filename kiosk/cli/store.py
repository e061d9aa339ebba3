"""`takeback store`: for the engineer who stands before a kiosk and doubts its disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    SettingsPath,
    as_owner,
    fail,
    put_json,
    read_settings,
    table,
)

if TYPE_CHECKING:
    from kiosk.settings import Settings
    from kiosk.store.recovery.mending import Recovered

app = typer.Typer(help="The ledger's file: checked, copied, mended.", no_args_is_help=True)


def _installed(settings: Path) -> Settings:
    """Settings whose data directory is there and ours."""
    installed = read_settings(settings)
    if not installed.data.is_dir():
        fail(f"there is no data directory {installed.data}; see takeback doctor")
    as_owner(installed.data)
    return installed


@app.command("check")
def check(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Look at every page, index and link of the ledger and of its newest copy; change nothing.

    May be run beside a working kiosk. Exit code 1 where something is damaged.
    """
    from kiosk.store.inspecting import inspect
    from kiosk.world import SystemClock

    findings = inspect(_installed(settings).data, SystemClock().now())
    well = all(one.well for one in findings)
    if as_json:
        put_json({"findings": findings, "well": well})
    else:
        table([("ok" if one.well else "WRONG", one.name, one.sentence) for one in findings])
    if not well:
        if not as_json:
            typer.echo("mend: stop the kiosk, then: takeback store recover")
        raise typer.Exit(1)


@app.command("backup")
def backup(
    to: Annotated[
        Path | None, typer.Option("--to", help="Another directory, on a stick for example.")
    ] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Copy the ledger and prove the copy: every page, index and link.

    May be run beside a working kiosk, which makes such copies by itself. A copy of an encrypted
    ledger is encrypted with the same key. Among the kiosk's own copies the oldest make room.
    """
    from kiosk.store import backup as copying
    from kiosk.store.recovery.places import LEDGER
    from kiosk.world import SystemClock

    installed = _installed(settings)
    if not (installed.data / LEDGER).exists():
        fail(f"there is no ledger in {installed.data}: this kiosk has promised nothing yet")
    now = SystemClock().now()
    made = copying.make(installed.data, now, place=to)
    kept = copying.Plan(max(1, installed.store.backups), installed.store.backup_mb << 20)
    gone = 0 if to is not None else copying.retire(installed.data, now, kept)
    if as_json:
        put_json({"path": str(made.path), "bytes": made.size, "removed": gone})
        return
    typer.echo(f"{made.path}: {made.size >> 10} KiB, whole")
    if gone:
        typer.echo(f"{gone} older made room")


@app.command("recover")
def recover(
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Also where nothing is found to be damaged.")
    ] = False,
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Replace a damaged ledger by what can be read of it and of its copies; the kiosk is stopped.

    The kiosk does the same by itself when it starts. The files as found stay in quarantine/.
    """
    from kiosk.store.errors import StoreCause, StoreFailed
    from kiosk.store.inspecting import damage
    from kiosk.store.recovery.opening import mend_here
    from kiosk.world import SystemClock, SystemIds

    data = _installed(settings).data
    try:
        cause, why = damage(data)
        if not cause and not anyway:
            _tell(None, "nothing is damaged; nothing was changed", as_json)
            return
        done = mend_here(data, cause or "asked", SystemClock(), SystemIds())
    except StoreFailed as failure:
        if failure.cause is StoreCause.IN_USE:
            fail(f"{failure.detail}; stop the kiosk first: sudo systemctl stop takeback")
        raise
    _tell(done, why or "asked for", as_json)


def _tell(done: Recovered | None, why: str, as_json: bool) -> None:
    if as_json:
        put_json(
            {"why": why, "counts": done and done.counts, "kept_in": done and str(done.kept_in)}
        )
        return
    typer.echo(why if done is None else f"recovered: {why}")
    if done is None:
        return
    counts = done.counts
    more = " or more, for the ledger's end could not be read" if counts.uncounted else ""
    typer.echo(f"{counts.events} events kept, {counts.damaged} of them without content")
    typer.echo(f"{counts.missing} events missing{more}")
    for gap in counts.gaps:
        typer.echo(f"  {gap.first} to {gap.last} of epoch {gap.epoch}")
    typer.echo(
        f"{counts.drops} drops stand, {counts.rewritten} written again from their events; "
        f"{counts.left_out} rows contradicted others and were left out"
    )
    typer.echo(f"the files as found: {done.kept_in}")
