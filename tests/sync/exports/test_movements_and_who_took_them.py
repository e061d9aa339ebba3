"""Movements in files, and the audit of every file that was taken."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

import pytest

from sync.central.exports.asking import Asked, Form, Scope, What, Wrong, ask
from sync.central.exports.making import make
from sync.central.exports.sheets import rows
from sync.central.reconcile.model import Kind
from sync.central.tables import office_audit
from tests.sync.reconcile.shop import Shop
from tests.sync.test_case_pages import sits

ZONE = ZoneInfo("UTC")
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def told(centre, clock):
    made = Shop(centre.database, now=clock.now())
    made.told(Kind.CONTAINED, bag_id="B1", container_id="C1", source="shop:m", site="=HYPER(1)")
    made.told(Kind.RECEIVED, container_id="C1", count=7)
    made.told(Kind.REFUNDED, source="merchant:linden", return_id="R1", amount=1990, currency="EUR")
    return made


def lines(centre, clock, scope, form=Form.CSV):
    day = clock.now().astimezone(UTC).date()
    asked = Asked(What.MOVEMENTS, form, scope, day, day, ZONE, mark=False)
    text = b"".join(make(centre.database, asked, clock.now())).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_every_fact_is_a_line(centre, clock, told):
    by_kind = {row["kind"]: row for row in lines(centre, clock, Scope("acme"))}
    assert set(by_kind) == {"contained", "hub_received", "refunded"}
    assert (by_kind["contained"]["count"], by_kind["hub_received"]["count"]) == ("", "7")
    assert (by_kind["refunded"]["amount"], by_kind["contained"]["amount"]) == ("19.90", "")
    assert by_kind["contained"]["site"] == "'=HYPER(1)"
    assert lines(centre, clock, Scope("rival")) == []


def test_pages_of_rows_leave_none_out(centre, clock, told):
    for count in range(30):
        told.told(Kind.RECEIVED, container_id="C2", count=count)
    day = clock.now().date()
    asked = Asked(What.MOVEMENTS, Form.CSV, Scope("acme"), day, day, ZONE)
    assert len(list(rows(centre.database, asked, page=7))) == 33


def test_they_are_no_single_merchants(centre, clock, told):
    bound = Scope("acme", frozenset({"linden"}))
    assert lines(centre, clock, bound) == []
    asked = ask({"what": "movements"}, bound, ZONE, date(2026, 5, 4))
    assert asked == Wrong("rights")


@SQLITE
def test_whoever_takes_a_file_stands_in_the_audit(centre, clock, told):
    desk = sits(centre, "ada")
    day = clock.now().date()
    span = f"first={day - timedelta(days=1)}&last={day}"
    took = desk.browser.get(f"{desk.url}/exports/file?what=movements&form=csv&{span}", timeout=20)
    assert "hub_received" in took.text
    [row] = [row for row in centre.rows(office_audit) if row["what"] == "export.taken"]
    assert row["person"] == "ada"
    assert '"what":"movements"' in row["after"]
    assert "File taken away" in desk.get("/audit")
    desk.browser.get(f"{desk.url}/exports/file?what=nonsense", timeout=20)
    taken = [row for row in centre.rows(office_audit) if row["what"] == "export.taken"]
    assert len(taken) == 1
    desk.browser.close()
