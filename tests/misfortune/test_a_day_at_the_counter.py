"""A whole day at a counter: deliveries, hand-outs, labelled drops, hand-overs; two people, two
hours without the line, a power cut at noon. In the evening the centre's books are the shop's."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.codes import container_code, pick_up_code, seal_code
from kiosk.domain.codes.pick_up import parse_pick_up
from kiosk.domain.codes.round import round_code
from kiosk.domain.counter import pick_up
from kiosk.domain.counter.bags import BagState
from kiosk.domain.counter.containers import ContainerState
from kiosk.domain.counter.facts import Kind
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.manifests import ManifestState
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from kiosk.flows.counter.model import Key
from sync.central.tables import cases, counter_things
from tests.misfortune.counter_shop import (
    CounterShop,
    Person,
    from_the_centre,
    told_at_the_centre,
    ups,
)
from tests.misfortune.street import Street, eventually

CARRIERS = ("DHL", "GLS", "UPS")
SIZES = ("small",) * 7 + ("", "", "large")
ROOM = 30  # containers of the demo's carriers hold so many at least
"""What goes into one container here."""


@dataclass(frozen=True)
class Size:
    parcels: int
    drops: int


@dataclass(frozen=True)
class Parcel:
    number: str
    carrier: str
    code: str


@pytest.fixture
def shop(street: Street, tmp_path: Path) -> Iterator[CounterShop]:
    made = CounterShop.enrolled(street, "Demo street 1", tmp_path / "C1", "C1")
    yield made
    made.leaving.set()
    made.stop()


def it_is(street: Street, at: time) -> None:
    """On the next Tuesday, in the shop."""
    zone = ZoneInfo("Europe/Berlin")
    now = street.clock.now().astimezone(zone)
    day = now.date() + timedelta(days=(1 - now.weekday()) % 7 or 7)
    if now.weekday() == 1 and now.time() < at:
        day = now.date()
    wanted = datetime.combine(day, at, zone)
    street.clock.later((wanted - now).total_seconds())


def announced(shop: CounterShop, size: Size) -> list[Parcel]:
    """By three carriers in turn, each with a code of its own."""
    ((_, pepper),) = shop.desk.premises.peppers
    made = []
    for at in range(size.parcels):
        code = pick_up_code(at * 7919 + 1)
        made.append(Parcel(f"JJD{at:017d}", CARRIERS[at % 3], code))
    facts = [
        ParcelAnnounced(
            one.number,
            one.carrier,
            SIZES[at % 10],
            f"somebody {at}",
            pick_up.digest(parse_pick_up(one.code), pepper),
        )
        for at, one in enumerate(made)
    ]
    from_the_centre(shop.street, shop.site, facts)
    return made


def the_day(shop: CounterShop, size: Size) -> None:
    street = shop.street
    amina, bruno = (Person(card) for card in street.sample.staff[:2])
    it_is(street, time(8, 50))
    shop.open().has_its_book()
    parcels = announced(shop, size)
    eventually(lambda: len(shop.shop.parcels) == size.parcels, "what was announced")
    numbers, drops = count(1), []

    def bring(many: int) -> None:
        for _ in range(many):
            number = ups(next(numbers))
            shop.take_drop(number)
            drops.append(number)

    shop.sign_in(amina)
    for carrier in CARRIERS:
        theirs = [one for one in parcels if one.carrier == carrier]
        driver = round_code(carrier, f"{carrier}-1", len(theirs), 0)
        shop.receive(driver, [one.number for one in theirs])
    for one in parcels:
        shop.shelve(one.number)
    wanted = iter([one for at, one in enumerate(parcels) if at % 4])

    def collect(many: int) -> int:
        got = 0
        for _, one in zip(range(many), wanted, strict=False):
            shop.hand_out(one.code, [one.number])
            got += 1
        return got

    it_is(street, time(10))
    shop.sign_in(amina)
    street.goes_down()
    collected = collect(size.parcels // 4)
    bring(size.drops // 2)
    it_is(street, time(12))
    shop.power_cut()
    shop.sign_in(amina)
    bring(size.drops // 8)
    collected += collect(size.parcels // 8)
    street.comes_back()

    it_is(street, time(14))
    shop.sign_in(bruno)
    bring(size.drops - len(drops))
    collected += collect(size.parcels)
    assert collected == sum(at % 4 > 0 for at in range(size.parcels))

    plates, seals = count(1), count(1)
    for at, number in enumerate(drops):
        if at % ROOM == 0:
            if at:
                shop.good(seal_code(next(seals)))
            shop.container(container_code(next(plates)), "UPS")
        shop.good(number)
    shop.good(seal_code(next(seals)))
    it_is(street, time(17))
    shop.sign_in(bruno)
    signed = shop.hand_over(round_code("UPS", "UPS-2", 0, None))
    assert signed.counts.bags == size.drops
    shop.press(Key.DONE)
    it_is(street, time(20, 5))
    shop.all_sent()
    books_are_equal(shop, size, collected)


def books_are_equal(shop: CounterShop, size: Size, collected: int) -> None:
    here, street = shop.shop, shop.street
    eventually(lambda: shop.core.agent.state.queued == 0, "all of it told")
    centre = told_at_the_centre(street, shop.site)
    for kind in (Kind.PARCEL, Kind.BAG, Kind.CONTAINER, Kind.MANIFEST):
        name = f"{kind.value}s"
        assert getattr(centre, name).held() == getattr(here, name).held()
    assert not broken(here)
    assert not here.conflicts()
    states = Count(parcel.state for parcel in here.parcels)
    assert states == {
        ParcelState.COLLECTED: collected,
        ParcelState.SHELVED: size.parcels - collected,
    }
    assert Count(bag.state for bag in here.bags) == {BagState.HANDED_OVER: size.drops}
    assert {one.state for one in here.containers} == {ContainerState.HANDED_OVER}
    assert {one.state for one in here.manifests} == {ManifestState.SIGNED}
    rows = street.rows(counter_things, site=shop.site)
    told = Count((row["kind"], row["state"]) for row in rows if row["kind"] != "shelf")
    ours = Count(
        (kind.value, one.state.value)
        for kind, things in (
            (Kind.PARCEL, here.parcels),
            (Kind.BAG, here.bags),
            (Kind.CONTAINER, here.containers),
            (Kind.MANIFEST, here.manifests),
        )
        for one in things
    )
    assert told == ours
    assert not street.rows(cases)


def test_a_small_day(shop: CounterShop) -> None:
    the_day(shop, Size(parcels=24, drops=16))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_whole_day(shop: CounterShop) -> None:
    """600 parcels and 400 drops of three carriers."""
    the_day(shop, Size(parcels=600, drops=400))
