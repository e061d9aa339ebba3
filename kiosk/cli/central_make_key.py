"""`takeback central policy make-key`: a key that signs bundles, orders and counter books."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    known_tenant,
    opened,
    signing_key,
)
from kiosk.cli.common import AsJson, fail, put_json

if TYPE_CHECKING:
    from sync.central.database import Database

_KID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def make_key(
    told: Annotated[
        str, typer.Argument(metavar="TENANT:KID:FILE", help="Whose, its name, and where it lies.")
    ],
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Make a key that signs. Kiosks enrolled from now on believe a tenant's first one.

    A file that is there is taken as it is for the first key. A further key is only written: those
    that are believed must announce it.
    """
    tenant, _, rest = told.partition(":")
    kid, _, path = rest.partition(":")
    if not (tenant and path and _KID.fullmatch(kid)):
        fail(f"{told!r} is not TENANT:KID:FILE; a KID is of letters, digits, . _ -", code=2)
    file = Path(path)
    with opened(database) as there:
        known_tenant(there, tenant)
        first = _first(there, tenant, kid)
        if file.exists() and not first:
            fail(f"{file} is there already: name another file")
        if not file.exists():
            _write(file)
        if first:
            _pin(there, told)
    if as_json:
        put_json({"key": kid, "file": str(file), "first": first})
    elif first:
        typer.echo(f"{file} is the key {kid}; kiosks that are enrolled from now on believe it")
    else:
        typer.echo(f"{file} is the key {kid}; no kiosk believes it yet. Let another announce it:")
        typer.echo(f"takeback central policy announce-key {told} --key TENANT:KID:FILE")


def _first(there: Database, tenant: str, kid: str) -> bool:
    """Whether the tenant has no key yet. A name is used once."""
    from sync.central.policy import keyrings

    with there.reading() as c:
        known = keyrings.known(c, tenant)
    if kid in known:
        fail(f"{tenant} has a key {kid} already: give this one another name")
    return not known


def _pin(there: Database, told: str) -> None:
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.policy import keyrings

    tenant, key = signing_key(told)
    if not keyrings.begin(there, SystemClock(), at_console(tenant), key):
        fail(f"somebody made a key of {tenant} meanwhile: let that one announce {key.kid}")


def _write(file: Path) -> None:
    """A seed from the system's randomness, for its owner alone; never over what is there."""
    from kiosk.world import SystemIds

    try:
        number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(number, "w", encoding="ascii") as out:
            out.write(f"{SystemIds().token(256):064x}\n")
            out.flush()
            os.fsync(number)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
