"""`takeback central notices ...`: what recipients and shoppers are told."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, put_json, table

if TYPE_CHECKING:
    from sync.central.centre import Centre
    from sync.central.database import Database
    from sync.central.sealing import Secrets

app = typer.Typer(help="Notices to recipients and shoppers.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(help="Whose notices.")]


def _centre(there: Database) -> Centre:
    from kiosk.world import SystemClock, SystemIds
    from sync.central.centre import Centre

    return Centre(there, SystemClock(), SystemIds(), ZoneInfo("UTC"))


@app.command("waiting")
def waiting(
    tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False
) -> None:
    """What waits and what failed, by kind; never whom it is for."""
    import sqlalchemy as sa

    from sync.central.notices.model import WAITING
    from sync.central.tables import notices

    n = notices.c
    query = (
        sa.select(n.state, n.kind, n.why, sa.func.count())
        .where(n.tenant == tenant, n.state.in_([one.value for one in WAITING]))
        .group_by(n.state, n.kind, n.why)
        .order_by(n.state, n.kind, n.why)
    )
    with opened(database) as there:
        known_tenant(there, tenant)
        with there.reading() as c:
            rows = [(state, kind, why, int(count)) for state, kind, why, count in c.execute(query)]
    if as_json:
        named = ("state", "kind", "why", "count")
        put_json([dict(zip(named, row, strict=True)) for row in rows])
        return
    table([(state, kind, why or "-", str(count)) for state, kind, why, count in rows])


@app.command("send")
def send(
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    secrets: Annotated[
        Path | None, typer.Option(help="The file of keys that the centre is served with.")
    ] = None,
    webhook_network: Annotated[
        list[str] | None,
        typer.Option(help="Also send to this network, as 10.1.0.0/16; several."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Send what is due now, once: beside a served centre or instead of it."""
    from sync.central.database import Database
    from sync.central.notices import sending
    from sync.central.rest.targets import Targets

    try:
        targets = Targets.of(tuple(webhook_network or ()))
    except ValueError as error:
        fail(str(error), code=2)
    told, keys = sending.Counted(), _secrets(secrets)
    with opened(database) as there:
        known_tenant(there, tenant)
        mine = Database(database, keys)
        try:
            sending.turn(_centre(mine), tenant, targets, told)
        finally:
            mine.close()
    if as_json:
        put_json(asdict(told))
        return
    typer.echo(str(told))


def _secrets(told: Path | None) -> Secrets:
    from sync.central import sealing

    if told is None:
        return sealing.NONE
    try:
        return sealing.parse(told.read_text("utf-8"))
    except (OSError, ValueError) as error:
        fail(f"the keys that seal secrets cannot be read from {told}: {error}", code=2)


@app.command("drop")
def drop(
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Drop all that waits: after a copy was brought back, it may have been sent already."""
    from sync.central.audit import at_console
    from sync.central.notices import queue

    with opened(database) as there:
        known_tenant(there, tenant)
        centre = _centre(there)
        now = centre.clock.now()
        count = there.write(lambda c: queue.drop_all(c, at_console(tenant), now))
    if as_json:
        put_json({"dropped": count})
        return
    typer.echo(f"dropped {count}")
