"""What two counters tell at once or out of order, on both databases."""

from __future__ import annotations

import threading

from kiosk.domain.counter.outbound_facts import (
    BagContained,
    ContainerDamaged,
    ContainerOpened,
    ContainerProvided,
)
from kiosk.domain.counter.parcel_facts import ParcelAnnounced, ParcelReceived
from sync.central.counter import tell
from sync.central.tables import counter_facts
from tests.sync.conftest import TENANT, join
from tests.sync.counter.conftest import SITE, Counter
from tests.sync.counter.lived import COLLECTED, FILLED, RECEIVED, SHELVED, SIGNED


def test_two_counters_without_a_line_hand_out_one_parcel(counters, things, opened):
    one, other = counters
    one.tells(RECEIVED, SHELVED)
    first = one.does(COLLECTED)
    other.now_ms = 30_000
    other.tells(COLLECTED)
    assert opened() == []
    one.push(first)
    assert things()["P1"]["disputed"]
    ((kind, state, subject),) = opened()
    assert (kind, state) == ("counter_conflict", "open")
    assert subject.startswith(f"{SITE}/P1/")
    assert subject.endswith(other.kiosk.device_id)  # the later one


def test_a_conflict_that_later_facts_explain_is_settled_by_itself(counters, opened):
    one, other = counters
    told = one.does(RECEIVED, SHELVED)
    other.now_ms = 60_000
    other.tells(COLLECTED)
    assert [(kind, state) for kind, state, _ in opened()] == [("counter_conflict", "open")]
    one.push(told)
    assert [(kind, state) for kind, state, _ in opened()] == [("counter_conflict", "settled")]


def test_a_bag_that_went_unsigned_for_is_a_case(counters, things, opened):
    one, other = counters
    one.tells(*FILLED)
    other.now_ms = 4_600  # while it was still open, and nobody has heard
    put = other.does(BagContained("B2", "C1", "ben"))
    one.tells(SIGNED)
    other.push(put)
    assert things()["B2"]["left_behind"]
    assert not things()["B1"]["left_behind"]
    assert opened() == [("left_behind", "open", f"{SITE}/B2")]
    other.now_ms = 90_000
    other.tells(
        ContainerProvided("C2", "TOTE-2", "dhl", 20),
        ContainerOpened("C2", "ben"),
        BagContained("B2", "C2", "ben", out_of="C1"),
    )
    assert not things()["B2"]["left_behind"]
    assert opened() == [("left_behind", "settled", f"{SITE}/B2")]


def test_a_bag_in_a_container_that_was_damaged_on_its_way_is_still_left_behind(counters, things):
    one, other = counters
    one.tells(*FILLED)
    other.now_ms = 4_600
    put = other.does(BagContained("B2", "C1", "ben"))
    one.tells(SIGNED, ContainerDamaged("C1", "anna"))
    other.push(put)
    assert things()["B2"]["left_behind"]


def test_a_container_that_is_damaged_here_is_being_emptied(counters, things):
    counters[0].tells(*FILLED[:4], ContainerDamaged("C1", "anna"))
    assert things()["C1"]["state"] == "damaged"
    assert not things()["B1"]["left_behind"]


def test_no_fact_is_too_large_to_be_told(centre, counters, things):
    """What an index could not hold must not keep everything behind it waiting."""
    noise = "".join(chr(0x4E00 + 7919 * at % 20_000) for at in range(4_000))
    endless = ParcelReceived("P7", noise, noise, noise, noise, noise)
    assert not counters[0].tells(endless, RECEIVED).notices
    assert set(things()) == {"P7", "P1"}
    many = [ParcelAnnounced(f"N{at}", "dhl") for at in range(60)]
    centre.database.write(lambda c: tell(c, centre.clock.now(), TENANT, SITE, many))
    assert len(counters[1].hears()) == 62


def test_a_fact_that_comes_twice_is_one_fact(centre, counters, things):
    told = counters[0].does(RECEIVED, SHELVED)
    counters[0].push(told)
    counters[0].push(told)
    counters[0].kiosk.again("e2")
    counters[0].kiosk.push(*counters[0].kiosk.history)
    assert len(centre.rows(counter_facts)) == 2
    assert things()["P1"]["facts"] == 2


def test_nothing_appears_below_a_place_that_was_read_past(centre):
    """Two counters push at once, again and again, while a third one reads."""
    tellers = [Counter(join(centre, f"T{at}")) for at in range(2)]
    reader, told = Counter(join(centre, "R")), 6
    errors: list[BaseException] = []

    def push(one: Counter) -> None:
        try:
            for at in range(told):
                name = f"{one.kiosk.device_id}-{at}"
                one.tells(ParcelReceived(name, "dhl", "2026-05-04", "2026-05-11", "a"))
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=push, args=(one,)) for one in tellers]
    for thread in threads:
        thread.start()
    heard: list[str] = []
    while any(thread.is_alive() for thread in threads):
        heard += reader.hears()
    heard += reader.hears()
    assert not errors
    assert len(heard) == 2 * told
    places = sorted(row["position"] for row in centre.rows(counter_facts))
    assert places == list(range(1, 2 * told + 1))
