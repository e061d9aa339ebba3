"""`takeback audit`: the ledger's history, and the proof that nobody changed it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
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
    from kiosk.audit import Broken, Found, Given, Proven
    from kiosk.seal.keys import SigningKey

_LINK = re.compile("[0-9a-f]{64}")

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

    data = read_settings(settings).data
    device_id, key = _who(data)
    lines = 0
    part = file.with_name(file.name + ".part")
    with beside.look(data) as connection:
        # The history names returns and orders: for its owner's eyes only.
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for line in audit.export(connection, device_id, SystemClock().now(), key):
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
    receipt: Annotated[
        str, typer.Option(help="Where is the event of this receipt? Its log entry or link.")
    ] = "",
    device_key: Annotated[
        list[str] | None,
        typer.Option(help="The kiosk's public key in hex, from elsewhere: only it counts."),
    ] = None,
    centre_key: Annotated[
        list[str] | None,
        typer.Option(help="A public key of the centre in hex, from elsewhere; may be repeated."),
    ] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Recompute every link and check every signature: was anything changed, lost or put in?

    A file carries the keys that it is signed with. That proves that nobody changed it since; who
    wrote it is proven by keys that you have from elsewhere: `takeback receipt key` at the kiosk,
    the bundle keys of the centre.
    """
    from kiosk import audit
    from kiosk.domain import link_code

    given = audit.Given(_keys(device_key), _keys(centre_key))
    whole = _LINK.fullmatch(
        receipt
    )  # as `takeback receipt verify --json` reads it from the QR code
    code = receipt if whole or not receipt else link_code.read(receipt)
    if code is None:
        fail(f"{receipt!r} is no log entry of a receipt: its check character does not fit", code=2)
    if file is not None:
        with file.open("rb") as lines:
            found = audit.check(lines, given, code)
    else:
        found = _of_ledger(read_settings(settings).data, given, code)
    _tell(found, code, as_json)


def _tell(found: Proven | Broken, code: str, as_json: bool) -> None:
    from kiosk import audit

    broken = isinstance(found, audit.Broken)
    if as_json:
        put_json({"proven": not broken, "found": found})
    if isinstance(found, audit.Broken):
        if as_json:
            raise typer.Exit(1)
        fail(f"NOT proven: line {found.line} {found.why}")
    if not as_json:
        for sentence in _sentences(found):
            typer.echo(sentence)
    if code:
        _tell_receipt(found, code, as_json)


def _sentences(found: Proven) -> Iterator[str]:
    yield (
        f"proven: {found.events} events in {found.chains} chains of "
        f"{found.device_id or 'a kiosk without a name'}, newest link {found.newest}"
    )
    if found.vouched is None:
        yield "the centre has sworn to nothing of the newest chain"
    else:
        yield (
            f"the centre swore to event {found.vouched.sequence} on {found.vouched.time}; "
            f"{found.vouched.after} events came after"
        )
    whys = {
        "given": "you gave it",
        "contained": "taken from the file itself: compare it with one from elsewhere",
        "not given": "NOT counted: you gave others",
    }
    for key in found.keys:
        yield f"{key.role} key {key.kid} {key.public}, {key.used} signatures; {whys[key.why]}"
    for note in found.notes:
        yield f"line {note.line}: {note.what}"
    if found.notes_left:
        yield f"and {found.notes_left} more of this kind"


def _tell_receipt(found: Proven, code: str, as_json: bool) -> None:
    where = found.receipt
    if as_json:
        if where is None:
            raise typer.Exit(1)
        return
    if where is not None:
        typer.echo(_stands(where))
        return
    removed = any(note.kind in ("shortened", "gap", "witness") for note in found.notes)
    hint = "; it may be among those that were removed, which the centre has" if removed else ""
    fail(f"no event of this history is {code}{hint}")


def _stands(where: Found) -> str:
    sworn = f"sworn to by the centre on {where.vouched}" if where.vouched else "not yet sworn to"
    return (
        f"receipt: line {where.line}, event {where.sequence} of epoch {where.epoch}, {where.type} "
        f"of {where.subject} at {where.time}, {sworn}"
    )


def _keys(texts: list[str] | None) -> frozenset[bytes]:
    found = set()
    for text in texts or ():
        try:
            public = bytes.fromhex(text)
        except ValueError:
            public = b""
        if len(public) != 32:
            fail("a public key is 64 hexadecimal characters", code=2)
        found.add(public)
    return frozenset(found)


def _who(data: Path) -> tuple[str, SigningKey | None]:
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(data)
    return ("", None) if isinstance(who, EnrolFault) else (who.device_id, who.key)


def _of_ledger(data: Path, given: Given, code: str) -> Proven | Broken:
    from kiosk import audit
    from kiosk.store import beside
    from kiosk.world import SystemClock

    device_id, key = _who(data)
    with beside.look(data) as connection:
        lines = audit.export(connection, device_id, SystemClock().now(), key)
        return audit.check(lines, given, code)
