"""`takeback central device ...`: settings and commands for one kiosk, from afar."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    Key,
    known_device,
    known_tenant,
    opened,
    signing_key,
)
from kiosk.cli.common import AsJson, fail, put_json, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.central.database import Database

app = typer.Typer(help="Settings and commands for one kiosk, signed.", no_args_is_help=True)

Kiosk = Annotated[
    str, typer.Argument(help="Its device id, or its code where only one kiosk has it.")
]


@app.command("set")
def put(
    kiosk: Kiosk,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=VALUE...",
            help="As timing.idle=90 or site_name='Market 3'; NAME= gives it back to the file.",
        ),
    ],
    key: Key,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Change settings of a kiosk. It takes them between two visits.

    What is not named stays as it was set before. docs/settings.md lists what can be changed so.
    """
    from kiosk.world import SystemClock
    from sync.central import orders

    tenant, signer = signing_key(key)
    wanted = _changes(changes)
    with opened(database) as there:
        device = _device(there, tenant, kiosk)
        told = orders.put_settings(there, SystemClock(), device, wanted, signer)
    if isinstance(told, str):
        fail(told)
    if as_json:
        put_json({"device_id": device, "version": told.version, "values": told.values})
    else:
        typer.echo(f"settings {told.version} wait for {device}; see: takeback central device show")


def _changes(told: list[str]) -> dict[str, Any]:
    """By name; what the model does not take is said here and not at the kiosk."""
    from kiosk.settings import Settings
    from kiosk.settings_remote import CHANGEABLE, over

    changes = dict(_change(one) for one in told)
    strange = sorted(name for name in changes if name not in CHANGEABLE)
    if strange:
        known = ", ".join(CHANGEABLE)
        fail(f"{', '.join(strange)}: the centre cannot change that; it can: {known}", code=2)
    found = over(Settings(), {name: one for name, one in changes.items() if one is not None})
    if isinstance(found, str):
        fail(found, code=2)
    return changes


def _change(told: str) -> tuple[str, Any]:
    """A value is JSON where it is any (90, true), else text; None for none."""
    import msgspec

    name, equals, text = told.partition("=")
    if not name or not equals:
        fail(f"{told!r} is not NAME=VALUE", code=2)
    if not text:
        return name, None
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return name, text
    return name, value


@app.command("command")
def command(
    kiosk: Kiosk,
    kind: Annotated[
        str,
        typer.Argument(
            help="diagnostics, self_test, logs, picture, pull_policy, rotate_key, restart."
        ),
    ],
    key: Key,
    hours: Annotated[int, typer.Option(help="Not done any more after that.", min=1, max=720)] = 24,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Tell a kiosk to do something, once; restarts and tests wait until nobody stands there."""
    from kiosk.store.orders import CommandKind
    from kiosk.world import SystemClock
    from sync.central import orders

    known = [one.value for one in CommandKind]
    if kind not in known:
        fail(f"{kind!r} is no command; there are: {', '.join(known)}", code=2)
    tenant, signer = signing_key(key)
    with opened(database) as there:
        device = _device(there, tenant, kiosk)
        life = timedelta(hours=hours)
        told = orders.put_command(there, SystemClock(), device, kind, signer, life)
    if isinstance(told, str):
        fail(told)
    if as_json:
        put_json({"device_id": device, "number": told.number, "expires": told.expires})
    else:
        typer.echo(f"command {told.number} waits for {device}; see: takeback central device show")


@app.command("show")
def show(
    kiosk: Kiosk,
    tenant: Annotated[str, typer.Option(help="Whose kiosk.")],
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """What a kiosk was ordered, and what became of it."""
    from sync.central import orders

    with opened(database) as there:
        given = orders.history(there, _device(there, tenant, kiosk))
    if as_json:
        put_json({"settings": given.settings, "commands": given.commands})
        return
    rows: list[tuple[str, ...]] = [_setting(one) for one in given.settings]
    rows += [_command(one) for one in given.commands]
    table(rows) if rows else typer.echo("nothing was ordered yet")
    for one in given.commands:
        for line in one["report"]:
            typer.echo(f"command {one['number']}: {line}")


@app.command("heads")
def heads(
    kiosk: Kiosk,
    tenant: Annotated[str, typer.Option(help="Whose kiosk.")],
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """What a kiosk swore its history to be, day by day, with the key that each was checked with.

    Whoever has a kiosk's exported ledger can hold it against these: a link that is not in it was
    taken out or changed since (docs/audit.md).
    """
    from sync.central import heads as kept

    with opened(database) as there, there.reading() as c:
        told = list(kept.of_device(c, _device(there, tenant, kiosk)))
    if as_json:
        put_json({"heads": [{"head": sworn, "public_key": public} for sworn, public in told]})
        return
    table([(one.time, one.epoch, str(one.sequence), one.chain) for one, _ in told])


def _setting(row: Mapping[str, Any]) -> tuple[str, ...]:
    values = ", ".join(f"{name}={value!r}" for name, value in sorted(row["values"].items()))
    state = row["state"] or "waits"
    cause = f" ({row['cause']})" if row["cause"] else ""
    return ("settings", str(row["version"]), state + cause, values or "the file's own")


def _command(row: Mapping[str, Any]) -> tuple[str, ...]:
    until = f"until {row['expires_at']:%Y-%m-%d %H:%M} UTC"
    return ("command", str(row["number"]), row["outcome"] or f"waits {until}", row["kind"])


def _device(database: Database, tenant: str, kiosk: str) -> str:
    known_tenant(database, tenant)
    return known_device(database, tenant, kiosk)
