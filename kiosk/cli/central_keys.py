"""`takeback central key ...`: keys for the machines of merchants, hubs, carriers and exports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    known_tenant,
    opened,
)
from kiosk.cli.common import AsJson, fail, put_json, table

app = typer.Typer(
    help="Keys for the machines of merchants, hubs and carriers.", no_args_is_help=True
)

Tenant = Annotated[str, typer.Option(help="Whose keys.")]


@app.command("make")
def make(
    scope: Annotated[
        str,
        typer.Argument(help="merchant:<id>, hub:<name>, carrier:<name>, or exports."),
    ],
    tenant: Tenant,
    name: Annotated[str, typer.Option(help="What you call it, to know it in the list.")] = "",
    read_only: Annotated[bool, typer.Option(help="It changes nothing.")] = False,
    days: Annotated[int, typer.Option(help="Good for so long; 0 until revoked.", min=0)] = 365,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Make a key. It is printed once and cannot be had again: the centre keeps a hash."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.rest import keys

    told, _, subject = scope.partition(":")
    if told not in set(keys.Role):
        known = ", ".join(keys.Role)
        fail(f"{told!r} is no role; there are: {known}", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        made = keys.make(
            there,
            SystemClock(),
            SystemIds(),
            tenant,
            keys.Role(told),
            subject,
            name=name,
            read_only=read_only,
            life=timedelta(days=days) if days else None,
        )
    if isinstance(made, str):
        fail(made)
    key, token = made
    if as_json:
        put_json({"prefix": key.prefix, "key": token, "expires_at": key.expires_at})
    else:
        typer.echo(token)


@app.command("list")
def show(tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False) -> None:
    """All keys of a tenant: what each opens, when it was used last, and until when it is good."""
    from sync.central.rest import keys

    with opened(database) as there:
        known_tenant(there, tenant)
        rows = keys.listed(there, tenant)
    if as_json:
        put_json({"keys": rows})
    elif rows:
        table([_line(row) for row in rows])
    else:
        typer.echo("there is no key yet; make one: takeback central key make")


def _line(row: dict[str, object]) -> tuple[str, ...]:
    opens = f"{row['role']}:{row['subject']}".rstrip(":")
    opens += " (reads)" if row["read_only"] else ""
    return (
        str(row["prefix"]),
        opens,
        str(row["name"]),
        f"used {_day(row['used_at'])}",
        f"revoked {_day(row['revoked_at'])}" if row["revoked_at"] else f"until {_until(row)}",
    )


def _until(row: dict[str, object]) -> str:
    return _day(row["expires_at"]) if row["expires_at"] else "revoked"


def _day(at: object) -> str:
    return f"{at:%Y-%m-%d}" if isinstance(at, datetime) else "never"


@app.command("revoke")
def revoke(
    prefix: Annotated[str, typer.Argument(help="The twelve characters after tbk_.")],
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """End a key at once and for good."""
    from kiosk.world import SystemClock
    from sync.central.rest import keys

    with opened(database) as there:
        known_tenant(there, tenant)
        done = keys.revoke(there, SystemClock(), tenant, prefix)
    if not done:
        fail(f"{tenant} has no key {prefix!r} that is not revoked")
    if as_json:
        put_json({"revoked": prefix})
    else:
        typer.echo(f"{prefix} is revoked")
