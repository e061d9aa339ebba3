"""Weeks of demo data: told by the usual doors, and found by the centre itself."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kiosk.demo.weeks import CUT_OFF, Told, beat_all, tell_weeks
from kiosk.demo.weeks.clock import StoryClock
from kiosk.demo.weeks.faults import Fault, Faults
from kiosk.world import SystemIds
from sync.central.cases import UNSETTLED, Kind
from sync.central.database import Database
from sync.central.reconcile import books, uploading
from sync.central.roles import Role
from sync.central.tables import (
    cases,
    device_spans,
    devices,
    drops,
    events,
    people,
    webhook_deliveries,
)

NOW = datetime(2026, 5, 20, 15, tzinfo=UTC)  # a Wednesday
FOUND = {
    Fault.NOT_CONTAINED: Kind.MISSING,
    Fault.CONTAINED_LATE: Kind.MISSING,
    Fault.STRANGE_BAG: Kind.EXTRA,
    Fault.BAGS_DIFFER: Kind.COUNT_DIFFERS,
    Fault.UNITS_DIFFER: Kind.COUNT_DIFFERS,
    Fault.REFUND_MORE: Kind.VALUE_DIFFERS,
    Fault.DUPLICATE: Kind.DUPLICATE_DROP,
    Fault.WRONG_VERDICT: Kind.VERDICT_DIFFERS,
    Fault.NUMBER_SKIPPED: Kind.SEQUENCE_GAP,
    Fault.UNREADABLE: Kind.QUARANTINED_EVENT,
    Fault.UNKNOWN_PARCEL: Kind.UNKNOWN_PARCEL,
    Fault.OFFLINE: Kind.LATE_UPLOAD,
}
"""What one week is long enough for: a lost container and a missing refund wait longer."""


@dataclass
class Story:
    database: Database
    url: str
    folder: object
    told: Told

    def rows(self, query):
        with self.database.reading() as c:
            return c.execute(query).all()


@pytest.fixture(scope="module")
def story(prepared_file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("weeks")
    shutil.copy(prepared_file, folder / "centre.db")
    url = f"sqlite:///{folder}/centre.db"
    told = tell_weeks(
        url, StoryClock(NOW), SystemIds(), folder / "keys", 1, zone=ZoneInfo("UTC"), busy=40
    )
    database = Database(url)
    yield Story(database, url, folder, told)
    database.close()


def test_the_centre_finds_what_went_wrong(story):
    planted = {kind.value for kind in FOUND.values()}
    found = {row.kind for row in story.rows(sa.select(cases.c.kind))}
    assert planted <= found, planted - found


def test_and_nothing_that_did_not(story):
    kinds = Counter(row.kind for row in story.rows(sa.select(cases.c.kind)))
    assert found_beyond(kinds) == {}


def found_beyond(kinds):
    """Cases of a kind that are more than its faults could open."""
    faults = Faults(7)
    for day in range(8):
        faults.day(day)
    most = Counter()
    for fault in Fault:
        while faults.happens(fault):
            most[FOUND.get(fault, Kind.MISSING).value] += 3 if fault is Fault.OFFLINE else 1
    most[Kind.DUPLICATE_DROP.value] *= 3  # a case for each line that came twice
    return {kind: many for kind, many in kinds.items() if many > most[kind]}


def test_only_the_kiosk_that_left_out_a_fee_is_contradicted(story):
    checks = Counter(row.verdict_check for row in story.rows(sa.select(drops.c.verdict_check)))
    assert set(checks) <= {"same", "differs"}
    assert checks["differs"] <= 2
    assert checks["same"] > 100


def test_some_cases_were_settled_by_people_and_some_wait(story):
    open_ = story.rows(sa.select(cases.c.owner).where(cases.c.state.in_(UNSETTLED)))
    by_hand = story.rows(sa.select(cases).where(cases.c.settled_by.in_(story.told.people)))
    assert len(open_) > 3
    assert len(by_hand) == story.told.cases_settled


def test_the_books_are_closed_and_hold(story):
    assert story.told.days_closed >= 4
    assert books.altered(story.database, "demo") == []


def test_files_of_the_carrier_and_the_hub_were_taken(story):
    taken, _ = uploading.taken(story.database, "demo", 1)
    assert {row["source"] for row in taken} == {"carrier:swift", "hub:north"}
    assert sum(row["new"] for row in taken) > 50


def test_one_kiosk_is_cut_off_one_without_paper_one_behind(story):
    kiosks = {row.kiosk_code: row for row in story.rows(sa.select(devices))}
    newest = story.told.world.policy_number
    assert NOW - kiosks[CUT_OFF].last_seen_at > timedelta(hours=12)
    troubles = {code: row.troubles for code, row in kiosks.items() if row.troubles}
    assert troubles == {"K4": "paper_out", "K5": "policy_stale"}
    behind = {code for code, row in kiosks.items() if row.policy_number < newest}
    assert behind == {"K5", CUT_OFF}


def test_a_kiosks_past_tells_of_what_happened_and_of_no_silence_a_day(story):
    of = sa.select(devices.c.kiosk_code, device_spans).join(
        devices, devices.c.device_id == device_spans.c.device_id
    )
    told = Counter((row.kiosk_code, row.code) for row in story.rows(of))
    assert told == {
        ("K2", "paper_low"): 1,
        ("K2", "paper_out"): 1,
        ("K2", "silent"): 1,
        ("K3", "silent"): 1,  # the days without network
        ("K4", "paper_out"): 1,  # and goes on
        ("K4", "silent"): 1,
        ("K5", "policy_stale"): 1,
        ("K5", "scanner_covered"): 1,
        ("K7", "printer_silent"): 1,
        ("K7", "silent"): 1,
    }
    lasted = [row.ended_at - row.began_at for row in story.rows(of) if row.ended_at]
    assert timedelta(minutes=10) < min(lasted) <= max(lasted) < timedelta(days=4)


def test_most_kiosks_have_been_heard_of_since_the_story_began(story):
    here = {row.kiosk_code: row.here_since for row in story.rows(sa.select(devices))}
    assert NOW - here["K5"] > timedelta(days=6)


def test_there_is_a_person_of_every_role_and_one_of_a_shop(story):
    rows = story.rows(sa.select(people).where(people.c.tenant == "demo"))
    assert {role for row in rows for role in row.roles.split()} == {role.value for role in Role}
    assert [row.merchant_id for row in rows if row.merchant_id] == ["linden"]


def test_one_shop_hears_of_its_drops_and_the_other_is_in_trouble(story):
    rows = story.rows(sa.select(webhook_deliveries.c.state, webhook_deliveries.c.status))
    told = Counter((row.state, row.status) for row in rows)
    assert told["delivered", 204] > 0
    assert [status for state, status in told if state != "delivered" and status] == [503]


def test_kiosks_go_on_calling_but_for_the_one_cut_off(story):
    later = StoryClock(NOW + timedelta(minutes=2))
    assert beat_all(story.database, later, frozenset({CUT_OFF})) == 5
    quiet = sa.select(devices.c.kiosk_code).where(devices.c.last_seen_at < NOW)
    assert [row.kiosk_code for row in story.rows(quiet)] == [CUT_OFF]
    forks = sa.select(cases.c.key).where(cases.c.kind == Kind.FORK.value)
    assert story.rows(forks) == []


def test_a_story_is_told_once(story):
    many = story.rows(sa.select(sa.func.count()).select_from(events))
    with pytest.raises(ValueError, match="has drops already"):
        tell_weeks(story.url, StoryClock(NOW), SystemIds(), story.folder, 1, zone=ZoneInfo("UTC"))
    assert story.rows(sa.select(sa.func.count()).select_from(events)) == many


def test_no_other_tenants_people_are_taken_over(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "centre.db")
    url = f"sqlite:///{tmp_path}/centre.db"
    database = Database(url)
    theirs = {"name": "vera", "tenant": "acme", "password": "", "roles": "", "state": "active"}
    database.write(lambda c: c.execute(people.insert(), theirs))
    database.close()
    with pytest.raises(ValueError, match="vera"):
        tell_weeks(url, StoryClock(NOW), SystemIds(), tmp_path / "keys", 1, zone=ZoneInfo("UTC"))
