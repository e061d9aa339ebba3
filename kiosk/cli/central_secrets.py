"""`takeback central secrets-key`: the keys that seal secrets in the centre's database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from sync.central.sealing import Secrets


def secrets_key(
    file: Annotated[Path, typer.Argument(help="Where the keys are kept; made if it is not there.")],
    as_json: AsJson = False,
) -> None:
    """Make a key that seals second factors and webhooks' keys, in front of those that are there."""
    from kiosk.world import SystemIds

    here = _read(file)
    numbers = [int(kid[1:]) for kid, _ in here.keys if kid[0] == "k" and kid[1:].isdecimal()]
    kid = f"k{max(numbers, default=0) + 1}"
    lines = [f"{kid} {SystemIds().token(256):064x}", *(f"{k} {v.hex()}" for k, v in here.keys)]
    try:
        _write(file, "".join(f"{line}\n" for line in lines))
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
    if as_json:
        put_json({"file": str(file), "key": kid, "keys": len(lines)})
        return
    typer.echo(f"{file} has the key {kid}; start the centre with --secrets {file}")
    if here.keys:
        typer.echo("once every worker was started anew the older keys are for old copies alone")


def _read(file: Path) -> Secrets:
    from sync.central import sealing

    if not file.exists():
        return sealing.NONE
    try:
        return sealing.parse(file.read_text("ascii"))
    except (OSError, ValueError) as error:
        fail(f"{file} holds no keys of ours: {error}", code=2)


def _write(file: Path, text: str) -> None:
    """Whole or not at all, for its owner alone."""
    beside = file.with_name(file.name + ".new")
    beside.unlink(missing_ok=True)
    number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(number)
    beside.replace(file)
