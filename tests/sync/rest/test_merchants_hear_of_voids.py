"""A drop that staff took back: its merchant hears of it, and nobody awaits its goods or money."""

from __future__ import annotations

import pytest

from kiosk.domain.counter.outbound_facts import BagCommitted, BagVoided
from kiosk.domain.hlc import advance
from sync.central.reconcile import books
from sync.central.reconcile.run import reconcile
from sync.central.tables import cases
from tests.sync.conftest import TENANT
from tests.sync.rest.conftest import a_return

DAY = "2026-05-04"


@pytest.fixture
def database_url(on_sqlite: str) -> str:
    return on_sqlite


def _heard(caller):
    told = caller.get("/v1/events?after=0&limit=100").json()["events"]
    return [(one["type"], one["data"]["voided"]) for one in told if one["type"][:4] == "drop"]


def test_a_drop_taken_back_is_told_and_awaited_nowhere(linden, kiosk, drop_of, centre):
    linden.put("/v1/returns/RMA-1", a_return())
    fact = drop_of("RMA-1", bag_id="B1")
    stamps = [advance("", 1_000), advance("", 2_000)]
    held = BagCommitted("B1", fact.drop_id, "", DAY)
    kiosk.push(kiosk.record(fact), kiosk.record(held, hlc=stamps[0]))
    assert _heard(linden) == [("drop.committed", None)]
    reconcile(centre.database, TENANT, centre.clock.now())  # what was dropped is looked at by now
    centre.clock.advance(minutes=30)
    back = BagVoided("B1", "changed their mind", DAY, "mia")
    kiosk.push(kiosk.record(back, hlc=stamps[1]))
    (_, (kind, void)) = _heard(linden)
    assert (kind, void["reason"], void["at"]) == (
        "drop.voided",
        "changed their mind",
        "2026-05-04T10:00:00Z",
    )
    assert linden.get(f"/v1/drops/{fact.drop_id}").json()["voided"] == void
    cancelled = linden.post("/v1/returns/RMA-1/cancel", {"reason": "kept"})
    assert cancelled.status_code == 200, cancelled.text
    centre.clock.advance(days=30)
    reconcile(centre.database, TENANT, centre.clock.now())
    assert centre.rows(cases) == []
    closed = books.close(centre.database, TENANT, centre.clock.now(), centre.clock.now().tzinfo)
    assert DAY in closed
    (book,) = centre.rows(books.books, day=DAY)
    assert book["stages"]["dropped"] == book["stages"]["voided"] | {"late": 0}
    assert books.altered(centre.database, TENANT) == []
