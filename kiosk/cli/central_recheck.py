"""`takeback central recheck`: every drop judged again at the centre."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, put_json


def recheck(
    tenant: Annotated[str, typer.Argument(help="Whose drops.", show_default=False)],
    since: Annotated[
        str,
        typer.Option(
            metavar="DAY",
            help="Look again at all that came since this day (UTC), as 2026-05-01.",
            show_default=False,
        ),
    ] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Judge drops again by the rules their kiosk had; what differs becomes a case.

    `serve` does this by itself for whatever comes in. Run it for drops of before, or with --since
    after a mend of the centre's own software.
    """
    from kiosk.world import SystemClock
    from sync.central import recheck as work

    moment = _day(since) if since else None
    with opened(database) as there:
        known_tenant(there, tenant)
        if moment is not None:
            work.again(there, tenant, moment)
        told = work.run(there, SystemClock(), tenant)
    counts = {result.value: told.results[result.value] for result in work.Result}
    if as_json:
        put_json({**counts, "opened": told.opened, "settled": told.settled})
        return
    typer.echo(
        f"{told.drops} drops judged again: {counts['same']} the same, {counts['differs']} differ; "
        f"{told.opened} cases opened, {told.settled} settled"
    )
    for result, sentence in _NOT_JUDGED:
        if counts[result]:
            typer.echo(f"{counts[result]} could not be judged: {sentence}")


_NOT_JUDGED = (
    ("untold", "a rule looks at what nobody recorded"),
    ("no_rules", "the rules of their bundle were not kept"),
    ("other_version", "kiosk and centre do not know the same rules or facts"),
)


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        fail(f"{text!r} is no day; write it as 2026-05-01", code=2)
