"""Should one PostgreSQL ever be too small (docs/adr/0021): every table that grows says whose its
rows are, and no query needs those of others. So the same schema can lie on many nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import requests
import sqlalchemy as sa

from kiosk.domain.events import ReceiptSettled
from sync.central.centre import Centre
from sync.central.people import create_admin
from sync.central.recheck import job as recheck
from sync.central.reconcile import job as reconcile
from sync.central.tables import metadata
from tests.bench.pages import Walk, routes
from tests.sync.conftest import IDS, TENANT, drop

SMALL = {
    *("tenants", "jobs", "attempts", "limits", "webhooks"),
    *("people", "sessions", "invitations", "recovery_codes", "ways"),
}
"""What neither kiosks nor goods make grow."""
GROWS = {name for name in metadata.tables if name not in SMALL | {"devices"}}
KEYS = ("tenant", "device_id", "drop_id", "case_id", "webhook_id", "prefix", "code_hash")
"""What names rows of one tenant alone: itself, its kiosk, or a thing of its."""

_ASKS = re.compile(r"\s*(?:SELECT|UPDATE|DELETE|WITH|INSERT\b.*\bSELECT)\b", re.DOTALL)
_NAMED = re.compile(r"\b(?:FROM|JOIN|UPDATE)\s+(\w+)", re.IGNORECASE)
_KEYED = re.compile(rf"\b(?:{'|'.join(KEYS)})\b\s*(?:=|IN\b)", re.IGNORECASE)
_SIZE = re.compile(r"SELECT max\(rowid\)")  # of a table of SQLite's, by its last entry alone
_BY_ID = re.compile(r"\bevents\.id (?:=|IN)")  # of what a kiosk just told: its ids are unique


@pytest.mark.parametrize("name", sorted(GROWS))
def test_every_table_that_grows_says_whose_its_rows_are(name) -> None:
    table = metadata.tables[name]
    owner = [table.c[one] for one in ("tenant", "device_id") if one in table.c]
    assert owner
    assert not owner[0].nullable
    if "tenant" not in table.c:  # a kiosk has one tenant, for ever
        assert "devices.device_id" in {key.target_fullname for key in table.foreign_keys}


@pytest.fixture
def told() -> Iterator[list[str]]:
    """Every statement of every database of this process."""
    found: list[str] = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield found
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


def across(statements: list[str]) -> set[str]:
    """Those that ask for rows of a table that grows by no key of a tenant."""
    asked = {one for one in statements if _ASKS.match(one) and not _SIZE.match(one)}
    grown = {one for one in asked if GROWS.intersection(_NAMED.findall(one))}
    assert grown
    return {one for one in grown if not _KEYED.search(one) and not _BY_ID.search(one)}


@pytest.fixture
def filled(centre, kiosk, authorised):
    """A centre with one of most things."""
    authorised("R1", quantity=4)
    facts = [drop("R1", bag_id=f"BAG-{n}") for n in range(6)]
    kiosk.push(*(kiosk.record(fact) for fact in facts))
    kiosk.push(kiosk.record(ReceiptSettled(facts[0].drop_id, "printed", "")))
    kiosk.push(kiosk.record({"text": "a\0b"}))
    create_admin(centre.database, IDS, TENANT, "ada", "correct horse battery")
    return centre


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_page_reads_across(filled, told) -> None:
    with requests.Session() as browser:
        told_by = {"name": "ada", "password": "correct horse battery"}
        assert browser.post(filled.url + "/login", data=told_by, timeout=30).status_code == 200
        walk = Walk(browser, filled.url, routes(), most=3)
        walk.go(["/", "/search?q=BAG-1", "/search?q=R1", "/goods/bag/BAG-1", "/drops?q=BAG"])
    assert len(walk.took) > 10
    assert across(told) == set()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_kiosk_and_no_job_reads_across(centre, told, filled) -> None:
    assert filled is centre  # and was filled while all that it was told was written down
    filled.clock.advance(days=30)
    whole = Centre(filled.database, filled.clock, IDS, ZoneInfo("UTC"))
    assert "drops 6" in reconcile.work(whole, lambda: True)
    recheck.work(whole, lambda: True)
    assert across(told) == set()
