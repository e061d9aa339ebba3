"""`takeback central policy publish | rollback | list`: what kiosks decide by from now on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    Key,
    Tenant,
    known_tenant,
    opened,
    signing_key,
)
from kiosk.cli.common import AsJson, fail, put_json
from kiosk.cli.policy_check import look_at
from kiosk.cli.policy_files import source, told

if TYPE_CHECKING:
    from kiosk.domain.codes.third_party import ThirdPartyForm
    from kiosk.domain.policy.file import Mistake, Source
    from sync.central.database import Database
    from sync.central.policy import NotPublished
    from sync.central.policy_content import Shop
    from sync.central.policy_versions import Changes
    from sync.wire.messages import Manifest

NOTHING = "nothing was published"


def publish(
    key: Key,
    file: Annotated[
        Path | None,
        typer.Option("--from", help="A policy file: its merchants and forms go in first."),
    ] = None,
    merchant: Annotated[
        str, typer.Option(help="Whose rules they are, where the file names no merchant.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings stop it too.")] = False,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Sign the next bundle from what the centre holds; kiosks fetch it within minutes.

    With --from, a file is checked as `takeback policy check` does and its merchants go in, all or
    none. Merchants that it does not name stay as they are.
    """
    from kiosk.world import SystemClock, SystemIds
    from sync.central import policy

    if merchant and file is None:
        fail("--merchant says whose rules a file holds: name the file with --from", code=2)
    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        if file is None:
            made = policy.publish(there, SystemClock(), tenant, signer)
        else:
            shops, forms = _read(there, tenant, file, merchant, strict)
            clock, ids = SystemClock(), SystemIds()
            made = policy.publish_these(there, clock, ids, tenant, signer, shops, forms)
        _tell(there, tenant, made, as_json)


def rollback(
    number: Annotated[int, typer.Argument(help="The bundle whose rules come back.", min=1)],
    key: Key,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Publish the merchants, rules, looks and forms of an earlier bundle under a new number.

    Numbers never go back, and what was revoked stays revoked. Keys and returns stay as they are.
    """
    from kiosk.world import SystemClock
    from sync.central import policy

    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        try:
            made = policy.roll_back(there, SystemClock(), tenant, signer, number)
        except LookupError as error:
            fail(f"{error.args[0]}; see: takeback central policy list --tenant {tenant}")
        _tell(there, tenant, made, as_json)


def show(
    tenant: Tenant,
    most: Annotated[int, typer.Option(help="So many of the latest.", min=1, max=1000)] = 10,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """The latest bundles: what each changed, and how many kiosks have it in force."""
    from sync.central import policy

    with opened(database) as there:
        known_tenant(there, tenant)
        found = policy.latest(there, tenant, most + 1)
    if as_json:
        put_json({"bundles": found[:most]})
        return
    for place, one in enumerate(found[:most]):
        kiosks = "1 kiosk" if one["kiosks"] == 1 else f"{one['kiosks']} kiosks"
        typer.echo(f"{one['number']}  issued {one['issued']}  until {one['until']}  {kiosks}")
        before = found[place + 1]["changes"] if place + 1 < len(found) else None
        for line in _changed(one["changes"], before):
            typer.echo(f"    {line}")
    if not found:
        typer.echo("no bundle is published yet")


# --- a file ------------------------------------------------------------------------------------


def _read(
    database: Database, tenant: str, file: Path, merchant: str, strict: bool
) -> tuple[list[Shop], tuple[ThirdPartyForm, ...]]:
    """What the file holds, all good; otherwise every mistake, as `policy check` tells it."""
    from kiosk.domain.policy.file import Level, Mistake

    one = source(file)
    if isinstance(one, Mistake):
        typer.echo(told(one), err=True)
        fail(NOTHING, code=2)
    found, count, _ = look_at(one, file)
    shops, wrong = _shops(database, tenant, one, merchant)
    found += [mistake for mistake in wrong if mistake not in found]
    for mistake in sorted(found, key=lambda one: (one.line, one.column)):
        typer.echo(told(mistake), err=True)
    levels = {mistake.level for mistake in found}
    if Level.ERROR in levels or (strict and Level.WARNING in levels):
        fail(NOTHING, code=2 if count < 0 else 1)
    return shops, _forms(one)


def _shops(
    database: Database, tenant: str, one: Source, merchant: str
) -> tuple[list[Shop], list[Mistake]]:
    from kiosk.domain.policy.file import compile_file
    from kiosk.domain.policy.file.shops import look_of, merchant_of
    from sync.central.policy_content import Shop

    shops: list[Shop] = []
    wrong: list[Mistake] = []
    for shop in compile_file(one).shops:
        if shop.merchant_id and not merchant:
            given, mistakes = merchant_of(one, shop)
            shops.append(Shop(given, shop.specs, look_of(shop.table)))
            wrong += mistakes
        elif shop.merchant_id:
            fail(f"{one.file} names its merchants itself: leave --merchant out", code=2)
        else:
            known = _known(database, tenant, one.file, merchant)
            shops.append(Shop(known.merchant, shop.specs, known.look))
    return shops, wrong


def _known(database: Database, tenant: str, file: str, merchant: str) -> Shop:
    """The merchant whose rules a file without `[[merchant]]` holds; the rest of it stays."""
    from sync.central import policy_content

    with database.reading() as c:
        shops = {one.merchant.merchant_id: one for one in policy_content.shops(c, tenant)}
    if not merchant:
        fail(f"{file} does not say whose rules these are; say so with --merchant", code=2)
    if merchant not in shops:
        there = f"there are: {', '.join(shops)}" if shops else "there is none yet"
        fail(
            f"{tenant} has no merchant {merchant!r}; {there}; a new one stands in the file, "
            "under [[merchant]] with id, name and timezone",
            code=2,
        )
    return shops[merchant]


def _forms(one: Source) -> tuple[ThirdPartyForm, ...]:
    import msgspec

    from kiosk.domain.codes.third_party import ThirdPartyForm

    given = one.table.get("third_party", [])
    return msgspec.convert(given, type=tuple[ThirdPartyForm, ...])


# --- what is told ------------------------------------------------------------------------------


def _tell(database: Database, tenant: str, made: Manifest | NotPublished, as_json: bool) -> None:
    from sync.central import policy
    from sync.wire.messages import Manifest

    if not isinstance(made, Manifest):
        for problem in made.problems:
            typer.echo(problem, err=True)
        fail(NOTHING)
    newest, *older = policy.latest(database, tenant, 2)
    if as_json:
        until = made.accept_until.isoformat()
        put_json({"number": made.number, "accept_until": until, "changes": newest["changes"]})
        return
    until = f"{made.accept_until:%Y-%m-%d %H:%M}"
    typer.echo(f"bundle {made.number} is published, good until {until} UTC")
    for line in _changed(newest["changes"], older[0]["changes"] if older else None):
        typer.echo(f"    {line}")


def _changed(now: Changes, before: Changes | None) -> Iterator[str]:
    """What a bundle changed, a line each; nothing where it only renews the one before."""
    if now.restored:
        yield f"brings back the rules of bundle {now.restored}"
    named = (("new", now.added), ("gone", now.removed), ("details", now.details))
    for what, names in (*named, ("look", now.looks), ("forms", now.forms)):
        if names:
            yield f"{what}: {', '.join(names)}"
    for merchant, rules in now.rules.items():
        signs = (("+", rules.added), ("-", rules.removed), ("~", rules.changed))
        yield f"{merchant}: " + " ".join(f"{sign}{name}" for sign, ids in signs for name in ids)
    if now.returns:
        yield f"{now.returns} {'return' if now.returns == 1 else 'returns'}"
    if before is not None:
        for what, count in (
            ("code keys", now.keys - before.keys),
            ("revoked codes", now.revoked - before.revoked),
        ):
            if count:
                yield f"{count:+d} {what}"
