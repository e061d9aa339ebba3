"""`takeback central policy publish | rollback | list`: what kiosks decide by from now on."""

from __future__ import annotations

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
from kiosk.cli.policy_files import content, told

if TYPE_CHECKING:
    from kiosk.domain.codes.third_party import ThirdPartyForm
    from sync.central.database import Database
    from sync.central.policy import NotPublished
    from sync.central.policy.contents import Shop
    from sync.central.policy.reading import WhoseRules
    from sync.central.policy.rollouts import Share
    from sync.wire.messages import Manifest

NOTHING = "nothing was published"
PercentOfKiosks = Annotated[
    int | None,
    typer.Option(
        "--share", help="So many percent of the kiosks.", min=1, max=100, show_default=False
    ),
]
Sites = Annotated[
    list[str] | None,
    typer.Option("--site", help="The kiosks of a site; once for each.", show_default=False),
]
Note = Annotated[str, typer.Option(help="What it is for, in a line; the list shows it.")]


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
    share: PercentOfKiosks = None,
    site: Sites = None,
    note: Note = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Sign the next bundle from what the centre holds; kiosks fetch it within minutes.

    With --from, a file is checked as `takeback policy check` does and its merchants go in, all or
    none. Merchants that it does not name stay as they are. With --share or --site they go to some
    of the kiosks first, until `widen` gives them to more or `stop` takes them back.
    """
    from kiosk.world import SystemClock, SystemIds
    from sync.central import policy
    from sync.central.audit import at_console

    if merchant and file is None:
        fail("--merchant says whose rules a file holds: name the file with --from", code=2)
    if (share is not None or site) and file is None:
        fail("--share and --site are for new rules: name their file with --from", code=2)
    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        if file is None:
            by = at_console(tenant)
            made = policy.publish(there, SystemClock(), tenant, signer, by=by, note=note)
        else:
            shops, forms = _read(there, tenant, file, merchant, strict)
            clock, ids = SystemClock(), SystemIds()
            made = policy.publish_these(
                there,
                clock,
                ids,
                tenant,
                signer,
                shops,
                forms,
                by=at_console(tenant),
                note=note,
                share=_share(share, site),
            )
        _tell(there, tenant, made, as_json)


def rollback(
    number: Annotated[int, typer.Argument(help="The bundle whose rules come back.", min=1)],
    key: Key,
    note: Note = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Publish the merchants, rules, looks and forms of an earlier bundle under a new number.

    Numbers never go back, and what was revoked stays revoked. Keys and returns stay as they are.
    """
    from kiosk.world import SystemClock
    from sync.central import policy
    from sync.central.audit import at_console

    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        by = at_console(tenant)
        try:
            made = policy.roll_back(there, SystemClock(), tenant, signer, number, by=by, note=note)
        except LookupError as error:
            fail(f"{error.args[0]}; see: takeback central policy list --tenant {tenant}")
        _tell(there, tenant, made, as_json)


def widen(
    tenant: Tenant,
    share: PercentOfKiosks = None,
    site: Sites = None,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Give the rules that are being rolled out to more kiosks; with --share 100 to all of them.

    What the roll-out has already stays in it: a share and sites given here come on top.
    """
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.policy import rollouts, widening
    from sync.central.policy.bundling import NotPublished

    if share is None and not site:
        fail("say to whom: --share PERCENT, or --site NAME", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        with there.reading() as c:
            now = rollouts.running(c, tenant)
        had = now.share if now else rollouts.Share()
        percent = had.percent if share is None else share
        wider = rollouts.Share(percent, had.sites | set(site or ()))
        made = widening.widen(there, SystemClock(), at_console(tenant), wider)
    if isinstance(made, NotPublished):
        fail(made.problems[0])
    whose = "every kiosk" if wider.everybody else wider.told()
    if as_json:
        put_json({"number": made.number, "percent": wider.percent, "sites": sorted(wider.sites)})
    else:
        typer.echo(f"bundle {made.number} is for {whose} from now on")


def stop(key: Key, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False) -> None:
    """Take the rules that are being rolled out back, under a higher number: numbers never go
    back."""
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.policy import widening

    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        made = widening.stop(there, SystemClock(), tenant, signer, at_console(tenant))
        _tell(there, tenant, made, as_json)


def _share(percent: int | None, sites: list[str] | None) -> Share | None:
    """None where neither was said: everybody."""
    from sync.central.policy.rollouts import Share

    if percent is None and not sites:
        return None
    return Share(percent or 0, frozenset(sites or ()))


def show(
    tenant: Tenant,
    most: Annotated[int, typer.Option(help="So many of the latest.", min=1, max=1000)] = 10,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """The latest bundles: what each changed, and how many kiosks have it in force."""
    from sync.central import policy
    from sync.central.policy.listing import lines

    with opened(database) as there:
        known_tenant(there, tenant)
        found = policy.latest(there, tenant, most + 1)
    if as_json:
        put_json({"bundles": found[:most]})
        return
    for place, one in enumerate(found[:most]):
        kiosks = "1 kiosk" if one["kiosks"] == 1 else f"{one['kiosks']} kiosks"
        told = [f"issued {one['issued']}", f"until {one['until']}", kiosks]
        told += [f"by {one['by']}"] if one["by"] else []
        told += [f"for {one['share']} so far"] if one["share"] else []
        typer.echo("  ".join([str(one["number"]), *told]))
        if one["note"]:
            typer.echo(f"    {one['note']}")
        before = found[place + 1]["changes"] if place + 1 < len(found) else None
        for line in lines(one["changes"], before):
            typer.echo(f"    {line}")
    if not found:
        typer.echo("no bundle is published yet")


# --- a file ------------------------------------------------------------------------------------


def _read(
    database: Database, tenant: str, file: Path, merchant: str, strict: bool
) -> tuple[tuple[Shop, ...], tuple[ThirdPartyForm, ...]]:
    """What the file holds, all good; otherwise every mistake, as `policy check` tells it."""
    from kiosk.world import SystemClock
    from sync.central.policy import contents
    from sync.central.policy.reading import WhoseRules, read_file

    with database.reading() as c:
        known = {one.merchant.merchant_id: one for one in contents.shops(c, tenant)}
    today = SystemClock().now().date()
    found = read_file(content(file), str(file), today, known, merchant)
    if isinstance(found, WhoseRules):
        fail(_whose(found, tenant, file), code=2)
    for mistake in found.mistakes:
        typer.echo(told(mistake), err=True)
    if not found.fit or (strict and found.warns):
        fail(NOTHING, code=2 if found.empty else 1)
    return found.shops, found.forms


def _whose(odd: WhoseRules, tenant: str, file: Path) -> str:
    if odd.names_its_own:
        return f"{file} names its merchants itself: leave --merchant out"
    if not odd.said:
        return f"{file} does not say whose rules these are; say so with --merchant"
    there = f"there are: {', '.join(odd.known)}" if odd.known else "there is none yet"
    return (
        f"{tenant} has no merchant {odd.said!r}; {there}; a new one stands in the file, "
        "under [[merchant]] with id, name and timezone"
    )


# --- what is told ------------------------------------------------------------------------------


def _tell(database: Database, tenant: str, made: Manifest | NotPublished, as_json: bool) -> None:
    from sync.central import policy
    from sync.central.policy.listing import lines
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
    for line in lines(newest["changes"], older[0]["changes"] if older else None):
        typer.echo(f"    {line}")
