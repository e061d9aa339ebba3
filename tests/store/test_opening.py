"""Opening a store: one process a directory, the right settings, and clear refusals."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys

import pytest

from kiosk.domain.events import KioskStarted
from kiosk.store import StoreCause, StoreFailed, Unavailable, try_open

HOLDER = """
import sys
from pathlib import Path
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
store = open_store(Path(sys.argv[1]), SystemClock(), SystemIds())
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(shelf):
    """Another process that has the store open."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(shelf.directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "open\n"
    yield other
    other.kill()
    other.communicate()


def test_a_second_process_is_refused_and_told_who_is_first(shelf, holder):
    refused = try_open(shelf.directory, shelf.clock, shelf.ids)
    assert isinstance(refused, Unavailable)
    assert refused.cause is StoreCause.IN_USE
    assert str(holder.pid) in refused.detail


def test_a_killed_process_leaves_no_lock(shelf, holder):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert shelf.open().outbox.position().queued == 0


def test_a_second_store_in_the_same_process_is_refused(shelf, store):
    with pytest.raises(StoreFailed) as refused:
        shelf.open()
    assert refused.value.cause is StoreCause.IN_USE
    store.close()
    shelf.open()


def test_promises_are_synced_before_they_are_made(store):
    assert store._database.pragma("journal_mode") == "wal"
    assert store._database.pragma("synchronous") == 2
    assert store._database.pragma("foreign_keys") == 1


def test_files_are_for_the_kiosk_alone(shelf, store):
    store.record(KioskStarted("1", 0, 0), "kiosk")
    rights = {path.name: stat.S_IMODE(path.stat().st_mode) for path in shelf.directory.iterdir()}
    assert set(rights.values()) == {0o600}, rights
    assert "ledger.db-wal" in rights


def test_closing_leaves_one_file_without_a_log(shelf, store):
    store.record(KioskStarted("1", 0, 0), "kiosk")
    store.close()
    store.close()
    assert not list(shelf.directory.glob("ledger.db-*"))
    with pytest.raises(StoreFailed):
        store.record(KioskStarted("1", 0, 0), "kiosk")


def test_a_directory_that_cannot_be_made_is_a_value(shelf, tmp_path):
    (tmp_path / "file").write_text("")
    refused = try_open(tmp_path / "file" / "data", shelf.clock, shelf.ids)
    assert isinstance(refused, Unavailable)
    assert refused.cause is StoreCause.IO


def test_a_file_that_is_no_ledger_is_refused_and_kept(shelf):
    shelf.directory.mkdir()
    junk = b"not a database, but somebody may still need it" * 200
    (shelf.directory / "ledger.db").write_bytes(junk)
    refused = try_open(shelf.directory, shelf.clock, shelf.ids)
    assert isinstance(refused, Unavailable)
    assert refused.cause is StoreCause.CORRUPT
    assert (shelf.directory / "ledger.db").read_bytes() == junk


def test_a_torn_page_is_found_after_an_unclean_end(shelf, record):
    store = shelf.open()
    record(store, 40)
    store.close()
    ledger = shelf.directory / "ledger.db"
    data = bytearray(ledger.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    ledger.write_bytes(data)
    (shelf.directory / "ledger.db-wal").write_bytes(b"x")  # as a crash leaves one
    with pytest.raises(StoreFailed) as refused:
        shelf.open()
    assert refused.value.cause is StoreCause.CORRUPT
