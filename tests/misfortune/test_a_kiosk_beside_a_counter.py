"""A self-service kiosk and a counter in one shop: the kiosk's bags are the counter's to pack."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from kiosk.domain.codes import container_code
from kiosk.domain.counter.bags import BagState
from kiosk.flows.counter.model import Tone
from kiosk.flows.counter.states.outbound import BagInHand
from kiosk.flows.model import Bagging, Items, Press, Receipt
from sync.central import demo, demo_counter
from tests.misfortune.counter_shop import CounterShop, Person
from tests.misfortune.street import IDS, Kiosk, Street, eventually


def test_what_a_shopper_drops_staff_pack(
    street: Street, install: Callable[..., Kiosk], tmp_path: Path
) -> None:
    kiosk = install(printer=False)
    kiosk.settings = replace(kiosk.settings, counter=True)
    key = demo.load_key(street.folder / "keys" / "bundle.key", demo.BUNDLE_KID, IDS)
    site, tenant = kiosk.identity.site, street.sample.tenant
    staff = demo_counter.fill(street.database, street.clock, IDS, tenant, site, key)
    counter = CounterShop.enrolled(street, site, tmp_path / "C1", "C1")
    try:
        counter.open().has_its_book()
        kiosk.ready()
        bag = street.sample.bags[0]
        drop(kiosk)
        eventually(lambda: counter.shop.bags[bag].state is BagState.COMMITTED, "the bag")
        assert counter.shop.bags[bag].drop_id
        counter.sign_in(Person(staff[0]))
        counter.container(container_code(1), "DHL")
        counter.home()
        counter.good(bag)
        assert isinstance(counter.screen, BagInHand)
        after = counter.good(container_code(1))
        assert after.flash is not None
        assert after.flash.tone is Tone.RIGHT
        assert counter.shop.bags[bag].state is BagState.CONTAINED
    finally:
        counter.leaving.set()
        counter.stop()


def drop(kiosk: Kiosk) -> None:
    kiosk.hold_return()
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
