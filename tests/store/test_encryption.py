"""A store that is encrypted, made plain again, and one whose key is gone."""

from __future__ import annotations

import json
import shutil

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.store import StoreCause, StoreFailed, Unavailable, device_key, keys, peppers
from kiosk.store.beside import look
from kiosk.store.outbox import chains, events_of, verify_chains
from kiosk.store.policy_file import newest
from kiosk.store.switching import Wanted, settle, settled, steps

WORD = b"Schuhhaus"
SEED = bytes(range(32))
PEPPERS = (("new", bytes(range(32, 64))), ("old", bytes(range(64, 96))))


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    return tmp_path / "keys" / "store.key"


@pytest.fixture
def sealed(key_file):
    return Wanted(encrypted=True, key_file=key_file)


@pytest.fixture
def plain(key_file):
    return Wanted(encrypted=False, key_file=key_file)


@pytest.fixture
def used(shelf, record, make_authorisation):
    """A directory with everything in it: events, a whole bundle with a layer, a device key."""
    store = shelf.open()
    record(store, 20)
    shelf.install(store, 1, make_authorisation(1), make_authorisation(2))
    shelf.apply(store, 2, puts=[make_authorisation(3)])
    device_key.write(shelf.directory, SEED, shelf.ids)
    peppers.keep(shelf.directory, PEPPERS, shelf.ids)
    store.close()
    return shelf


def told(shelf) -> tuple[object, ...]:
    """What the store says, the same however it is kept."""
    store = shelf.open()
    policy = store.policy.current()
    found = [policy.find_return(f"R-{n}") for n in (1, 2, 3)]
    store.close()
    with look(shelf.directory) as connection:
        assert verify_chains(connection) is None
        held = chains(connection)
    secrets = device_key.read(shelf.directory), peppers.read(shelf.directory)
    return held, found, secrets


def all_bytes(directory) -> bytes:
    files = (path for path in directory.rglob("*") if path.is_file() and path.name != "ballast")
    return b"".join(path.read_bytes() for path in files)


def test_a_store_is_encrypted_in_place_and_made_plain_again(used, sealed, plain):
    before = told(used)
    assert WORD in all_bytes(used.directory)
    assert settle(used.directory, sealed, used.ids) is None
    assert settled(used.directory, sealed)
    assert told(used) == before
    dump = all_bytes(used.directory)
    assert WORD not in dump
    assert SEED.hex().encode() not in dump
    assert PEPPERS[0][1].hex().encode() not in dump
    assert b"SQLite format 3" not in dump
    assert settle(used.directory, plain, used.ids) is None
    assert told(used) == before
    assert WORD in all_bytes(used.directory)
    assert not (used.directory / keys.SEAL).exists()


def test_a_new_store_is_encrypted_from_its_first_byte(shelf, sealed, record, make_authorisation):
    assert settle(shelf.directory, sealed, shelf.ids) is None
    store = shelf.open()
    record(store, 5)
    shelf.install(store, 1, make_authorisation(1))
    shelf.apply(store, 2, puts=[make_authorisation(2)])
    dump = all_bytes(shelf.directory)  # with the log, as it is while the kiosk runs
    assert b"kiosk_started" not in dump
    assert WORD not in dump
    assert store.policy.merge()
    assert WORD not in all_bytes(shelf.directory)
    assert store.policy.current().find_return("R-2") is not None


def test_tools_beside_a_running_kiosk_read_it(used, sealed):
    settle(used.directory, sealed, used.ids)
    store = used.open()
    with look(used.directory) as connection:
        assert len([*events_of(connection, store.outbox.position().epoch)]) > 20
    policy = newest(used.directory)
    assert policy.number == 2
    policy.close()


@pytest.mark.parametrize("way", ["in", "out"])
def test_killed_at_any_step_it_is_one_good_store(used, sealed, plain, tmp_path, way):
    before = told(used)
    if way == "out":
        settle(used.directory, sealed, used.ids)
    wanted = sealed if way == "in" else plain
    seen = []
    for step in steps(used.directory, wanted, used.ids):
        seen.append(step)
        killed = tmp_path / f"killed-{len(seen)}"
        shutil.copytree(used.directory, killed)
    assert {"ledger.db written", "ledger.db placed", "device.key placed"} <= set(seen)
    alive = used.directory
    for number, step in enumerate(seen, 1):
        used.directory = tmp_path / f"killed-{number}"
        assert told(used) == before, f"opened as it is after: {step}"
        for next_wanted in (wanted, plain if wanted is sealed else sealed, wanted):
            assert settle(used.directory, next_wanted, used.ids) is None
            assert settled(used.directory, next_wanted), step
            assert told(used) == before, step
    used.directory = alive
    assert told(used) == before


def test_without_its_key_nothing_opens_and_nothing_is_made(used, sealed, key_file):
    settle(used.directory, sealed, used.ids)
    key_file.unlink()
    before = sorted(used.directory.iterdir())
    held = (used.directory / "ledger.db").read_bytes()
    answer = settle(used.directory, sealed, used.ids)
    assert isinstance(answer, Unavailable)
    assert answer.cause is StoreCause.SEALED
    assert str(key_file) in answer.detail
    with pytest.raises(StoreFailed) as failure:
        used.open()
    assert failure.value.cause is StoreCause.SEALED
    assert sorted(used.directory.iterdir()) == before
    assert (used.directory / "ledger.db").read_bytes() == held
    assert not key_file.exists()


def test_nor_where_the_ledger_is_gone_as_well(used, sealed, key_file):
    settle(used.directory, sealed, used.ids)
    key_file.unlink()
    (used.directory / "ledger.db").unlink()
    answer = settle(used.directory, sealed, used.ids)
    assert isinstance(answer, Unavailable)
    assert answer.cause is StoreCause.SEALED
    with pytest.raises(StoreFailed):
        used.open()
    assert not (used.directory / "ledger.db").exists()


@pytest.mark.parametrize("key", ["11" * 32, "junk", ""])
def test_another_key_is_told_from_a_damaged_file(used, sealed, key_file, key):
    settle(used.directory, sealed, used.ids)
    right = key_file.read_text()
    key_file.write_text(key)
    with pytest.raises(StoreFailed) as failure:
        used.open()
    assert failure.value.cause is StoreCause.SEALED
    key_file.write_text(right)
    (used.directory / "ledger.db").write_bytes(b"x" * 8192)
    with pytest.raises(StoreFailed) as failure:
        used.open()
    assert failure.value.cause is StoreCause.CORRUPT


def test_a_lost_seal_is_written_again_by_the_right_key_only(used, sealed, key_file):
    before = told(used)
    settle(used.directory, sealed, used.ids)
    (used.directory / keys.SEAL).unlink()
    right = key_file.read_text()
    key_file.write_text("22" * 32)
    answer = settle(used.directory, sealed, used.ids)
    assert isinstance(answer, Unavailable)
    assert answer.cause is StoreCause.SEALED
    key_file.write_text(right)
    assert settle(used.directory, sealed, used.ids) is None
    assert told(used) == before


def test_a_key_within_the_data_directory_is_refused(used):
    wanted = Wanted(encrypted=True, key_file=used.directory / "store.key")
    answer = settle(used.directory, wanted, used.ids)
    assert isinstance(answer, Unavailable)
    assert answer.cause is StoreCause.SEALED
    assert keys.seal_of(used.directory) is None


def test_systemd_hands_the_key_to_the_service(used, sealed, key_file, tmp_path, monkeypatch):
    given = tmp_path / "credentials"
    given.mkdir()
    (given / keys.CREDENTIAL).write_bytes(bytes(range(32, 64)))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    before = told(used)
    assert settle(used.directory, sealed, used.ids) is None
    assert told(used) == before
    assert not key_file.exists()
    assert "credential" in (used.directory / keys.SEAL).read_text()
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    (given / keys.CREDENTIAL).unlink()
    with pytest.raises(StoreFailed, match="sealed"):
        used.open()


def test_where_there_is_no_room_it_goes_on_as_it_is(used, sealed, plain, monkeypatch):
    before = told(used)
    monkeypatch.setattr("kiosk.store.policy_writing.free_bytes", lambda _: 0)
    assert settle(used.directory, sealed, used.ids) is None
    assert not settled(used.directory, sealed)
    assert told(used) == before
    monkeypatch.undo()
    assert settle(used.directory, sealed, used.ids) is None
    assert settled(used.directory, sealed)
    assert told(used) == before


def test_a_store_in_use_is_not_switched_under_its_user(used, sealed):
    store = used.open()
    assert settle(used.directory, sealed, used.ids) is None
    assert keys.seal_of(used.directory) is None
    store.close()


def test_the_seal_gives_nothing_away(used, sealed, key_file):
    settle(used.directory, sealed, used.ids)
    seal = json.loads((used.directory / keys.SEAL).read_text())
    key = key_file.read_text().strip()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert seal["check"] not in key
    assert key.encode() not in all_bytes(used.directory)


def test_the_driver_itself_cannot_read_it_without_the_key(used, sealed):
    settle(used.directory, sealed, used.ids)
    connection = driver.connect(str(used.directory / "ledger.db"))
    with pytest.raises(driver.DatabaseError):
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    connection.close()
