"""What a kiosk tells of itself with each heartbeat, and where people read it."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.checks import keeping
from kiosk.domain.events import KioskStarted
from sync.agent import vitals
from sync.agent.circuit import Circuit
from sync.central import beats, devices, views
from sync.central.admission import LIVE_BYTES, Gate
from sync.central.devices import Device
from sync.central.tables import cases, events
from sync.central.tables import devices as kiosks
from sync.wire.messages import Heartbeat
from tests.sync.boxes import Box


@pytest.fixture
def database_url(prepared_file, tmp_path):
    shutil.copy(prepared_file, tmp_path / "centre.db")
    return f"sqlite:///{tmp_path}/centre.db"


@pytest.fixture
def box(centre, clock, tmp_path):
    made = Box(centre, clock, tmp_path / "kiosk", troubles=lambda: ("paper_low",))
    yield made
    made.close()


def row(centre):
    [found] = centre.rows(kiosks)
    return found


def beat(centre, box, **changes):
    told = Heartbeat(
        **{
            "time": centre.clock.now(),
            "version": "1",
            "epoch": "e",
            "cursor": 0,
            "chain_head": "",
            "queued": 0,
            **changes,
        }
    )
    caller = Device(box.me.device_id, "acme", False)
    return beats.beat(centre.database, centre.clock, caller, told)


def test_a_heartbeat_tells_disk_clock_boot_circuit_and_the_last_look(box, centre, clock):
    box.settle()
    box.store.look_over(lambda: None)
    clock.advance(minutes=2)
    box.settle()
    told = row(centre)
    assert told["disk_free_mb"] >= 0
    assert told["inodes_free"] == vitals.disk(box.folder).inodes_free
    assert told["boot_id"] == vitals.boot_id()
    assert told["clock_error_ms"] >= 0
    assert told["circuit"] == Circuit.CLOSED
    assert (told["missed"], told["settings_version"]) == (0, 0)
    assert told["troubles"] == "paper_low"
    assert clock.now() - told["checked_at"] <= timedelta(minutes=2)
    assert (told["queued"], told["oldest_queued_s"]) == (0, 0)


def test_what_a_machine_does_not_tell_is_no_error(tmp_path, monkeypatch):
    monkeypatch.setattr(vitals, "_BOOT_ID", tmp_path / "nothing")
    assert vitals.boot_id() == ""
    assert vitals.disk(tmp_path / "nowhere") == vitals.Disk(-1, -1)


def test_a_heartbeat_of_an_older_kiosk_says_less(box, centre):
    beat(centre, box)
    told = row(centre)
    assert (told["inodes_free"], told["clock_error_ms"], told["checked_at"]) == (-1, -1, None)


@pytest.mark.parametrize("seconds", [-5, 1 << 62])
def test_a_heartbeat_that_tells_nonsense_is_no_error_either(box, centre, seconds):
    beat(
        centre,
        box,
        checked_s=seconds,
        oldest_queued_s=seconds,
        queued=1,
        missed=-7,
        boot_id="\0" * 500,
        circuit="x" * 500,
    )
    assert row(centre)["checked_at"] is None
    [shown] = views.list_kiosks(centre.database, "acme", centre.clock.now())
    assert shown["waiting_since"] is None


def test_the_page_of_kiosks_knows_since_when_records_wait(box, centre, clock):
    beat(centre, box, queued=3, oldest_queued_s=7_200)
    [shown] = views.list_kiosks(centre.database, "acme", clock.now())
    assert shown["waiting_since"] == clock.now() - timedelta(hours=2)


def test_heartbeats_have_a_lane_while_backlogs_fill_all_others():
    """A fleet that drains seven days must not look dead."""

    async def scene():
        hold = asyncio.Event()
        reached = []

        async def app(scope, _receive, send):
            reached.append(scope["path"])
            if scope["path"].endswith("/events"):
                await hold.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async def call(path, size):
            sent = []

            async def receive():
                return {"type": "http.request", "body": b"x", "more_body": False}

            async def send(message):
                sent.append(message)

            head = [(b"content-length", str(size).encode())]
            scope = {"type": "http", "path": path, "headers": head}
            await gate(scope, receive, send)
            return sent[0]["status"]

        gate = Gate(app, places=2, live=2, beats=1, patience_s=0.0)
        backlogs = [
            asyncio.create_task(call(f"/v1/devices/k{n}/events", LIVE_BYTES + 1)) for n in range(6)
        ]
        drops = [asyncio.create_task(call(f"/v1/devices/d{n}/events", 100)) for n in range(6)]
        while len(reached) < 4:
            await asyncio.sleep(0)
        beaten = [await call(f"/v1/devices/k{n}/heartbeat", 300) for n in range(6)]
        hold.set()
        return beaten, await asyncio.gather(*backlogs, *drops)

    beaten, others = asyncio.run(scene())
    assert beaten == [200] * 6
    assert 503 in others


def test_what_the_centre_could_not_use_is_kept_counted_and_shown(box, centre, clock, drop_of):
    """To the engineer by `takeback doctor`, to the back office as a tile and a case each."""
    box.settle()
    devices.revoke(centre.database, box.me.device_id)
    for name in ("R1", "R2"):
        box.record(drop_of(name))
    box.settle()
    box.record(KioskStarted("1", 0, 0))
    box.settle()
    assert box.agent.state.quarantined == 3
    assert len(centre.rows(events, state="quarantined")) == 3
    assert [one["kind"] for one in centre.rows(cases)] == ["quarantined"] * 3
    box.close()
    box.open()
    box.record(KioskStarted("1", 0, 0))
    box.settle()
    [check] = [one for one in keeping.ledger(box.folder) if one.name == "set aside"]
    assert check.well
    assert check.finding.startswith("4 so far")
    assert "revoked" in check.finding
    assert check.mend
    today = views.today(centre.database, "acme", clock.now(), ZoneInfo("UTC"))
    assert (today.quarantined, today.open_cases) == (4, 4)
