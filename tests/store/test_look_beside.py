"""A look into the ledger beside the kiosk that writes it: no lock, no change."""

from __future__ import annotations

import os
import shutil

import pytest

from kiosk.domain.events import KioskStarted
from kiosk.store import StoreCause, StoreFailed, beside, open_store
from kiosk.store.lock import holder
from kiosk.store.outbox import chains, events_of, verify_chains
from kiosk.world import SystemClock, SystemIds


@pytest.fixture
def kiosk(tmp_path):
    store = open_store(tmp_path / "data", SystemClock(), SystemIds())
    store.record(KioskStarted("1", 0, 0), "kiosk")
    yield store
    store.close()


def test_it_sees_what_is_committed_and_keeps_its_picture(kiosk):
    with beside.look(kiosk.directory) as connection:
        (chain,) = chains(connection)
        kiosk.record(KioskStarted("2", 0, 0), "kiosk")
        held = list(events_of(connection, chain.epoch))
        assert [event.data["version"] for event in held] == ["1"]
        assert held[-1].chain == chain.chain
        assert verify_chains(connection) is None
        assert beside.sound(connection) == ""
    with beside.look(kiosk.directory) as connection:
        assert chains(connection)[0].sequence == 2


def test_nothing_can_be_written_there(kiosk):
    with pytest.raises(StoreFailed), beside.look(kiosk.directory) as connection:
        connection.exec_driver_sql("DELETE FROM events")
    assert kiosk.outbox.position().queued == 1


def test_the_log_that_a_crash_left_is_read_too(kiosk, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(kiosk.directory, copy)
    assert (copy / "ledger.db-wal").stat().st_size
    with beside.look(copy) as connection:
        assert chains(connection)[0].sequence == 1


def test_who_has_it(kiosk):
    assert holder(kiosk.directory) == str(os.getpid())
    kiosk.close()
    assert holder(kiosk.directory) is None


def test_a_directory_without_anything(tmp_path):
    assert holder(tmp_path) is None
    with pytest.raises(StoreFailed) as failure, beside.look(tmp_path):
        pass
    assert failure.value.cause is StoreCause.LOST
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "cause"), [(b"junk" * 5000, StoreCause.CORRUPT), (b"", StoreCause.INTERNAL)]
)
def test_a_file_that_is_no_ledger(tmp_path, content, cause):
    (tmp_path / "ledger.db").write_bytes(content)
    with pytest.raises(StoreFailed) as failure, beside.look(tmp_path):
        pass
    assert failure.value.cause is cause
