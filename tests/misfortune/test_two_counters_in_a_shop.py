"""Two counters of one shop: each sees the other's shelf while the line is up. While it is down both
may hand out the same parcel, as neither can know; that is told to both, and is a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.codes import pick_up_code
from kiosk.domain.codes.pick_up import parse_pick_up
from kiosk.domain.codes.shelf import shelf_code
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.conflicts import ConflictKind
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from kiosk.flows.counter.states.desk import Home
from kiosk.flows.counter.states.outbound import HandingOut, PlaceKind
from sync.central.tables import cases
from tests.misfortune.counter_shop import CounterShop, Person, from_the_centre
from tests.misfortune.street import Street, eventually

SITE = "Demo street 1"
NUMBER, CODE = "JJD00000000000000001", pick_up_code(4711)


@pytest.fixture
def both(street: Street, tmp_path: Path) -> Iterator[tuple[CounterShop, CounterShop]]:
    left, right = (
        CounterShop.enrolled(street, SITE, tmp_path / name, name) for name in ("C1", "C2")
    )
    people = [Person(card) for card in street.sample.staff[:2]]
    for counter, who in zip((left, right), people, strict=True):
        counter.open().has_its_book()
        counter.sign_in(who)
    ((_, pepper),) = left.desk.premises.peppers
    digest = pick_up.digest(parse_pick_up(CODE), pepper)
    from_the_centre(street, SITE, [ParcelAnnounced(NUMBER, "DHL", "small", "somebody", digest)])
    for counter in (left, right):
        eventually(lambda counter=counter: NUMBER in counter.shop.parcels, "the announcement")
    yield left, right
    for counter in (left, right):
        counter.leaving.set()
        counter.stop()


def lies_on(counter: CounterShop, shelf: str) -> bool:
    parcel = counter.shop.parcels[NUMBER]
    return parcel.state is ParcelState.SHELVED and parcel.shelf_id == shelf


def test_what_one_shelves_the_other_hands_out(both: tuple[CounterShop, CounterShop]) -> None:
    left, right = both
    left.good(NUMBER)
    left.home()
    left.good(NUMBER)
    left.good(shelf_code("A2"))
    eventually(lambda: lies_on(right, "A2"), "the other's shelf")
    right.good(CODE)
    assert isinstance(right.screen, HandingOut)
    (place,) = right.screen.places
    assert (place.kind, place.name) == (PlaceKind.SHELF, "A2")
    right.hand_out_rest([NUMBER])
    collected = ParcelState.COLLECTED
    eventually(lambda: left.shop.parcels[NUMBER].state is collected, "that it is gone")
    after = left.scan(CODE)
    assert isinstance(after.screen, Home), "a code that was used opens nothing"


def test_both_hand_it_out_while_neither_can_know(both: tuple[CounterShop, CounterShop]) -> None:
    left, right = both
    street = left.street
    left.good(NUMBER)
    left.home()
    left.good(NUMBER)
    left.good(shelf_code("A2"))
    eventually(lambda: lies_on(right, "A2"), "the other's shelf")
    left.all_sent()
    street.goes_down()
    for counter in both:
        counter.hand_out(CODE, [NUMBER])
    street.comes_back()
    street.clock.later(timedelta(minutes=6).total_seconds())
    for counter in both:
        eventually(lambda counter=counter: counter.shop.conflicts(), "what the other did")
        (conflict,) = counter.shop.conflicts()
        assert conflict.kind is ConflictKind.HANDED_OUT_TWICE
    assert left.shop.conflicts() == right.shop.conflicts()
    eventually(lambda: street.rows(cases), "the case")
    (case,) = street.rows(cases)
    assert "handed_out_twice" in str(case)
