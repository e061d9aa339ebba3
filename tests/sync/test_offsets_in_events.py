"""How far the centre's clock was, kept with each event: known, told, hashed, and used."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from kiosk.audit import Proven, check, export
from kiosk.domain import chain
from kiosk.store import beside, tables
from sync.central import beats
from sync.central.tables import events
from sync.wire import codec
from sync.wire.messages import EventRecord


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


class Behind:
    """A kiosk's clock, five hours behind the centre's until somebody sets it."""

    def __init__(self, clock):
        self.clock, self.wrong = clock, timedelta(hours=5)
        self.monotonic = clock.monotonic

    def now(self):
        return self.clock.now() - self.wrong

    def advance(self, **span):
        self.clock.advance(**span)


def kept(box):
    """What each event of the ledger tells of the clock, in order."""
    with box.store.look() as work:
        rows = work._connection.execute(sa.select(tables.events.c.offset_ms))
        return list(rows.scalars())


def test_nothing_is_told_before_the_centre_was_heard(box, drop_of):
    box.store.record(drop_of("R1"), "R1")
    assert kept(box) == [None]
    box.settle()
    box.store.record(drop_of("R2"), "R2")
    assert kept(box) == [None, 0]


def test_a_clock_that_is_set_later_spoils_no_earlier_event(box, centre, clock, drop_of):
    """One drop was recorded while the clock was wrong, one after it was put right; both are told
    after that."""
    box.close()
    box.clock = Behind(clock)
    box.open()
    box.settle()
    centre.server.stop()
    first = clock.now()
    box.record(drop_of("R1"))
    box.clock.wrong = timedelta()
    clock.advance(minutes=20)
    second = clock.now()
    box.record(drop_of("R2"))
    centre.server.start()
    clock.advance(minutes=10)
    box.settle()
    assert kept(box)[-2:] == [5 * 3_600_000, 0]
    told = {row["sequence"]: row for row in centre.rows(events)}
    assert [told[n]["corrected_at"] for n in sorted(told)][-2:] == [first, second]


def test_an_estimate_that_has_grown_vague_is_not_told(box, clock, drop_of):
    box.settle()
    clock.advance(days=30)
    box.store.record(drop_of("R1"), "R1")
    assert kept(box) == [None]


def test_a_centre_that_cannot_read_it_is_not_told(box, centre, monkeypatch, drop_of):
    """An older one would compute another link."""
    monkeypatch.setattr(beats, "HeartbeatReply", _older(beats.HeartbeatReply))
    box.settle()
    box.record(drop_of("R1"))
    box.settle()
    assert kept(box) == [None]
    assert box.store.outbox.position().queued == 0


def _older(reply):
    def made(**told):
        return reply(**{**told, "knows_offsets": False})

    return made


def test_it_is_part_of_the_link_only_where_it_is_told(box, drop_of):
    box.store.record(drop_of("R1"), "R1")
    box.settle()
    box.store.record(drop_of("R2"), "R2")
    first = codec.record(box.store.outbox.at(_epoch(box), 1).events[0], "dev")
    batch = box.store.outbox.at(_epoch(box), 2)
    second = codec.record(batch.events[0], "dev")
    assert "offset_ms" not in codec.body(first)
    assert codec.body(second)["offset_ms"] == 0
    bent = msgspec.structs.replace(second, offset_ms=7)
    assert codec.link(batch.prev_chain, bent) != second.chain == codec.link(first.chain, second)
    there = codec.decode(codec.encode(second), EventRecord)
    assert codec.link(first.chain, there) == second.chain
    assert first.chain == chain.link(chain.GENESIS, first.epoch, 1, first.id, codec.body(first))


def _epoch(box):
    return box.store.outbox.position().epoch


def test_an_exported_ledger_tells_it_and_both_verifiers_agree(box, tmp_path, drop_of):
    box.store.record(drop_of("R1"), "R1")
    box.settle()
    box.store.record(drop_of("R2"), "R2")
    with beside.look(box.folder) as connection:
        lines = list(export(connection, box.me.device_id, box.clock.now(), box.me.key))
    told = [msgspec.json.decode(line) for line in lines]
    assert [one.get("offset_ms") for one in told if one["kind"] == "event"] == [None, 0]
    assert isinstance(check(lines), Proven)
    second = _second_verifier()
    assert second.check(lines) == ""
    bent = [line.replace(b'"offset_ms":0', b'"offset_ms":1') for line in lines]
    assert not isinstance(check(bent), Proven)
    assert "does not follow" in second.check(bent)


def _second_verifier():
    from importlib import util
    from pathlib import Path

    path = Path(__file__).parents[2] / "docs/verify_audit.py"
    spec = util.spec_from_file_location("second_verifier", path)
    made = util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
