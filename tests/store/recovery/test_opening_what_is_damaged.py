"""From damage to an open store, without anybody's help; and whatever dies on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.store import Store, StoreCause, StoreFailed, Unavailable, open_store
from kiosk.store.recovery import looking, mending
from kiosk.store.recovery.opening import open_mended
from kiosk.store.recovery.pages import PAGE
from kiosk.store.recovery.places import LEDGER, QUARANTINE, RESCUED
from kiosk.store.switching import Wanted, settle


def opened(patient) -> Store:
    store = open_mended(patient.directory, patient.clock, patient.ids)
    assert isinstance(store, Store), store
    return store


def recovered(store: Store) -> list[dict]:
    batch = store.outbox.next_batch(100_000, 1 << 30)
    assert batch is not None
    return [one.data for one in batch.events if one.type == "takeback.store.recovered.v1"]


def spoil(path: Path, *numbers: int) -> None:
    data = bytearray(path.read_bytes())
    for number in numbers:
        data[(number - 1) * PAGE : number * PAGE] = b"\xff" * PAGE
    path.write_bytes(data)


def test_a_sound_ledger_is_opened_and_nothing_is_replaced(patient) -> None:
    store = opened(patient())
    assert recovered(store) == []
    store.close()
    assert not (store.directory / QUARANTINE).exists()


def test_what_is_found_is_kept_as_it_was_found(patient) -> None:
    ill = patient()
    spoil(ill.ledger, 3, 9)
    as_found = {path.name: path.read_bytes() for path in (ill.ledger, ill.log)}
    store = opened(ill)
    (told,) = recovered(store)
    assert told["cause"] == "corrupt"
    store.close()
    (kept,) = (ill.directory / QUARANTINE).iterdir()
    assert (kept / LEDGER).read_bytes()[2 * PAGE : 3 * PAGE] == b"\xff" * PAGE
    assert set(as_found) >= {path.name for path in kept.iterdir() if path.suffix == ".db"}
    again = opened(ill)
    assert len(recovered(again)) == 1, "mended twice"
    again.close()


def test_a_fact_that_waits_and_was_changed_is_found_at_the_start(patient) -> None:
    """Every page is whole and SQLite has no complaint."""
    ill = patient()
    open_store(ill.directory, ill.clock, ill.ids).close()
    newest = list(ill.truth.events)[-3]
    connection = driver.connect(str(ill.ledger), isolation_level=None)
    query = "UPDATE events SET data = replace(data, '1000', '9000') WHERE id = ?"
    assert connection.execute(query, (newest,)).rowcount == 1
    connection.close()
    assert looking.complaint(ill.directory).startswith("event ")
    store = opened(ill)
    (told,) = recovered(store)
    assert (told["damaged"], told["missing"]) == (1, 0)
    store.close()
    assert ill.damaged() == {newest}
    assert looking.complaint(ill.directory) == ""


def test_a_ledger_deleted_while_nobody_was_there_comes_back_from_its_copy(patient) -> None:
    ill = patient()
    open_store(ill.directory, ill.clock, ill.ids).close()
    backups = ill.directory / "backups"
    backups.mkdir()
    shutil.move(ill.ledger, backups / "ledger-20250101T000000Z.db")
    with pytest.raises(StoreFailed) as refused:
        open_store(ill.directory, ill.clock, ill.ids)
    assert refused.value.cause is StoreCause.LOST
    store = opened(ill)
    (told,) = recovered(store)
    assert (told["cause"], told["events"]) == ("lost", len(ill.truth.events))
    store.close()


def test_a_copy_fills_the_gaps_and_changes_nothing_newer(patient) -> None:
    ill, copy = patient(), patient("copy")
    open_store(copy.directory, copy.clock, copy.ids).close()
    backups = ill.directory / "backups"
    backups.mkdir()
    shutil.copy(copy.ledger, backups / "ledger-20250101T000000Z.db")
    spoil(ill.ledger, *range(1, 30))
    store = opened(ill)
    (told,) = recovered(store)
    assert (told["missing"], told["damaged"], told["left_out"]) == (0, 0, 0)
    store.close()
    assert set(ill.truth.events) < set(ill.events())


def test_nothing_but_noise_gives_an_empty_ledger_that_knows_its_marks(patient) -> None:
    ill = patient()
    ill.log.unlink()
    ill.ledger.write_bytes(b"\xa5" * PAGE * 7)
    store = opened(ill)
    assert store.policy.highest() == 7, "its bundle still lies there"
    assert recovered(store)[0]["events"] == 0
    store.close()


def test_a_store_of_somebody_else_is_not_touched(patient) -> None:
    well = patient()
    first = opened(well)
    second = open_mended(well.directory, well.clock, well.ids)
    assert isinstance(second, Unavailable)
    assert second.cause is StoreCause.IN_USE
    first.close()


@pytest.mark.parametrize("died", ["writing", "ready", "log gone", "moved"])
def test_dying_on_the_way_leaves_the_old_one_or_the_new_one(patient, died: str) -> None:
    ill, done = patient(), patient("done")
    spoil(ill.ledger, 5)
    spoil(done.ledger, 5)
    done.mend()
    if died == "writing":
        (ill.directory / "recovering").mkdir()
        (ill.directory / "recovering" / LEDGER).write_bytes(b"half of it")
    else:
        ready = ill.directory / "recovered"
        ready.mkdir()
        shutil.copy(done.ledger, ready / LEDGER)
        if died != "ready":
            ill.log.unlink()
            (ill.directory / f"{LEDGER}-shm").unlink(missing_ok=True)
        if died == "moved":
            shutil.move(ready / LEDGER, ill.ledger)
    store = opened(ill)
    assert len(recovered(store)) == 1
    assert store.outbox.verify() is None
    store.close()
    assert not (ill.directory / "recovering").exists()
    assert not (ill.directory / "recovered").exists()


def test_so_many_findings_are_kept_and_the_first_among_them(patient) -> None:
    ill = patient()
    places = [ill.mend().kept_in for _ in range(mending.KEPT + 3)]
    kept = sorted((ill.directory / QUARANTINE).iterdir())
    assert len(kept) == mending.KEPT
    assert kept[0] == min(places)
    assert max(places) in kept


def test_an_encrypted_ledger_is_read_page_by_page_as_well(patient, tmp_path: Path) -> None:
    ill = patient()
    open_store(ill.directory, ill.clock, ill.ids).close()
    wanted = Wanted(encrypted=True, key_file=tmp_path / "elsewhere" / "store.key")
    assert settle(ill.directory, wanted, ill.ids) is None
    spoil(ill.ledger, 1, 4)
    store = opened(ill)
    (told,) = recovered(store)
    assert told["events"] + told["missing"] >= len(ill.truth.events)
    assert told["events"] > len(ill.truth.events) // 2
    store.close()
    assert not ill.ledger.read_bytes().startswith(b"SQLite"), "the new one is plain"


def test_what_was_taken_away_is_saved_out_of_the_open_file(patient) -> None:
    ill = patient()
    store = opened(ill)
    told = threading_free_bell(store)
    ill.ledger.unlink()
    with pytest.raises(StoreFailed):
        store.meta.set("one", "more")
    assert told == ["broken"]
    assert store.rescue()
    store.close()
    assert (ill.directory / RESCUED).exists()
    again = opened(ill)
    (fact,) = recovered(again)
    assert (fact["events"], fact["missing"]) == (len(ill.truth.events), 0)
    again.close()
    assert not (ill.directory / RESCUED).exists()


def threading_free_bell(store: Store) -> list[str]:
    rung: list[str] = []
    store.when_broken(lambda: rung.append("broken"))
    return rung


def test_a_drop_without_its_row_is_written_again_from_its_event(patient) -> None:
    ill = patient()
    open_store(ill.directory, ill.clock, ill.ids).close()
    newest = json.loads(list(ill.truth.events.values())[-1][7])
    connection = driver.connect(str(ill.ledger), isolation_level=None)
    connection.execute("DELETE FROM drops WHERE drop_id = ?", (newest["drop_id"],))
    connection.close()
    done = ill.mend()
    assert done.counts.rewritten == 1
    store = open_store(ill.directory, ill.clock, ill.ids)
    with store.look() as work:
        given = work.drops.given(newest["return_id"])
        assert given is not None
        assert given.units == {"L-1": 1}
        assert work.drops.bag_in_use(newest["bag_id"])
        assert work.drops.receipt(newest["drop_number"]) is None
    store.close()
