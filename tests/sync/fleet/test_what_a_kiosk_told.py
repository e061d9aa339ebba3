"""What a kiosk told of itself, as a file: its own state, and nothing of anybody's visit."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from kiosk.domain import events as facts
from kiosk.domain.counter.facts import FACTS
from kiosk.domain.staff import facts as staff
from sync.central.fleet import told


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


PERSONAL = {
    *(facts.DropCommitted, facts.DropAbandoned, facts.DropRefused),
    *(facts.StaffNeeded, facts.CodeRejected, facts.ReceiptSettled),
    *FACTS.values(),  # whose parcel went where
    *(staff.StaffSignedIn, staff.StaffSessionEnded, staff.SignInFailed),
    *(staff.PinChosen, staff.PinUnlocked, staff.Overridden),
}


def test_every_fact_is_either_of_the_kiosk_or_of_a_visit():
    left_out = {kind.type for kind in PERSONAL}
    assert set(told.KINDS) | left_out == set(facts.EVENTS)
    assert not set(told.KINDS) & left_out


def test_it_is_taken_away_as_lines_the_oldest_first(box, clock, desk, drop_of):
    box.record(facts.KioskStarted("1.2.3", 0, 0))
    box.record(drop_of("R1"))
    clock.advance(minutes=1)
    box.record(facts.CommandSettled(1, "diagnostics", "done", ("ledger: whole",)))
    box.settle()
    device = box.me.device_id
    answer = desk.browser.get(f"{desk.url}/kiosks/{device}/told", timeout=20)
    assert answer.headers["content-disposition"] == 'attachment; filename="kiosk-told.jsonl"'
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["type"] for one in found] == [
        "takeback.kiosk.started.v1",
        "takeback.command.settled.v1",
    ]
    assert found[1]["data"]["report"] == ["ledger: whole"]
    assert [one["number"] for one in found] == [1, 3]
    assert "R1" not in answer.text
    assert f'href="/kiosks/{device}/told"' in desk.get(f"/kiosks/{device}")


def test_what_is_old_and_what_is_anothers_is_not_in_it(box, centre, clock, desk_of):
    from sync.central.policy import put_tenant

    box.record(facts.KioskStarted("1.2.3", 0, 0))
    box.settle()
    device, now = box.me.device_id, clock.now()
    assert told.lines(centre.database, "acme", device, now + told.SPAN) == b""
    assert told.lines(centre.database, "acme", device, now + timedelta(days=1)) != b""
    put_tenant(centre.database, "other", "Other", "other")
    eve = desk_of("eve", tenant="other")
    assert eve.browser.get(f"{eve.url}/kiosks/{device}/told", timeout=20).status_code == 404
