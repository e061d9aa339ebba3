"""`takeback central`: run and look after the central service."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli import central_reconcile
from kiosk.cli.central_backup import backup, restore
from kiosk.cli.central_counter_book import app as counter_book
from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    known_tenant,
    opened,
)
from kiosk.cli.central_demo import demo_data
from kiosk.cli.central_device import app as device
from kiosk.cli.central_export import app as export
from kiosk.cli.central_keeping import keep
from kiosk.cli.central_keys import app as key
from kiosk.cli.central_movements import import_movements
from kiosk.cli.central_notices import app as notices
from kiosk.cli.central_people import audit, people
from kiosk.cli.central_policy import app as policy
from kiosk.cli.central_recheck import recheck
from kiosk.cli.central_secrets import secrets_key
from kiosk.cli.central_serve import serve
from kiosk.cli.common import AsJson, fail, put_json

app = typer.Typer(help="The central service and its back office.", no_args_is_help=True)
app.add_typer(policy, name="policy")
app.add_typer(device, name="device")
app.add_typer(counter_book, name="counter-book")
app.add_typer(key, name="key")
app.add_typer(export, name="export")
app.add_typer(people, name="people")
app.add_typer(audit, name="audit")
app.add_typer(notices, name="notices")
app.command("backup")(backup)
app.command("demo-data")(demo_data)
app.command("recheck")(recheck)
app.command("keep")(keep)
app.command("restore")(restore)
app.command("secrets-key")(secrets_key)
app.command("serve")(serve)
app.command("reconcile")(central_reconcile.reconcile)
app.command("books")(central_reconcile.books)
app.command("tolerances")(central_reconcile.tolerances)
app.command("import-movements")(import_movements)


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
