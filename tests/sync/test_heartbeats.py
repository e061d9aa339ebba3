"""What a kiosk tells of itself with each heartbeat, and where people read it."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from kiosk.checks import keeping
from kiosk.domain.events import KioskStarted
from kiosk.store.tables import anchors
from sync.agent import vitals
from sync.agent.circuit import Circuit
from sync.central import beats, devices, glance, heads
from sync.central.admission import LIVE_BYTES, Gate
from sync.central.audit import at_console
from sync.central.devices import Device
from sync.central.fleet import reading
from sync.central.fleet.reading import Wanted
from sync.central.serve import CentralServer
from sync.central.tables import cases, events
from sync.central.tables import devices as kiosks
from sync.wire.messages import Heartbeat
from tests.sync.boxes import IDS, Box
from tests.sync.conftest import BUNDLE_KEY


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


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
    assert (told["inodes_free"] == -1) == (vitals.disk(box.folder).inodes_free == -1)
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
    [shown] = reading.listed(centre.database, "acme", centre.clock.now(), Wanted()).rows
    assert shown["waiting_since"] is None


def test_the_page_of_kiosks_knows_since_when_records_wait(box, centre, clock):
    beat(centre, box, queued=3, oldest_queued_s=7_200)
    [shown] = reading.listed(centre.database, "acme", clock.now(), Wanted()).rows
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
    """To the engineer by `takeback doctor`, to the back office on the page of today and by a case
    each."""
    box.settle()
    devices.revoke(centre.database, centre.clock, at_console("acme"), box.me.device_id, "lost")
    for name in ("R1", "R2"):
        box.record(drop_of(name))
    box.settle()
    box.record(KioskStarted("1", 0, 0))
    box.settle()
    assert box.agent.state.quarantined == 3
    assert len(centre.rows(events, state="quarantined")) == 3
    assert [one["kind"] for one in centre.rows(cases)] == ["quarantined_event"] * 3
    box.close()
    box.open()
    box.record(KioskStarted("1", 0, 0))
    box.settle()
    [check] = [one for one in keeping.ledger(box.folder) if one.name == "set aside"]
    assert check.well
    assert check.finding.startswith("4 so far")
    assert "revoked" in check.finding
    assert check.mend
    today = glance.today(centre.database, "acme", clock.now(), ZoneInfo("UTC"))
    assert [(one.kind, one.count) for one in today.house.waiting] == [("quarantined_event", 4)]


# --- oaths ---


@pytest.fixture
def sworn_to(centre, database_url, clock, tmp_path):
    """A kiosk at a centre that holds its bundle key."""
    server = CentralServer(database_url, clock, IDS, bundle_keys={"acme": BUNDLE_KEY})
    server.start()
    made = Box(dataclasses.replace(centre, server=server), clock, tmp_path / "sworn")
    yield made
    made.close()
    server.stop()


def oaths(box):
    """(sequence, day) of every oath of the centre that the ledger keeps, oldest first."""
    with box.store.look() as work:
        rows = work._connection.execute(sa.select(anchors).order_by(anchors.c.time))
        return [(row.sequence, row.day) for row in rows]


def test_a_kiosk_that_nobody_uses_still_gets_an_oath_a_day(sworn_to, clock, drop_of):
    sworn_to.record(drop_of("R1"))
    sworn_to.settle()
    first = oaths(sworn_to)
    for _ in range(3):
        clock.advance(hours=24)
        sworn_to.settle()
    assert len(first) == 1
    found = oaths(sworn_to)
    assert found[0] == first[0]
    assert len({day for _, day in found}) == 4


def test_it_is_written_once_a_day_and_not_with_every_heartbeat(sworn_to, clock, drop_of):
    sworn_to.record(drop_of("R1"))
    sworn_to.settle()
    clock.advance(minutes=2)
    sworn_to.settle()
    written = []
    believe = sworn_to.store.outbox.acknowledge
    sworn_to.store.outbox.acknowledge = lambda *told: written.append(told) or believe(*told)
    for _ in range(5):
        clock.advance(minutes=2)
        sworn_to.settle()
    assert written == []


@pytest.mark.parametrize("change", [{"chain": "f" * 64}, {"sequence": 9}, {"signature": "00" * 64}])
def test_an_oath_that_does_not_hold_is_not_kept(sworn_to, clock, drop_of, monkeypatch, change):
    sworn_to.record(drop_of("R1"))
    sworn_to.settle()
    kept = oaths(sworn_to)
    swear = heads.oath
    monkeypatch.setattr(heads, "oath", lambda *told: dataclasses.replace(swear(*told), **change))
    clock.advance(hours=25)
    sworn_to.settle()
    assert oaths(sworn_to) == kept
