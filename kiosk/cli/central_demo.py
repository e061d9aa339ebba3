"""`takeback central demo-data`: a centre to try things in."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from kiosk.cli.central_database import DatabaseUrl, sentences
from kiosk.cli.common import AsJson, fail, known_zone, put_json

if TYPE_CHECKING:
    from sync.central.demo import DemoWorld


def demo_data(
    database: DatabaseUrl,
    keys: Annotated[Path, typer.Option(help="Folder for the demo's private keys.")],
    weeks: Annotated[
        int,
        typer.Option(help="So many weeks of kiosks, drops and cases behind it, 1 to 8.", min=0),
    ] = 0,
    seed: Annotated[int, typer.Option(help="Another number is another story.", min=0)] = 1,
    timezone: Annotated[
        str, typer.Option(help="The back office's, IANA name: its days are closed.")
    ] = "UTC",
    stay: Annotated[
        bool, typer.Option("--stay", help="With --weeks: let the kiosks go on calling, until ^C.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Fill a database with sample merchants, returns and bags, and publish their bundle.

    With --weeks also with what happened there: the kiosks' records, carriers' files and refunds
    come in by the usual doors, and the centre finds what is wrong by itself.
    """
    if stay and not weeks:
        fail("--stay belongs to --weeks", code=2)
    if weeks:
        _weeks(database, keys, weeks, seed, timezone, as_json)
        if stay:
            _stay(database)
        return
    from kiosk.world import SystemClock, SystemIds
    from sync.central.demo import fill

    with sentences(database):
        world = fill(database, SystemClock(), SystemIds(), keys)
    if as_json:
        put_json(world)
        return
    _tell(world)


def _tell(world: DemoWorld) -> None:
    typer.echo(f"bundle {world.policy_number}; sign in as {world.admin} with {world.password}")
    typer.echo(f"enrolment code: {world.enrolment_code}")
    for one in world.returns:
        typer.echo(f"{one.short_code}  {one.order_number} / {one.postal_code}  {one.title}")
    for who in world.staff:
        typer.echo(f"{who.badge}  {who.staff_id} / {who.pin}  {who.name}, {who.role}")


def _weeks(database: str, keys: Path, weeks: int, seed: int, timezone: str, as_json: bool) -> None:
    from kiosk.demo.weeks import tell_weeks
    from kiosk.world import SystemClock, SystemIds

    zone = ZoneInfo(known_zone(timezone))
    clock, ids = SystemClock(), SystemIds()
    with sentences(database):
        told = tell_weeks(database, clock, ids, keys, weeks, zone=zone, seed=seed)
    if as_json:
        put_json(told)
        return
    typer.echo(
        f"{told.weeks} weeks: {told.kiosks} kiosks, {told.drops} drops, "
        f"{told.movements} movements, {told.days_closed} days closed, "
        f"{told.cases_settled} cases settled by people"
    )
    _tell(told.world)
    typer.echo(f"with the same password: {', '.join(told.people)}")


def _stay(database: str) -> None:
    from kiosk.demo.weeks import CUT_OFF, EVERY_S, beat_all
    from kiosk.world import SystemClock
    from sync.central.database import Database

    centre, clock = Database(database), SystemClock()
    typer.echo("the kiosks go on calling; ^C ends it")
    try:
        while True:
            with sentences(database):
                beat_all(centre, clock, frozenset({CUT_OFF}))
            threading.Event().wait(EVERY_S)
    except KeyboardInterrupt:
        typer.echo("the kiosks have gone")
    finally:
        centre.close()
