"""Why one drop's lines got their verdicts: read and told again whenever somebody asks. Reads only.

What can be told is told: the kiosk's own record stands for good, its rules as long as the bundle's
are kept, and the steps only where nothing that a rule looks at had to be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain.events import DropCommitted
from sync.central import views
from sync.central.database import Database
from sync.central.policy.versions import Lacks
from sync.central.recheck.around import Past, around, drop_of
from sync.central.recheck.retelling import Retelling, retell
from sync.central.recheck.rules import Rules
from sync.central.tables import drop_lines, drops, events

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Why:
    """`drop` is its row (sync.central.views.drops_of), `names` are of goods by line. `fact` is what
    the kiosk recorded, None where that is not here or cannot be read. `told` is the verdict told
    again; for want of rules why there are none, and None for want of `fact`."""

    drop: Row
    names: Mapping[str, str]
    fact: DropCommitted | None = None
    told: Retelling | Lacks | None = None

    @property
    def bundle(self) -> int:
        """Whose rules the kiosk used."""
        return self.fact.policy_number if self.fact else int(self.drop["policy_number"])


def why(database: Database, tenant: str, drop_id: str, merchant: str = "") -> Why | None:
    """None for a drop that is not there, or not of this `merchant` where one is named."""
    with database.reading() as c:
        found = views.drops_of(tenant, merchant).where(drops.c.drop_id == drop_id)
        row = c.execute(found).mappings().first()
        if row is None:
            return None
        drop = dict(row)
        names = _names(c, drop_id)
        past = _past(c, tenant, drop)
        if past is None:
            return Why(drop, names)
        return Why(drop, names, past.fact, _told(c, tenant, past))


def _names(c: sa.Connection, drop_id: str) -> dict[str, str]:
    lines = drop_lines.c
    query = sa.select(lines.line_id, lines.name, lines.sku).where(lines.drop_id == drop_id)
    return {line_id: name or sku for line_id, name, sku in c.execute(query)}


def _past(c: sa.Connection, tenant: str, drop: Row) -> Past | None:
    query = sa.select(events.c.body, events.c.epoch, events.c.sequence).where(
        events.c.tenant == tenant, events.c.id == drop["event_id"]
    )
    row = c.execute(query).first()
    if row is None:
        return None
    try:
        fact = drop_of(row.body)
    except msgspec.MsgspecError:
        return None
    device, at = drop["device_id"], drop["corrected_at"]
    return Past(drop["event_id"], device, row.epoch, row.sequence, at, fact)


def _told(c: sa.Connection, tenant: str, past: Past) -> Retelling | Lacks:
    fact = past.fact
    built = Rules(tenant).of(c, fact.policy_number, fact.merchant_id)
    if isinstance(built, Lacks):
        return built
    (known,) = around(c, tenant, [past])
    return retell(fact, built.policy, built.merchant, known)
