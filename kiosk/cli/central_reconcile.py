"""`takeback central reconcile | books | tolerances`: what was dropped against what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, put_json, table

if TYPE_CHECKING:
    from sync.central.database import Database

Tenant = Annotated[str, typer.Option(help="Whose goods.")]


def reconcile(
    tenant: Tenant,
    since: Annotated[
        str,
        typer.Option(help="Look again at all that was received since then, as 2026-05-04."),
    ] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Match what is new: opens cases for what does not fit, settles those that later facts explain.

    The service does this every few minutes by itself.
    """
    from kiosk.world import SystemClock
    from sync.central.reconcile.run import reconcile as run

    start = _instant(since)
    with opened(database) as there:
        known_tenant(there, tenant)
        done = run(there, tenant, SystemClock().now(), since=start)
    if as_json:
        put_json(done)
        return
    typer.echo(f"looked at {done.drops} drops and {done.movements} movements")
    typer.echo(f"differences: {done.opened} new, {done.changed} changed, {done.gone} gone")


def _instant(text: str) -> datetime | None:
    """A day or an instant; without a zone it is in UTC."""
    if not text:
        return None
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no day or instant, as 2026-05-04 or 2026-05-04T18:00+02:00", code=2)
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def books(
    tenant: Tenant,
    check: Annotated[
        bool, typer.Option("--check", help="Reckon every closed book again, from its facts.")
    ] = False,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Show the latest closed day; with --check prove all of them. The service closes them."""
    from sync.central.reconcile import books as kept

    with opened(database) as there:
        known_tenant(there, tenant)
        wrong = kept.altered(there, tenant) if check else []
        rows = _latest(there, tenant)
    if as_json:
        put_json({"altered": wrong, "books": rows})
    else:
        table([("day", "site", "stage", "facts", "units", "late", "amounts"), *_lines(rows)])
        for day, site, why in wrong:
            typer.echo(f"{day} {site or 'elsewhere'}: {why}", err=True)
    if wrong:
        fail(f"{len(wrong)} closed books are not what they were")


def _latest(database: Database, tenant: str) -> list[dict[str, object]]:
    """The books of the last closed day that has any."""
    import sqlalchemy as sa

    from sync.central.tables import books as kept

    day = sa.select(sa.func.max(kept.c.day)).where(kept.c.tenant == tenant).scalar_subquery()
    query = sa.select(kept).where(kept.c.tenant == tenant, kept.c.day == day)
    with database.reading() as c:
        return [dict(row) for row in c.execute(query.order_by(kept.c.site)).mappings()]


def _lines(rows: list[dict[str, object]]) -> list[tuple[str, ...]]:
    made = list[tuple[str, ...]]()
    for row in rows:
        stages = row["stages"]
        assert isinstance(stages, dict)
        for stage, told in sorted(stages.items()):
            sums = ", ".join(f"{minor} {money}" for money, minor in sorted(told["amounts"].items()))
            numbers = (str(told[name]) for name in ("facts", "units", "late"))
            made.append((str(row["day"]), str(row["site"]) or "elsewhere", stage, *numbers, sums))
    return made


def tolerances(
    tenant: Tenant,
    changes: Annotated[
        list[str] | None, typer.Argument(help="NAME=NUMBER, as contained_hours=48; 0 is off.")
    ] = None,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Show how long is waited, and how much may differ, before a case opens; or change it."""
    from dataclasses import asdict

    from sync.central.reconcile.run import set_tolerances, tolerances_of

    told = dict(map(_change, changes or ()))
    with opened(database) as there:
        known_tenant(there, tenant)
        try:
            set_tolerances(there, tenant, **told)
        except ValueError as error:
            fail(str(error), code=2)
        now = asdict(tolerances_of(there, tenant))
    if as_json:
        put_json(now)
    else:
        table([(name, str(value)) for name, value in now.items()])


def _change(text: str) -> tuple[str, int]:
    name, _, value = text.partition("=")
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        fail(f"{text!r} is not NAME=NUMBER", code=2)
    return name, int(value)
