"""The kiosk's own drops as goods of its counter: taken in one transaction, voided in one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.outbound_facts import BagCommitted, BagVoided
from kiosk.domain.counter.shop import Shop
from kiosk.domain.visit import CommittedDrop
from kiosk.store import voiding

if TYPE_CHECKING:
    from kiosk.store import Work


def bag_committed(promise: CommittedDrop, on: date) -> tuple[BagCommitted, ...]:
    """What the counter knows of a promise: its bag; () where nothing was taken. Whose carrier may
    take the bag is not settled at the kiosk: any may."""
    if not promise.bag_id:
        return ()
    return (BagCommitted(promise.bag_id, promise.drop_id, "", on.isoformat()),)


def void_drops(work: Work, shop: Shop, facts: Sequence[Fact], now: datetime) -> None:
    """The kiosk's own promises among what these facts take back."""
    for fact in facts:
        if isinstance(fact, BagVoided):
            drop_id, on = shop.bags[fact.bag_id].drop_id, date.fromisoformat(fact.on)
            voiding.void(work, drop_id, on, fact.reason, now)
