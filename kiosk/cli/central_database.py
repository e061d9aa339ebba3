"""What the commands of the centre share: its database as a sentence, its tenants, signing keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kiosk.cli.common import fail

if TYPE_CHECKING:
    from kiosk.seal.keys import SigningKey
    from sync.central.database import Database

DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        help="SQLAlchemy address of the database: sqlite:////path/central.db or postgresql+...",
        envvar="TAKEBACK_DATABASE",
    ),
]
DEFAULT_DATABASE = "sqlite:////var/lib/takeback-central/central.db"
Tenant = Annotated[str, typer.Option(help="Whose bundles.")]
Key = Annotated[
    str,
    typer.Option("--key", metavar="TENANT:KID:FILE", help="The key that signs; its hex seed."),
]


@contextmanager
def sentences(url: str) -> Iterator[None]:
    """What a database does to a command, as a sentence; the password in `url` is never shown."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

    try:
        yield
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError):
        fail(f"{_hidden(url)!r} is no address of a database that can be used here", code=2)
    except ValueError as error:
        fail(str(error), code=2)
    except SQLAlchemyError as error:
        _fail_for(url, error)


def _fail_for(url: str, error: Exception) -> NoReturn:
    why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
    hint = "; run: takeback central migrate" if "no such table" in why else ""
    if "unable to open database file" in why:
        hint = "; does its folder exist, and may this user write there?"
    fail(f"the database {_hidden(url)} says: {why}{hint}")


def _hidden(url: str) -> str:
    return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:***@", url)


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """The database with its schema up to date."""
    from sync.central.database import Database, migrate

    with sentences(url):
        database = Database(url)
        try:
            migrate(database)
            yield database
        finally:
            database.close()


def known_tenant(database: Database, tenant: str) -> None:
    import sqlalchemy as sa

    from sync.central.tables import tenants

    with database.reading() as connection:
        known = connection.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant))
        names = list(known.scalars())
    if tenant not in names:
        there = f"there are: {', '.join(names)}" if names else "there is none yet"
        fail(f"no tenant is called {tenant!r}; {there}; make one: takeback central create-tenant")


def known_device(database: Database, tenant: str, told: str) -> str:
    """The id of a kiosk that is not revoked, by that id or by its code; else a sentence."""
    import sqlalchemy as sa

    from sync.central.tables import devices

    named = sa.or_(devices.c.device_id == told, devices.c.kiosk_code == told)
    live = sa.and_(devices.c.tenant == tenant, devices.c.state != "revoked", named)
    with database.reading() as c:
        found = list(c.execute(sa.select(devices.c.device_id).where(live)).scalars())
    if not found:
        fail(f"no kiosk of {tenant} that is not revoked has the id or code {told!r}")
    if len(found) > 1:
        fail(f"several have the code {told}: name one by its id: {', '.join(sorted(found))}")
    return str(found[0])


def signing_key(told: str) -> tuple[str, SigningKey]:
    """TENANT:KID:FILE, the file holding a 32-byte Ed25519 seed in hex."""
    from kiosk.seal.keys import SigningKey

    tenant, _, rest = told.partition(":")
    kid, _, file = rest.partition(":")
    if not (tenant and kid and file):
        fail(f"{told!r} is not TENANT:KID:FILE", code=2)
    try:
        return tenant, SigningKey(kid, bytes.fromhex(Path(file).read_text("ascii").strip()))
    except (OSError, ValueError) as error:
        fail(f"{file}: no signing key ({error})", code=2)
