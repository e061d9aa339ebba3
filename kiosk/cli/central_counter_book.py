"""`takeback central counter-book ...`: what the counters of a site go by, from a file and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    Key,
    known_tenant,
    opened,
    signing_key,
)
from kiosk.cli.common import AsJson, fail, put_json, table

if TYPE_CHECKING:
    from sync.central.counter_book.houses import House
    from sync.central.database import Database
    from sync.wire.counter_book import HouseTold

app = typer.Typer(
    help="Shelves, carriers, hours and rules of staffed counters.", no_args_is_help=True
)
Site = Annotated[str, typer.Option(help="The site, as its machines are enrolled there.")]
Tenant = Annotated[str, typer.Option(help="Whose counters.")]
WHY = {
    "no_counter": "{site} has no counter; begin one: takeback central counter-book import",
    "key": "no kiosk would believe this key: it is unknown, revoked, or not valid now",
    "overtaken": "somebody changed the draft meanwhile: look at it again",
    "unfit": "a counter could not be worked with: {problems}",
    "too_large": "it is more than a counter can take",
}


@app.command("list")
def show(tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False) -> None:
    """Which sites have a counter, and how their books stand."""
    from sync.central.counter_book import houses, people, publishing

    rows = []
    with opened(database) as there:
        known_tenant(there, tenant)
        with there.reading() as c:
            for site in houses.sites(c, tenant):
                house = houses.load(c, tenant, site)
                assert house is not None, "it was listed"
                staff = [one for one in people.everybody(c, tenant, site) if one.active]
                rows.append(
                    {
                        "site": site,
                        "number": house.number,
                        "draft": house.draft is not None,
                        "people": len(staff),
                        "people_wait": publishing.waits(c, tenant, site),
                        "shelves": len(house.shown.shelves),
                        "carriers": [one.carrier for one in house.shown.carriers],
                    }
                )
    if as_json:
        put_json(rows)
        return
    names = ("site", "number", "draft", "people", "people_wait", "shelves")
    table([tuple(one.replace("_", " ") for one in names)] + [_line(row, names) for row in rows])


def _line(row: dict[str, object], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_word(row[name]) for name in names)


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@app.command("export")
def export(
    site: Site, tenant: Tenant, database: DatabaseUrl = DEFAULT_DATABASE, as_json: AsJson = False
) -> None:
    """Print a site's draft, or what stands where there is none, as TOML for `import`."""
    from sync.central.counter_book import files

    with opened(database) as there:
        known_tenant(there, tenant)
        house = _house(there, tenant, site).shown
    if as_json:
        put_json(house)
    else:
        typer.echo(files.written(house), nl=False)


@app.command("import")
def bring(
    file: Annotated[Path, typer.Argument(help="TOML as `export` prints it.", dir_okay=False)],
    site: Site,
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Put a file in the place of a site's draft; a site without a counter gets one.

    Nothing reaches a counter before it is published.
    """
    house = _read(file)
    with opened(database) as there:
        known_tenant(there, tenant)
        _draft(there, tenant, site, house)
        problems = _problems(there, tenant, site)
    if as_json:
        put_json({"site": site, "shelves": len(house.shelves), "problems": problems})
        return
    typer.echo(f"the draft of {site} has {len(house.shelves)} shelves")
    for one in problems:
        typer.echo(f"to be seen to: {one}")


@app.command("publish")
def publish(
    site: Site,
    key: Key,
    file: Annotated[
        Path | None, typer.Option("--from", help="Import this file first.", dir_okay=False)
    ] = None,
    note: Annotated[str, typer.Option(help="What it is for; others read it.")] = "",
    at_least: Annotated[
        int,
        typer.Option(
            help="Give it this number at least: after a restore, one more than counters have had.",
            min=0,
        ),
    ] = 0,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Sign a site's draft and its people as its next book."""
    from kiosk.world import SystemClock
    from sync.central.audit import at_console
    from sync.central.counter_book import publishing
    from sync.central.counter_book.publishing import NotPublished

    tenant, signer = signing_key(key)
    house = None if file is None else _read(file)
    with opened(database) as there:
        known_tenant(there, tenant)
        if house is not None:
            _draft(there, tenant, site, house)
        seen = _house(there, tenant, site).digest
        made = publishing.publish(
            there, SystemClock(), signer, at_console(tenant), site, seen, note, at_least
        )
        if isinstance(made, NotPublished):
            problems = ", ".join(_problems(there, tenant, site))
            fail(WHY[made.why.value].format(site=site, problems=problems))
    if as_json:
        put_json({"site": site, "number": made.number, "people": len(made.members)})
    else:
        typer.echo(f"book {made.number} of {site} is published, with {len(made.members)} people")


@app.command("secret")
def secret(
    what: Annotated[str, typer.Argument(help="change, or give-up for the older of two.")],
    site: Site,
    key: Key,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Change the secret that badges and pick-up codes are known by at a site.

    The old one stays beside the new one until `give-up`: badges made with it go on until then.
    """
    from kiosk.world import SystemClock, SystemIds
    from sync.central.audit import at_console
    from sync.central.counter_book import peppers, publishing

    tenant, signer = signing_key(key)
    if what not in ("change", "give-up"):
        fail("change, or give-up", code=2)
    by, now, ids = at_console(tenant), SystemClock().now(), SystemIds()
    with opened(database) as there:
        known_tenant(there, tenant)
        house = _house(there, tenant, site)
        with there.writing() as c:
            old = peppers.old_badges(c, tenant, site)
            changing = what == "change"
            done = peppers.change(c, ids, now, by, site) if changing else None
            good = done is not None if changing else peppers.retire(c, now, by, site)
            # Undone as a whole where it cannot go out: a counter must know every secret in use.
            if good and publishing.again(c, now, by, site, signer) is None and house.number:
                fail(WHY["key"])
    if not good and changing:
        fail("two secrets are in use already: give the older one up first")
    if not good:
        fail(f"{old} badges need the older secret" if old else "there is only one secret")
    if as_json:
        put_json({"site": site, "done": what})
    else:
        typer.echo(f"done at {site}; counters know it within about a minute")


def _read(file: Path) -> HouseTold:
    from sync.central.counter_book import files

    try:
        return files.read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{file} cannot be read: {error}")
    except files.Bad as error:
        fail(f"{file}: {error}")


def _house(there: Database, tenant: str, site: str) -> House:
    from sync.central.counter_book import houses

    with there.reading() as c:
        found = houses.load(c, tenant, site)
    if found is None:
        fail(WHY["no_counter"].format(site=site))
    return found


def _draft(there: Database, tenant: str, site: str, house: HouseTold) -> None:
    from kiosk.world import SystemClock, SystemIds
    from sync.central.audit import at_console
    from sync.central.counter_book import houses

    by, clock = at_console(tenant), SystemClock()
    now, ids = clock.now(), SystemIds()
    there.write(lambda c: houses.begin(c, ids, now, by, site))
    done = houses.change(there, clock, by, site, "file", lambda _: house)
    if not isinstance(done, houses.House):
        fail(f"{site!r} is no name of a site", code=2)


def _problems(there: Database, tenant: str, site: str) -> list[str]:
    from sync.central.counter_book import checking, houses, roster

    with there.reading() as c:
        house = houses.load(c, tenant, site)
        assert house is not None, "it was there a moment ago"
        found = checking.problems(house.shown, roster.members_of(c, tenant, site))
    return [" ".join((one.found.value.replace("_", " "), *one.names)) for one in found]
