"""Looks of merchants that kiosks do not use in whole, as they told it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central.policy import versions
from sync.central.tables import events, merchants

MOST_READ = 5_000
"""Kiosks tell a fault once, so these are few; the newest count."""


@dataclass(frozen=True, slots=True)
class Unused:
    """Parts of one merchant's look, since bundle `number`. `problems` are "part: why" each."""

    merchant: str
    number: int
    told_at: datetime
    problems: tuple[str, ...]


def unused(
    c: sa.Connection, tenant: str, serving: Mapping[str, int]
) -> dict[str, tuple[Unused, ...]]:
    """What each kiosk leaves out at present, by device; `serving` is the bundle it decides by.

    A kiosk tells a fault once, with the first bundle that has it, and not when it is mended. So a
    fault stands for as long as the look is the one that was told of.
    """
    shops = sa.select(merchants.c.merchant_id, merchants.c.name).where(merchants.c.tenant == tenant)
    names = {row.merchant_id: row.name for row in c.execute(shops)}
    looks = _Looks(c, tenant)
    found: dict[tuple[str, str], Unused] = {}
    for row in c.execute(_told(tenant)):
        data = msgspec.json.decode(row.body)["data"]
        shop, number = str(data["merchant_id"]), int(data["number"])
        if (row.device_id, shop) in found or not looks.same(
            shop, number, serving.get(row.device_id, 0)
        ):
            continue
        problems = tuple(str(one) for one in data["problems"])
        found[row.device_id, shop] = Unused(
            names.get(shop, shop), number, row.corrected_at, problems
        )
    return {
        device: tuple(one for (its, _), one in sorted(found.items()) if its == device)
        for device in {device for device, _ in found}
    }


def _told(tenant: str) -> sa.Select[Any]:
    """The newest first."""
    return (
        sa.select(events)
        .where(
            events.c.tenant == tenant,
            events.c.type == facts.LookRefused.type,
            events.c.state == "accepted",
        )
        .order_by(events.c.received_at.desc(), events.c.sequence.desc())
        .limit(MOST_READ)
    )


class _Looks:
    """The looks of bundles, each bundle's read once."""

    def __init__(self, c: sa.Connection, tenant: str) -> None:
        self._c = c
        self._tenant = tenant
        self._known: dict[int, versions.Version | None] = {}

    def same(self, shop: str, told: int, now: int) -> bool:
        """Whether a shop looks in bundle `now` as in bundle `told`. Of bundles that are older
        than the record nobody knows: then only the very bundle counts."""
        if told == now:
            return True
        before, after = self._of(told), self._of(now)
        if before is None or after is None or now < told:
            return False
        was, is_now = before.shops.get(shop), after.shops.get(shop)
        return was is not None and is_now is not None and was.look == is_now.look

    def _of(self, number: int) -> versions.Version | None:
        if number not in self._known:
            self._known[number] = versions.load(self._c, self._tenant, number)
        return self._known[number]
