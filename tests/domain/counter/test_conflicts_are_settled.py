"""A conflict that a person settled is no longer listed, whatever was heard first; the story keeps
everything, and nothing about the thing changes."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.counter.commands import HandOut, Receive, ReportMissing
from kiosk.domain.counter.conflicts import Conflict, ConflictKind
from kiosk.domain.counter.facts import Kind, Subject, touched
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.log import Recorded, Stamp
from kiosk.domain.counter.parcels import ParcelState
from kiosk.domain.counter.settled_facts import ConflictSettled
from kiosk.domain.counter.shop import Shop
from kiosk.domain.hlc import advance
from tests.domain.counter.desk import CODE, Desk

P1 = Subject(Kind.PARCEL, "P1")


@pytest.fixture
def told(desk: Desk) -> list[Recorded]:
    """Both counters handed P1 out."""
    other = Desk("counter-2")
    other.wait(minutes=1)
    desk.announce("P1", "dhl", code=CODE)
    desk.do(Receive("P1", "dhl"))
    other.hear(desk)
    for one in (desk, other):
        one.do(HandOut(("P1",), CODE))
    desk.hear(other)
    return list(desk.shop.story(P1))


def decided(conflict: Conflict, later_ms: int, *, again: bool = False) -> Recorded:
    """By the centre, so long after the fact that did not fit."""
    stamp = conflict.record.stamp
    at = Stamp(advance(stamp.hlc, int(stamp.hlc[:12], 16) + later_ms), "centre")
    return Recorded(at, ConflictSettled(*conflict.subject, *stamp, open=again))


def only(shop: Shop) -> Conflict:
    (conflict,) = shop.conflicts()
    return conflict


def test_it_leaves_the_list_and_stays_in_the_story(told: list[Recorded]) -> None:
    shop = Shop.of(told)
    before, conflict = shop.parcels["P1"], only(shop)
    word = decided(conflict, 60_000)
    assert shop.apply(word)
    assert not shop.apply(word), "said twice is said once"
    assert shop.conflicts() == ()
    assert shop.parcels.contradictions("P1") == (conflict,)
    assert shop.story(P1) == (*told, word)
    assert shop.parcels["P1"] == before
    assert not broken(shop)


def test_a_case_that_is_opened_again_is_listed_again(told: list[Recorded]) -> None:
    conflict = only(Shop.of(told))
    words = [decided(conflict, 1000 * n, again=n == 2) for n in (1, 2, 3)]
    assert Shop.of([*told, *words[:2]]).conflicts() == (conflict,)
    assert Shop.of([*told, *words]).conflicts() == ()


def test_in_every_order_of_arrival(told: list[Recorded]) -> None:
    """Also where the word is heard before one of the two things that it is about."""
    conflict = only(Shop.of(told))
    records = [*told[-2:], decided(conflict, 1000), decided(conflict, 2000, again=True)]
    for words in (records[:3], records):
        shops = [Shop.of([*told[:-2], *order]) for order in itertools.permutations(words)]
        assert all(shop == shops[0] for shop in shops)
        assert len(shops[0].conflicts()) == (1 if len(words) == 4 else 0)


@settings(max_examples=30, deadline=None)
@given(
    words=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=6),
    seed=st.integers(0, 2**32),
)
def test_the_last_word_counts(words: list[tuple[int, bool]], seed: int) -> None:
    desk, other = Desk("counter-1"), Desk("counter-2")
    desk.announce("P1", "dhl", code=CODE)
    desk.do(Receive("P1", "dhl"))
    other.hear(desk)
    for one in (desk, other):
        one.do(HandOut(("P1",), CODE))
    desk.hear(other)
    conflict = only(desk.shop)
    said = dict(words)
    records = [decided(conflict, ms, again=again) for ms, again in said.items()]
    every = [*desk.shop.story(P1), *records] * 2
    random.Random(seed).shuffle(every)
    shop = Shop.of(every)
    assert bool(shop.conflicts()) is said[max(said)]
    assert shop.parcels["P1"] == desk.shop.parcels["P1"]


def test_another_conflict_of_the_same_thing_stays(told: list[Recorded]) -> None:
    third = Desk("counter-3")
    for record in told[:-2]:
        third.shop.apply(record)
    third.wait(minutes=5)
    third.do(ReportMissing("P1"))
    shop = Shop.of([*told, *third.untold])
    first, second = shop.conflicts()
    shop.apply(decided(first, 600_000))
    assert shop.conflicts() == (second,)
    assert first.kind is ConflictKind.HANDED_OUT_TWICE
    assert shop.parcels["P1"].state is ParcelState.COLLECTED


def test_a_word_about_what_is_not_known_here_harms_nothing() -> None:
    of_later = ConflictSettled("drone", "D1", advance("", 1), "counter-1")
    assert touched(of_later) == ()
    about = ConflictSettled("parcel", "P9", advance("", 1), "counter-1")
    shop = Shop.of([Recorded(Stamp(advance("", 2), "centre"), one) for one in (of_later, about)])
    assert shop.conflicts() == ()
    assert shop.parcels["P9"].state is ParcelState.UNKNOWN
    assert not broken(shop)
