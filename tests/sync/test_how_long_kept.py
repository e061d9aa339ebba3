"""What is older than its time goes once a day, and nothing that somebody still needs."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kiosk.domain.events import PhotoFact
from sync.central import keeping, photos
from sync.central.audit import at_console
from sync.central.cases import Step, acting
from sync.central.centre import Centre as Held
from sync.central.jobs import Jobs
from sync.central.keeping import What
from sync.central.tables import (
    attempts,
    case_events,
    cases,
    drop_photos,
    jobs,
    merchant_events,
    office_audit,
    webhook_deliveries,
    webhooks,
)
from sync.central.tables import photos as files
from tests.sync.conftest import DATABASES, IDS, TENANT

ON_SQLITE = pytest.mark.parametrize("database_url", DATABASES[:1], indirect=True)


@pytest.fixture
def tidied(centre, clock):
    """Does the day's tidying; its report."""
    held = Held(centre.database, clock, IDS, ZoneInfo("UTC"))

    def run() -> str:
        assert Jobs(held, [keeping.JOB]).run(keeping.JOB, at_once=True)
        (row,) = centre.rows(jobs)
        return str(row["report"])

    return run


@pytest.fixture
def photographed(centre, kiosk, drop_of, clock):
    """A drop with a photograph, here whole."""

    def drop(return_id: str, sign: bytes) -> str:
        jpeg = b"\xff\xd8\xff" + sign
        sha256 = hashlib.sha256(jpeg).hexdigest()
        fact = dataclasses.replace(
            drop_of(return_id, bag_id=f"BAG-{return_id}"),
            photos=(PhotoFact("L1", sha256, len(jpeg)),),
        )
        kiosk.push(kiosk.record(fact))
        photos.take(centre.database, clock, TENANT, sha256, 0, jpeg)
        return sha256

    return drop


def test_photographs_go_after_their_time_and_not_while_a_case_needs_them(
    centre, photographed, tidied, clock, kiosk
):
    photographed("R1", b"one")
    case = photographed("R2", b"two")
    photographed("R2", b"three")  # taken twice: a case about R2
    (row,) = centre.rows(cases)
    assert row["kind"] == "duplicate_drop"
    both = {one["sha256"] for one in centre.rows(files)}
    clock.advance(days=180)
    assert "photographs 0" in tidied()
    clock.advance(days=1)
    kept = photographed("R9", b"new")
    assert "photographs 1" in tidied()
    left = {one["sha256"] for one in centre.rows(files)}
    assert case in left
    assert len(left) == len(both)  # one gone, one new
    assert {one["sha256"] for one in centre.rows(drop_photos)} == left
    (told,) = centre.rows(office_audit, what="keeping.deleted")
    assert (told["person"], told["subject"]) == ("the centre", "photographs")
    assert told["after"] == '{"count":"1","days":"180"}'
    actor = at_console(TENANT)
    settle = {"resolution": "first_only", "comment": "looked at"}
    seen = centre.rows(cases)[0]["steps"]
    done = acting.act(centre.database, clock, actor, row["case_id"], seen, Step.SETTLED, **settle)
    assert done is None
    assert "photographs 2" in tidied()
    assert {one["sha256"] for one in centre.rows(files)} == {kept}


@ON_SQLITE
def test_a_photograph_that_never_came_is_waited_for_no_more(centre, kiosk, drop_of, tidied, clock):
    fact = dataclasses.replace(drop_of("R1"), photos=(PhotoFact("L1", "a" * 64, 10),))
    kiosk.push(kiosk.record(fact))
    clock.advance(days=181)
    tidied()
    assert centre.rows(drop_photos) == []


def _event(clock, position: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"e{position}",
        "tenant": TENANT,
        "merchant_id": "linden",
        "position": position,
        "type": "drop.committed",
        "subject": "R1",
        "at": clock.now(),
        "data": "{}",
        **more,
    }


def test_events_of_merchants_stay_while_a_webhook_has_not_been_told(centre, tidied, clock):
    now = clock.now()
    hook = {
        "webhook_id": "w1",
        "tenant": TENANT,
        "merchant_id": "linden",
        "url": "https://shop.example/",
        "types": "",
        "secret": "",
        "queued": 3,
        "created_at": now,
        "next_at": now + timedelta(days=5000),  # the centre that runs leaves it alone
        "held_until": now,
    }
    tries = [
        ("delivered", now, 1),
        ("waiting", None, 2),
        ("dead", now + timedelta(days=390), 3),
    ]
    with centre.database.writing() as c:
        events = [_event(clock, position) for position in range(1, 5)]
        c.execute(merchant_events.insert(), [*events, _event(clock, 9, merchant_id="oak")])
        c.execute(webhooks.insert(), hook)
        for state, settled, position in tries:
            row = {"webhook_id": "w1", "position": position, "tenant": TENANT, "state": state}
            row |= {"event_id": f"e{position}", "first_at": now, "next_at": now}
            c.execute(webhook_deliveries.insert(), {**row, "settled_at": settled})
    clock.advance(days=401)
    gone = "merchant-events 3, deliveries 1, photographs 0, screens 0, counters 0, notices 0"
    assert tidied() == gone
    assert {one["id"] for one in centre.rows(merchant_events)} == {"e2", "e4"}
    assert {one["position"] for one in centre.rows(webhook_deliveries)} == {2, 3}


@ON_SQLITE
def test_a_tenant_sets_its_own_times_and_the_audit_knows(centre, photographed, tidied, clock):
    actor, database = at_console(TENANT), centre.database
    photographed("R1", b"one")
    assert keeping.put(database, actor, clock.now(), What.PHOTOGRAPHS, 0) == ""
    clock.advance(days=5000)
    assert "photographs 0" in tidied()
    assert keeping.put(database, actor, clock.now(), What.PHOTOGRAPHS, 30) == ""
    assert keeping.times(database, TENANT)[What.PHOTOGRAPHS] == 30
    assert "photographs 1" in tidied()
    assert "for 7 to 36500 days" in keeping.put(database, actor, clock.now(), What.DELIVERIES, 6)
    told = centre.rows(office_audit, what="keeping.set")
    assert [(one["before"], one["after"]) for one in told] == [
        ('{"days":"180"}', '{"days":"0"}'),
        ('{"days":"0"}', '{"days":"30"}'),
    ]


@ON_SQLITE
def test_what_opens_nothing_any_more_goes_too(centre, tidied, clock):
    row = {"attempt_id": "a", "kind": "enrol", "source": "192.0.2.1", "at": clock.now()}
    with centre.database.writing() as c:
        c.execute(attempts.insert(), row)
    clock.advance(hours=23)
    tidied()
    assert centre.rows(attempts)
    clock.advance(hours=2)
    tidied()
    assert centre.rows(attempts) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE case_events SET who = 'x'", "DELETE FROM case_events"]
)
def test_the_steps_of_a_case_are_only_added_to(centre, photographed, statement):
    photographed("R2", b"two")
    photographed("R2", b"three")
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), centre.database.writing() as c:
        c.execute(sa.text(statement))
    assert centre.rows(case_events)
