"""`takeback central keep`: how long a tenant keeps what."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.cli.central_database import DEFAULT_DATABASE, DatabaseUrl, known_tenant, opened
from kiosk.cli.common import AsJson, fail, put_json, table


def keep(
    tenant: Annotated[str, typer.Option(help="Whose.")],
    what: Annotated[
        str,
        typer.Argument(
            help="merchant-events, deliveries, photographs, screens, notices; none: all."
        ),
    ] = "",
    days: Annotated[int, typer.Argument(help="From now on; 0 for ever.")] = -1,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Show how long a tenant keeps what, or change it; what is older goes once a day."""
    from kiosk.world import SystemClock
    from sync.central import keeping
    from sync.central.audit import at_console

    if what and what not in set(keeping.What):
        fail(f"{what}: there are {', '.join(keeping.What)}", code=2)
    if what and days < 0:
        fail("for how many days? 0 is for ever", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        if what:
            now, which = SystemClock().now(), keeping.What(what)
            if why := keeping.put(there, at_console(tenant), now, which, days):
                fail(why, code=2)
        told = keeping.times(there, tenant)
    if as_json:
        put_json({one.value: count for one, count in told.items()})
        return
    table([(one.value, f"{count} days" if count else "for ever") for one, count in told.items()])
