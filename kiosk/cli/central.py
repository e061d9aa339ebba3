"""`takeback central`: run and look after the central service."""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli import central_reconcile
from kiosk.cli.central_backup import backup, restore
from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    known_tenant,
    opened,
    sentences,
    signing_key,
)
from kiosk.cli.central_device import app as device
from kiosk.cli.central_export import app as export
from kiosk.cli.central_keys import app as key
from kiosk.cli.central_movements import import_movements
from kiosk.cli.central_people import audit, people
from kiosk.cli.central_policy import app as policy
from kiosk.cli.central_recheck import recheck
from kiosk.cli.common import AsJson, fail, known_zone, put_json

if TYPE_CHECKING:
    from sync.central.serve import CentralServer

app = typer.Typer(help="The central service and its back office.", no_args_is_help=True)
app.add_typer(policy, name="policy")
app.add_typer(device, name="device")
app.add_typer(key, name="key")
app.add_typer(export, name="export")
app.add_typer(people, name="people")
app.add_typer(audit, name="audit")
app.command("backup")(backup)
app.command("recheck")(recheck)
app.command("restore")(restore)
app.command("reconcile")(central_reconcile.reconcile)
app.command("books")(central_reconcile.books)
app.command("tolerances")(central_reconcile.tolerances)
app.command("import-movements")(import_movements)


@app.command("serve")
def serve(
    database: DatabaseUrl = DEFAULT_DATABASE,
    host: Annotated[
        str, typer.Option(help="Address to listen on; put TLS in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 8700,
    timezone: Annotated[str, typer.Option(help="The back office's, IANA name.")] = "UTC",
    secure_cookies: Annotated[
        bool, typer.Option(help="Behind TLS: cookies never without.")
    ] = False,
    until_eof: Annotated[
        bool, typer.Option(help="End when standard input does, so that no orphan stays.")
    ] = False,
    bundle_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TENANT:KID:FILE",
            help="A tenant's signing key, to renew its policy bundle before it ends.",
        ),
    ] = None,
    webhook_allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK",
            help="Webhooks may go there besides public addresses, as 10.1.0.0/16; over plain "
            "HTTP only to an address in it.",
        ),
    ] = None,
    sign_in: Annotated[
        Path | None,
        typer.Option(help="TOML: services that say who people are (OpenID Connect), by tenant."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Serve kiosks and the back office until interrupted or terminated."""
    import logging

    from kiosk.world import SystemClock, SystemIds
    from sync.central.people import issuers
    from sync.central.serve import CentralServer

    known_zone(timezone)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        named = issuers.read(sign_in) if sign_in is not None else {}
    except (OSError, ValueError) as error:
        fail(f"the services to sign in with cannot be read: {error}", code=2)
    server = CentralServer(
        database,
        SystemClock(),
        SystemIds(),
        host=host,
        port=port,
        timezone=timezone,
        secure_cookies=secure_cookies,
        bundle_keys=dict(signing_key(one) for one in bundle_key or ()),
        issuers=named,
        webhook_networks=_networks(webhook_allow or []),
        by_itself=True,
    )
    with sentences(database):
        try:
            server.start()
        except (OSError, RuntimeError) as error:
            fail(f"the centre cannot serve at {host}:{port}: {error}; is the address in use?")
    _serve(server, until_eof, as_json)


def _networks(told: list[str]) -> tuple[str, ...]:
    from sync.central.rest.targets import Targets

    try:
        Targets.of(tuple(told))
    except ValueError as error:
        fail(f"--webhook-allow: {error}", code=2)
    return tuple(told)


def _serve(server: CentralServer, until_eof: bool, as_json: bool) -> None:
    leave = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leave.set())
    try:
        if as_json:
            put_json({"serving": server.url})
        else:
            typer.echo(f"serving {server.url}")
        sys.stdout.flush()
        if until_eof:
            threading.Thread(target=_until_eof, args=(leave,), daemon=True).start()
        leave.wait()
    finally:
        server.stop()


def _until_eof(leave: threading.Event) -> None:
    # Not sys.stdin: its lock, held here, would upset an interpreter that ends by a signal.
    while os.read(0, 4096):
        pass
    leave.set()


@app.command("migrate")
def migrate(database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False) -> None:
    """Bring the database's schema up to date."""
    with opened(database):
        pass
    if as_json:
        put_json({"schema": "up to date"})
    else:
        typer.echo("the schema is up to date")


@app.command("create-tenant")
def create_tenant(
    tenant: Annotated[str, typer.Argument(help="A short name, as acme.")],
    title: Annotated[str, typer.Option(help="What the back office calls it.")],
    audience: Annotated[
        str, typer.Option(help="What signed return codes name as their audience.")
    ] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Make a tenant: whose kiosks, merchants and people belong together."""
    from sync.central.policy import put_tenant

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", tenant):
        fail("a tenant's name is of lower-case letters, digits and hyphens, at most 40", code=2)
    with opened(database) as there:
        put_tenant(there, tenant, title, audience or f"takeback-{tenant}")
    if as_json:
        put_json({"tenant": tenant})
    else:
        typer.echo(f"{tenant} is there")


@app.command("create-admin")
def create_admin(
    name: Annotated[str, typer.Argument(help="What the person signs in with.")],
    tenant: Annotated[str, typer.Option(help="Whose back office.")],
    role: Annotated[
        list[str] | None,
        typer.Option(help="viewer, agent, policy, fleet, admin, auditor; several; all by default."),
    ] = None,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Create a person, or give one a new password; it is printed once."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.people import creating, managing, passwords
    from sync.central.roles import ALL_ROLES, Role

    if not managing.good_name(name):
        fail("a name has 1 to 100 characters", code=2)
    strange = sorted(set(role or ()) - set(Role))
    if strange:
        fail(f"{', '.join(strange)}: no such role; there are: {', '.join(Role)}", code=2)
    roles = tuple(Role(one) for one in role) if role else ALL_ROLES
    ids = SystemIds()
    password = passwords.make_password(ids)
    with opened(database) as there:
        known_tenant(there, tenant)
        creating.create_admin(there, ids, tenant, name, password, SystemClock(), roles)
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
    url: Annotated[
        str, typer.Option(help="The centre's address as kiosks reach it: puts both in one code.")
    ] = "",
    picture: Annotated[
        Path | None,
        typer.Option(help="With --url: also draw that code as a QR, into a .svg or .png file."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A one-time code for a new kiosk, good for ten minutes."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.devices import create_enrolment

    if not re.fullmatch(r"[A-Z0-9]{1,8}", kiosk_code):
        fail("a kiosk's code is 1 to 8 capital letters and digits, as K1", code=2)
    _can_enrol_at(url, picture)
    with opened(database) as there:
        known_tenant(there, tenant)
        code = create_enrolment(there, SystemClock(), SystemIds(), tenant, site, kiosk_code)
    whole = _in_one(url, code)
    if picture is not None:
        _draw(whole, picture)
    if as_json:
        put_json({"code": code, "enrolment": whole})
    else:
        typer.echo(f"{code}\n{whole}" if whole else code)


def _can_enrol_at(url: str, picture: Path | None) -> None:
    """Before a code is made: nobody wants one that then cannot be told."""
    from kiosk.domain.codes.enrolment import is_centre_url

    if picture is not None and not url:
        fail("a picture needs the centre's address: --url https://...", code=2)
    if picture is not None and picture.suffix not in (".svg", ".png"):
        fail(f"{picture}: a picture's name ends in .svg or .png", code=2)
    if url and not is_centre_url(url.rstrip("/")):
        fail(f"{url!r} is no plain https address without user, query or fragment", code=2)


def _in_one(url: str, code: str) -> str:
    from kiosk.domain import codes

    return codes.enrolment_code(url.rstrip("/"), code) if url else ""


def _draw(text: str, picture: Path) -> None:
    import segno

    segno.make(text, error="m", micro=False).save(str(picture), scale=8, border=4)


@app.command("demo-data")
def demo_data(
    database: DatabaseUrl,
    keys: Annotated[Path, typer.Option(help="Folder for the demo's private keys.")],
    as_json: AsJson = False,
) -> None:
    """Fill a database with sample merchants, returns and bags, and publish their bundle."""
    from kiosk.world import SystemClock, SystemIds
    from sync.central.demo import fill

    with sentences(database):
        world = fill(database, SystemClock(), SystemIds(), keys)
    if as_json:
        put_json(world)
        return
    typer.echo(f"bundle {world.policy_number}; sign in as {world.admin} with {world.password}")
    typer.echo(f"enrolment code: {world.enrolment_code}")
    for one in world.returns:
        typer.echo(f"{one.short_code}  {one.order_number} / {one.postal_code}  {one.title}")
