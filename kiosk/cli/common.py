"""What the subcommands share: options, and how they answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer

DEFAULT_SETTINGS = Path("/etc/takeback/takeback.toml")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
SettingsPath = Annotated[
    Path, typer.Option("--settings", help="The kiosk's settings file.", envvar="TAKEBACK_SETTINGS")
]


def put_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(msgspec.json.encode(value, order="sorted").decode())


def fail(sentence: str, code: int = 1) -> NoReturn:
    """Say why on standard error and leave with `code`."""
    typer.echo(sentence, err=True)
    raise typer.Exit(code)


def table(rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their longest cell."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = zip(row, widths, strict=True)
        typer.echo("  ".join(cell.ljust(width) for cell, width in cells).rstrip())
