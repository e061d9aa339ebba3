"""`takeback store`: what a field engineer asks of the ledger's file, and what it answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds

PAGE = 4096


@pytest.fixture
def ledger(shop, monkeypatch) -> Path:
    monkeypatch.setenv("TAKEBACK_SETTINGS", shop.settings)
    return shop.data / "ledger.db"


def change(ledger: Path, statement: str) -> None:
    connection = driver.connect(str(ledger), isolation_level=None)
    connection.execute(statement)
    connection.close()


def spoil(ledger: Path) -> None:
    """Every page but the first two turns to noise."""
    size = ledger.stat().st_size
    with ledger.open("r+b") as file:
        file.seek(2 * PAGE)
        file.write(b"\xa5" * (size - 2 * PAGE))


def test_a_sound_ledger(takeback, ledger):
    del ledger
    answer = takeback("store", "check").says(0)
    for told in ("pages", "are whole", "chain", "follow from each other", "queue", "copies"):
        assert told in answer.out
    assert "WRONG" not in answer.out
    assert takeback("store", "check", "--json").says(0).json["well"] is True


def test_a_kiosk_that_has_promised_nothing_yet(takeback, shop, ledger):
    for path in (*shop.data.glob("ledger.db*"), *shop.data.glob("policy-*.db*")):
        path.unlink()
    assert "none yet" in takeback("store", "check").says(0).out
    assert "no ledger" in takeback("store", "backup").says(1).err
    assert not ledger.exists()


def test_beside_a_working_kiosk_it_looks_and_copies_but_does_not_mend(takeback, shop, ledger):
    store = open_store(shop.data, SystemClock(), SystemIds())
    try:
        takeback("store", "check").says(0)
        takeback("store", "backup").says(0)
        refused = takeback("store", "recover").says(1)
        assert "stop the kiosk first" in refused.err
        assert "process" in refused.err
    finally:
        store.close()
    assert ledger.exists()


def test_nothing_is_mended_that_is_well(takeback, shop, ledger):
    before = ledger.read_bytes()
    assert "nothing is damaged" in takeback("store", "recover").says(0).out
    assert ledger.read_bytes() == before
    assert takeback("store", "recover", "--json").says(0).json["counts"] is None
    assert not (shop.data / "quarantine").exists()


def test_whoever_insists_gets_a_new_ledger_of_the_old_one(takeback, shop, ledger):
    del ledger
    answer = takeback("store", "recover", "--anyway").says(0)
    assert "0 events missing" in answer.out
    assert str(shop.data / "quarantine") in answer.out
    assert "mended on" in takeback("store", "check").says(0).out


def test_damage_is_found_mended_and_then_gone(takeback, shop, ledger):
    kept = takeback("store", "backup", "--json").says(0).json
    spoil(ledger)
    found = takeback("store", "check").says(1)
    assert "WRONG" in found.out
    assert "takeback store recover" in found.out
    done = takeback("store", "recover").says(0)
    assert "0 events missing or more" in done.out
    takeback("store", "check").says(0)
    takeback("receipt", "show", shop.drop.drop_number, "--out", str(shop.folder / "r.png")).says(0)
    assert Path(kept["path"]).exists()


def test_a_fact_that_was_changed_is_named(takeback, ledger):
    change(ledger, "UPDATE events SET data = replace(data, '1', '2') WHERE number = 2")
    found = takeback("store", "check", "--json").says(1).json
    (wrong,) = [one for one in found["findings"] if not one["well"]]
    assert wrong["name"] == "chain"
    assert "event 2" in wrong["sentence"]
    done = takeback("store", "recover", "--json").says(0).json
    assert (done["counts"]["damaged"], done["counts"]["missing"]) == (1, 0)


def test_a_ledger_that_is_gone_is_a_damage(takeback, ledger):
    ledger.unlink()
    assert "not there any more" in takeback("store", "check").says(1).out
    takeback("store", "recover").says(0)
    assert ledger.exists()


def test_a_copy_goes_where_it_is_wanted(takeback, ledger, tmp_path):
    del ledger
    stick = tmp_path / "stick"
    made = takeback("store", "backup", "--to", str(stick), "--json").says(0).json
    assert Path(made["path"]).parent == stick
    assert made["removed"] == 0


def test_a_newest_copy_that_rots_is_told(takeback, ledger):
    del ledger
    made = Path(takeback("store", "backup", "--json").says(0).json["path"])
    spoil(made)
    found = takeback("store", "check", "--json").says(1).json
    (wrong,) = [one for one in found["findings"] if not one["well"]]
    assert wrong["name"] == "copies"
    assert str(made) in wrong["sentence"]


def test_more_copies_than_planned_make_room(takeback, shop, ledger):
    takeback("store", "backup").says(0)
    home = shop.data / "backups"
    (first,) = home.iterdir()
    for day in ("01", "02"):
        shutil.copy(first, home / f"ledger-202501{day}T000000Z.db")
    shop.has(store={"backups": 2})
    answer = takeback("store", "backup", "--settings", shop.settings).says(0)
    assert "older made room" in answer.out
    assert len(list(home.iterdir())) == 2
    del ledger


def test_a_receipt_that_is_too_old_is_told_from_one_that_never_was(takeback, shop, ledger):
    change(ledger, "UPDATE drops SET receipt = '' WHERE drop_number IS NOT NULL")
    refused = takeback("receipt", "show", shop.drop.drop_number).says(1)
    assert "not kept any more" in refused.err
