"""What a recovery says of itself is right: no loss that is none, and none that is not told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.store import Store, open_store
from kiosk.store.recovery.opening import open_mended
from kiosk.store.recovery.pages import PAGE
from kiosk.store.recovery.places import BACKUPS


def folded(patient: Any) -> None:
    """With its log moved into the file."""
    open_store(patient.directory, patient.clock, patient.ids).close()


def change(patient: Any, *statements: str) -> None:
    connection = driver.connect(str(patient.ledger), isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def counts(patient: Any) -> Any:
    return patient.mend().counts


def opened(patient: Any) -> Store:
    store = open_mended(patient.directory, patient.clock, patient.ids)
    assert isinstance(store, Store), store
    return store


def copied(patient: Any, source: Any) -> Path:
    """An earlier copy of the ledger among the patient's backups."""
    place = patient.directory / BACKUPS / "ledger-20250101T000000Z.db"
    place.parent.mkdir()
    shutil.copy(source.ledger, place)
    return place


def test_links_that_are_lost_take_no_event_with_them(patient) -> None:
    """The page of the links turns to rubbish, and every event is there: it is told so, and each
    is proven by the end of the chain."""
    ill = patient()
    folded(ill)
    change(ill, "DELETE FROM outbox")
    found = counts(ill)
    assert (found.events, found.missing, found.damaged) == (len(ill.truth.events), 0, 0)


def test_some_links_are_lost(patient) -> None:
    ill = patient()
    folded(ill)
    change(ill, "DELETE FROM outbox WHERE sequence % 7 = 3 OR sequence BETWEEN 30 AND 45")
    found = counts(ill)
    assert (found.missing, found.damaged, found.gaps) == (0, 0, ())


def test_a_fact_that_was_changed_is_not_proven_by_the_links_that_are_left(patient) -> None:
    ill = patient()
    folded(ill)
    newest = list(ill.truth.events)[-3]
    change(
        ill,
        f"UPDATE events SET data = replace(data, '1000', '9000') WHERE id = '{newest}'",
        "DELETE FROM outbox WHERE sequence BETWEEN 30 AND 45",
    )
    found = counts(ill)
    assert (found.missing, found.damaged) == (0, 1)
    assert ill.damaged() == {newest}


@pytest.mark.parametrize("links", ["all", "some"])
def test_events_and_links_are_lost(patient, links: str) -> None:
    """What is missing is what has no event, whatever became of the links."""
    ill = patient()
    folded(ill)
    names = list(ill.truth.events)
    gone = names[20:24] + names[40:41]
    listed = ", ".join(f"'{name}'" for name in gone)
    where = "" if links == "all" else " WHERE sequence BETWEEN 30 AND 45"
    change(ill, f"DELETE FROM outbox{where}", f"DELETE FROM events WHERE id IN ({listed})")
    found = counts(ill)
    assert (found.events, found.missing) == (len(names) - 5, 5)
    assert [gap.last - gap.first + 1 for gap in found.gaps] == [4, 1]


def test_whoever_cannot_say_how_far_the_ledger_went_says_that(patient) -> None:
    """Only an earlier copy is left: nothing of it is missing, and yet more was recorded."""
    ill, earlier = patient(), patient("earlier")
    folded(earlier)
    copied(ill, earlier)
    for path in (ill.ledger, ill.log):
        path.write_bytes(b"\xa5" * PAGE * 5)
    store = opened(ill)
    assert store.mended is not None
    assert (store.mended.missing, store.mended.uncounted) == (0, True)
    assert store.mended.lossy
    store.close()


def test_a_mended_ledger_that_lost_nothing_says_so(patient) -> None:
    ill = patient()
    folded(ill)
    change(ill, "DELETE FROM outbox")
    ill.mend()
    store = open_store(ill.directory, ill.clock, ill.ids)
    assert store.mended is not None
    assert not store.mended.lossy
    assert store.mended.when == ill.clock.now()
    store.close()


def test_numbers_that_a_copy_does_not_know_of_are_left_out(patient) -> None:
    """A drop number on a receipt must never mean a second drop."""
    ill, earlier = patient(), patient("earlier")
    folded(earlier)
    copied(ill, earlier)
    last = int(ill.truth.meta["drops.counter"])
    for path in (ill.ledger, ill.log):
        path.unlink()
    store = opened(ill)
    with store.work() as work:
        assert work.drops.next_count() > last + 500
    store.close()


def test_a_promise_is_not_taken_back_by_a_page_from_before_it(patient) -> None:
    """The drop's row is lost, and a copy has it from while the shopper was still packing."""
    ill, earlier = patient(), patient("earlier")
    folded(ill)
    folded(earlier)
    told = json.loads(list(ill.truth.events.values())[-1][7])
    name = told["drop_id"]
    hangs = ("drop_lines", "bags", "redeemed_codes", "print_jobs")
    change(ill, f"DELETE FROM drops WHERE drop_id = '{name}'")
    change(
        earlier,
        *(f"DELETE FROM {table} WHERE drop_id = '{name}'" for table in hangs),
        "UPDATE drops SET state = 'bagged', drop_number = NULL, committed_at = NULL,"
        f" receipt = NULL WHERE drop_id = '{name}'",
    )
    copied(ill, earlier)
    change(ill, "DELETE FROM outbox")
    done = ill.mend(copies=tuple((ill.directory / BACKUPS).iterdir()))
    assert done.counts.rewritten == 1
    assert ill.sql(f"SELECT state FROM drops WHERE drop_id = '{name}'") == [("committed",)]
