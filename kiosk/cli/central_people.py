"""`takeback central people ...` and `takeback central audit ...`: accounts, proof of changes."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    known_tenant,
    opened,
)
from kiosk.cli.common import AsJson, fail, put_json, table

if TYPE_CHECKING:
    from sync.central.audit import Sound

people = typer.Typer(help="Who works in the back office.", no_args_is_help=True)
audit = typer.Typer(help="The audit of changes.", no_args_is_help=True)

Tenant = Annotated[str, typer.Option(help="Whose back office.")]


class Rule(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"


@people.command("list")
def list_people(
    tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False
) -> None:
    """Everybody with an account, their roles and state."""
    from sync.central.people import managing

    with opened(database) as there:
        known_tenant(there, tenant)
        rows = managing.list_people(there, tenant)
    told: list[dict[str, Any]] = [
        {
            "name": row["name"],
            "state": row["state"],
            "roles": row["roles"].split(),
            "merchant": row["merchant_id"],
            "second_factor": bool(row["totp_secret"]),
            "issuer": row["issuer"],
        }
        for row in rows
    ]
    if as_json:
        put_json({"people": told})
        return
    table([(one["name"], one["state"], " ".join(one["roles"]), one["merchant"]) for one in told])


@people.command("second-factor")
def second_factor(
    rule: Annotated[Rule, typer.Argument(help="For everybody of the tenant.")],
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Whether everybody must have a second factor. Who has none sets it up at the next sign-in."""
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.people import managing

    required = rule is Rule.REQUIRED
    with opened(database) as there:
        known_tenant(there, tenant)
        managing.require_second_factor(there, SystemClock(), at_console(tenant), required)
    if as_json:
        put_json({"tenant": tenant, "second_factor": rule.value})
    else:
        typer.echo(f"a second factor is {rule.value} for the people of {tenant}")


@people.command("reset-second-factor")
def reset_second_factor(
    name: Annotated[str, typer.Argument(help="Whose telephone is lost.")],
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Take a person's second factor and recovery codes away, and end their sessions."""
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.people import managing

    with opened(database) as there:
        known_tenant(there, tenant)
        wrong = managing.reset_second_factor(there, SystemClock(), at_console(tenant), name)
    if wrong is not None:
        fail(f"nobody is called {name!r} at {tenant}")
    if as_json:
        put_json({"name": name, "second_factor": False})
    else:
        typer.echo(f"{name} signs in with the password alone, and can set up a second factor anew")


@audit.command("verify")
def verify(
    tenant: Tenant,
    noted: Annotated[
        str, typer.Option(metavar="NUMBER:HASH", help="What this command printed earlier.")
    ] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Whether no change was altered, taken out or put in between. Note the number and hash
    elsewhere and give them next time: so the end cannot be cut off unseen either."""
    from sync.central import audit as kept

    before = _noted(noted)
    with opened(database) as there, there.reading() as c:
        known_tenant(there, tenant)
        told = kept.verify(c, tenant, before)
    if isinstance(told, kept.Broken):
        if as_json:
            put_json({"sound": False, "number": told.number, "why": told.why})
            raise typer.Exit(1)
        fail(f"the audit of {tenant} breaks at change {told.number}: {_WHY[told.why]}")
    if as_json:
        put_json({"sound": True, "number": told.number, "hash": told.hash})
    else:
        typer.echo(
            f"{told.number} changes, each fits the one before; note: {told.number}:{told.hash}"
        )


_WHY = {
    "changed": "it is not what was written",
    "missing": "a change is missing, or was put in",
    "cut_off": "it was there and is gone",
    "not_the_noted": "it is another one than was noted",
}


def _noted(told: str) -> Sound | None:
    from sync.central.audit import Sound

    if not told:
        return None
    found = re.fullmatch(r"([0-9]{1,15}):([0-9a-f]{64})", told)
    if found is None:
        fail(f"{told!r} is not NUMBER:HASH as this command prints it", code=2)
    return Sound(int(found[1]), found[2])
