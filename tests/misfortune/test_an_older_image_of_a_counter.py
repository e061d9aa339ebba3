"""A counter whose disk is put back from an older image hears from the centre what it did since."""

from __future__ import annotations

import shutil
from pathlib import Path

from kiosk.domain.codes.shelf import shelf_code
from kiosk.domain.counter.invariants import broken
from kiosk.domain.counter.parcel_facts import ParcelAnnounced
from kiosk.domain.counter.parcels import ParcelState
from tests.misfortune.counter_shop import CounterShop, Person, from_the_centre
from tests.misfortune.street import Street, eventually

SITE = "Demo street 1"
NUMBERS = tuple(f"JJD{at:017d}" for at in range(1, 5))


def test_what_it_did_since_is_known_again(street: Street, tmp_path: Path) -> None:
    shop = CounterShop.enrolled(street, SITE, tmp_path / "C1", "C1")
    amina = Person(street.sample.staff[0])
    try:
        shop.open().has_its_book()
        from_the_centre(street, SITE, [ParcelAnnounced(n, "DHL", "small") for n in NUMBERS])
        eventually(lambda: len(shop.shop.parcels) == len(NUMBERS), "the announcements")
        shop.sign_in(amina)
        take(shop, NUMBERS[:2])
        shop.all_sent()
        shop.stop()
        shutil.copytree(shop.folder, tmp_path / "image")
        shop.open()
        shop.sign_in(amina)
        take(shop, NUMBERS[2:])
        shop.all_sent()
        shop.stop()
        shop.folder = tmp_path / "image"
        shop.open()
        lying = ParcelState.SHELVED
        eventually(
            lambda: all(shop.shop.parcels[n].state is lying for n in NUMBERS), "what was done since"
        )
        assert not broken(shop.shop)
        assert not shop.shop.conflicts()
        shop.sign_in(amina)
        shop.good(NUMBERS[3])
        shop.good(shelf_code("A3"))
        assert shop.shop.parcels[NUMBERS[3]].shelf_id == "A3"
        shop.all_sent()
    finally:
        shop.leaving.set()
        shop.stop()


def take(shop: CounterShop, numbers: tuple[str, ...]) -> None:
    for number in numbers:
        shop.good(number)
    shop.home()
    for number in numbers:
        shop.shelve(number)
    shop.home()
