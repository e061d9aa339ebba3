"""The kiosks on the pages: all of them, one, and the sites."""

from __future__ import annotations

import shutil
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.events import DeviceChanged
from sync.central.fleet import reading
from sync.central.fleet.reading import Wanted
from sync.central.policy import put_tenant
from sync.central.tables import bundles
from tests.sync.fleet.conftest import Fleet

SCRIPT = '<script>alert("x")</script>'


@pytest.fixture
def database_url(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "pages.db")
    return f"sqlite:///{tmp_path}/pages.db"


def issue(fleet, number, early=False):
    row = {
        "tenant": "acme",
        "number": number,
        "previous": number - 1,
        "issued": fleet.clock.now(),
        "warn_after": fleet.clock.now(),
        "accept_until": fleet.clock.now(),
        "envelope": b"",
        "files": [],
        "etag": "",
        "early": early,
    }
    fleet.database.write(lambda c: c.execute(bundles.insert(), row))


def codes(found):
    return [row["kiosk_code"] for row in found.rows]


def listed(fleet, **wanted):
    return reading.listed(fleet.database, "acme", fleet.clock.now(), Wanted(**wanted))


def test_whoever_needs_somebody_stands_first(fleet, clock):
    silent = fleet.join("K1")
    fleet.beat(silent)
    clock.advance(minutes=10)
    for code, troubles in (("K2", ()), ("K3", ("paper_out",)), ("K4", ("policy_missing",))):
        fleet.beat(fleet.join(code, "Street 2"), troubles=troubles)
    fleet.join("K5", "Street 2")
    found = listed(fleet)
    assert codes(found) == ["K4", "K1", "K3", "K5", "K2"]
    assert (found.total, found.need, found.sites) == (5, 4, ("Street 1", "Street 2"))
    assert codes(listed(fleet, state="needs")) == ["K4", "K1", "K3", "K5"]
    assert codes(listed(fleet, state="silent")) == ["K1"]
    assert codes(listed(fleet, site="Street 1")) == ["K1"]
    assert codes(listed(fleet, page=2)) == []


def test_a_kiosk_lags_once_newer_rules_are_out_for_a_while(fleet, clock):
    issue(fleet, 1)
    boxes = {code: fleet.join(code) for code in ("K1", "K2", "K3")}
    clock.advance(hours=1)
    issue(fleet, 2)
    issue(fleet, 3, early=True)
    for code, number in (("K1", 1), ("K2", 2), ("K3", 3)):
        fleet.beat(boxes[code], policy_number=number)
    assert listed(fleet).rollout.lags == 0
    clock.advance(hours=1)
    for code, number in (("K1", 1), ("K2", 2), ("K3", 3)):
        fleet.beat(boxes[code], policy_number=number)
    rollout = listed(fleet).rollout
    assert (rollout.newest, rollout.there, rollout.lags) == (2, 2, 1)
    assert rollout.counts == ((3, 1), (2, 1), (1, 1))
    [late] = listed(fleet, state="policy").rows
    assert late["kiosk_code"] == "K1"
    assert late["behind_since"] == clock.now() - timedelta(hours=1)


def test_another_tenants_kiosks_are_not_there(fleet):
    fleet.join("K1")
    put_tenant(fleet.database, "other", "Other", "other")
    assert reading.listed(fleet.database, "other", fleet.clock.now(), Wanted()).total == 0


def test_a_kiosks_page_tells_how_it_is_and_was(centre, kiosk, desk, clock, drop_of):
    beats = Fleet(centre.database, clock)
    beats.beat(kiosk.device_id, troubles=("paper_out",))
    printer = DeviceChanged("receipt printer", "printer", "faulty", "paper_out")
    kiosk.push(
        kiosk.record(printer, subject="receipt printer"),
        kiosk.record(drop_of("R1", drop_number="K1-000042-S")),
    )
    clock.advance(minutes=2)
    beats.beat(kiosk.device_id, queued=2, oldest_queued_s=3600, disk_free_mb=9000)
    page = desk.get(f"/kiosks/{kiosk.device_id}")
    for said in (
        "2 records wait, the oldest for 1 hour.",
        "9000 MB",
        "receipt printer",
        "Out of order",
        "The paper is used up. Put in a new roll.",
        "There is no receipt paper right now.",
        "for 2 minutes",
        "K1-000042-S",
    ):
        assert said in page, said
    assert f'href="/kiosks/{kiosk.device_id}"' in desk.get("/kiosks")


def test_a_site_tells_its_kiosks_and_what_came_in_today(centre, kiosk, desk, drop_of, enrolled):
    other = enrolled("K2")
    kiosk.push(kiosk.record(drop_of("R1", bag_id="BAG-1")))
    other.push(other.record(drop_of("R1", bag_id="BAG-2")))
    now = centre.clock.now()
    [site] = reading.sites(centre.database, "acme", now, ZoneInfo("UTC"))
    assert (site.name, site.kiosks, site.drops, site.cases) == ("Street 1", 2, 2, 1)
    assert (
        reading.sites(centre.database, "acme", now + timedelta(days=1), ZoneInfo("UTC"))[0].drops
        == 0
    )
    page = desk.get("/kiosks/sites")
    assert 'href="/kiosks?site=Street%201"' in page


@pytest.mark.parametrize("path", ["/kiosks/none", "/kiosks/%00", "/kiosks/" + "x" * 500])
def test_a_kiosk_that_is_not_there_is_a_page_that_says_so(desk, path):
    assert desk.browser.get(desk.url + path, timeout=20).status_code == 404


def test_another_tenants_kiosk_is_not_there(centre, kiosk, desk_of):
    put_tenant(centre.database, "other", "Other", "other")
    eve = desk_of("eve", tenant="other")
    answer = eve.browser.get(f"{eve.url}/kiosks/{kiosk.device_id}", timeout=20)
    assert answer.status_code == 404


def test_nothing_a_kiosk_says_of_itself_becomes_markup(centre, kiosk, desk, clock):
    beats = Fleet(centre.database, clock)
    beats.beat(kiosk.device_id, troubles=(SCRIPT,), version=SCRIPT, epoch=SCRIPT)
    said = DeviceChanged(SCRIPT, SCRIPT, SCRIPT, SCRIPT)
    kiosk.push(kiosk.record(said, subject="x"))
    for path in ("/kiosks", f"/kiosks/{kiosk.device_id}", "/kiosks?site=" + SCRIPT):
        answer = desk.browser.get(desk.url + path, timeout=20)
        assert "<script" not in answer.text
