"""What arrived at the centre, read as the back office reads it: signed in, over HTTP."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import requests

from kiosk.demo.world import World
from kiosk.world import SystemClock
from sync.central import views
from sync.central.database import Database

TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Landed:
    """The newest drop: its number, its page (saved), and its story in a few lines."""

    drop_number: str
    page: Path
    lines: tuple[str, ...]


def landed(world: World, folder: Path) -> Landed | None:
    """The newest drop at the centre, or None while there is none."""
    database = Database(world.database_url)
    try:
        rows, _ = views.list_drops(database, world.sample.tenant, 1)
        if not rows:
            return None
        tenant, now = world.sample.tenant, SystemClock().now()
        story = views.story(database, tenant, rows[0]["drop_id"], now)
    finally:
        database.close()
    if story is None:
        return None
    drop = story.drop
    page = _page(world, str(drop["drop_id"]))
    if page is None or str(drop["drop_number"]) not in page:
        return None
    file = folder / "centre-drop.html"
    file.write_text(page, "utf-8")
    lines = [
        f"centre: drop {drop['drop_number']} of return {drop['return_id']}, "
        f"bag {drop['bag_id']}, refund {drop['refund']} {drop['currency']} (minor units)"
    ]
    lines += [
        f"centre:   {line['sku']}: {line['outcome']} ({line['reason']}), {line['state']}"
        for line in story.lines
    ]
    now = SystemClock().now()
    lines += [
        f"centre:   {told.type}, received {(now - told.received_at).total_seconds():.0f} s ago, "
        f"{(told.received_at - told.told_at).total_seconds():.1f} s after it happened"
        for told in story.told
    ]
    return Landed(str(drop["drop_number"]), file, tuple(lines))


def _page(world: World, drop_id: str) -> str | None:
    """The drop's page, fetched as the demo's person."""
    url = world.centre.url
    with requests.Session() as session:
        session.trust_env = False
        signed = session.post(
            f"{url}/login",
            data={"name": world.sample.admin, "password": world.sample.password},
            headers={"Origin": url},
            timeout=TIMEOUT_S,
        )
        if not signed.ok:
            return None
        answer = session.get(f"{url}/drops/{drop_id}", timeout=TIMEOUT_S)
        told_of = re.search(r"<h1", answer.text)
        return answer.text if answer.ok and told_of else None
