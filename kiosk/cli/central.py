"""`takeback central`: run and look after the central service."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.common import AsJson, fail, put_json

app = typer.Typer(help="The central service and its back office.", no_args_is_help=True)

DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database", help="SQLAlchemy address of the database.", envvar="TAKEBACK_DATABASE"
    ),
]
DEFAULT_DATABASE = "sqlite:////var/lib/takeback-central/central.db"


@app.command("serve")
def serve(
    database: DatabaseUrl = DEFAULT_DATABASE,
    host: Annotated[
        str, typer.Option(help="Address to listen on; put TLS in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8700,
    timezone: Annotated[str, typer.Option(help="The back office's, IANA name.")] = "UTC",
    secure_cookies: Annotated[
        bool, typer.Option(help="Behind TLS: cookies never without.")
    ] = False,
    until_eof: Annotated[
        bool, typer.Option(help="End when standard input does, so that no orphan stays.")
    ] = False,
) -> None:
    """Serve kiosks and the back office until interrupted."""
    import logging

    from kiosk.world import SystemClock, SystemIds
    from sync.central.serve import CentralServer

    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    server = CentralServer(
        database,
        SystemClock(),
        SystemIds(),
        host=host,
        port=port,
        timezone=timezone,
        secure_cookies=secure_cookies,
    )
    try:
        server.start()
    except (OSError, RuntimeError) as error:
        fail(f"the centre cannot serve at {host}:{port}: {error}")
    typer.echo(f"serving {server.url}")
    sys.stdout.flush()
    try:
        if until_eof:
            sys.stdin.buffer.read()
        else:
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


@app.command("migrate")
def migrate(database: DatabaseUrl = DEFAULT_DATABASE) -> None:
    """Bring the database's schema up to date."""
    from sync.central.database import Database
    from sync.central.database import migrate as bring

    opened = Database(database)
    try:
        bring(opened)
    finally:
        opened.close()
    typer.echo("the schema is up to date")


@app.command("create-admin")
def create_admin(
    name: Annotated[str, typer.Argument(help="What the person signs in with.")],
    tenant: Annotated[str, typer.Option(help="Whose back office.")],
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Create a person, or give one a new password; it is printed once."""
    from kiosk.world import SystemIds
    from sync.central import people
    from sync.central.database import Database
    from sync.central.database import migrate as bring

    opened = Database(database)
    ids = SystemIds()
    password = people.make_password(ids)
    try:
        bring(opened)
        people.create_admin(opened, ids, tenant, name, password)
    finally:
        opened.close()
    if as_json:
        put_json({"name": name, "password": password})
    else:
        typer.echo(f"{name} signs in with: {password}")


@app.command("enrolment-code")
def enrolment_code(
    tenant: Annotated[str, typer.Option(help="Whose kiosk.")],
    site: Annotated[str, typer.Option(help="The shop it stands in.")],
    kiosk_code: Annotated[str, typer.Option(help="First part of its drop numbers, as K1.")],
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """A one-time code for a new kiosk, good for ten minutes."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.database import Database
    from sync.central.devices import create_enrolment

    opened = Database(database)
    try:
        code = create_enrolment(opened, SystemClock(), SystemIds(), tenant, site, kiosk_code)
    finally:
        opened.close()
    if as_json:
        put_json({"code": code})
    else:
        typer.echo(code)


@app.command("demo-data")
def demo_data(
    database: DatabaseUrl,
    keys: Annotated[Path, typer.Option(help="Folder for the demo's private keys.")],
    as_json: AsJson = False,
) -> None:
    """Fill a database with sample merchants, returns and bags, and publish their bundle."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.demo import fill

    world = fill(database, SystemClock(), SystemIds(), keys)
    if as_json:
        put_json(world)
        return
    typer.echo(f"bundle {world.policy_number}; sign in as {world.admin} with {world.password}")
    typer.echo(f"enrolment code: {world.enrolment_code}")
    for one in world.returns:
        typer.echo(f"{one.short_code}  {one.order_number} / {one.postal_code}  {one.title}")
