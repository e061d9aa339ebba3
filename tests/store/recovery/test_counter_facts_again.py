"""A damaged ledger brings the counter's own facts back; what others told is asked for again."""

from __future__ import annotations

from typing import Any

import pytest
import sqlcipher3.dbapi2 as driver

from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.outbound_facts import BagCommitted
from kiosk.domain.counter.parcel_facts import ParcelReceived, ParcelShelved
from kiosk.store import Store, events
from kiosk.store.counter import CounterFacts, ToldFact
from kiosk.store.recovery.mending import mend
from kiosk.store.recovery.places import LEDGER

CAME = ParcelReceived("P1", "dhl", "2025-03-10", "2025-03-17", "anna")
LIES = ParcelShelved("P1", "A1", "anna")
DROP = BagCommitted("B1", "K1-000041-X", "dhl", "2025-03-10")
HEARD = ParcelShelved("P2", "A2", "ben")


@pytest.fixture
def store(shelf: Any) -> Store:
    store = shelf.open()
    facts = CounterFacts(store, "counter-1")
    store.run(lambda work: facts.record(work, (CAME, LIES, DROP), ""))
    data = events.canonical_form(events.facts(HEARD)).decode()
    facts.hear([ToldFact("019500000000-0000", "counter-2", HEARD.type, data)], 12)
    store.close()
    return store


def mended(shelf: Any) -> tuple[CounterFacts, set[Fact]]:
    mend(shelf.directory, "corrupt", shelf.clock, shelf.ids)
    facts = CounterFacts(shelf.open(), "counter-1")
    return facts, {record.fact for record in facts.load().records}


def spoil(shelf: Any, *statements: str) -> None:
    ledger = driver.connect(str(shelf.directory / LEDGER))
    ledger.execute("PRAGMA secure_delete=ON")  # else the old page is read once more
    for statement in statements:
        ledger.execute(statement)
    ledger.commit()
    ledger.execute("VACUUM")
    ledger.close()


def test_what_stands_is_kept_and_the_others_are_heard_from_the_beginning(shelf, store):
    facts, found = mended(shelf)
    assert found == {CAME, LIES, DROP, HEARD}
    assert len(facts.load().records) == 4, "nothing twice: its row and its event are one fact"
    assert facts.cursor() == 0


def test_own_facts_come_from_their_events_with_their_stamps(shelf, store):
    before = set(CounterFacts(shelf.open(), "counter-1").load().records)
    shelf.close()
    spoil(shelf, "DELETE FROM counter_facts")
    facts, found = mended(shelf)
    assert found == {CAME, LIES, DROP}
    assert set(facts.load().records) <= before


def test_a_number_that_a_labelled_drop_was_given_is_not_given_again(shelf, store):
    spoil(shelf, "DELETE FROM meta WHERE key = 'drops.counter'")
    facts, _ = mended(shelf)
    with facts._store.work() as work:
        assert work.drops.next_count() > 41


def test_a_kiosk_that_never_was_a_counter_has_nothing_of_one(shelf):
    shelf.open().close()
    mend(shelf.directory, "corrupt", shelf.clock, shelf.ids)
    store = shelf.open()
    assert store.meta.get("counter.cursor") is None
