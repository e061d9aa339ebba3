"""A kiosk's store with the bench's shops in it, and shoppers who bring returns: what the benches of
the store and of the link work on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.app.drop_off import DropOff
from kiosk.app.printing import Receipts
from kiosk.domain import codes
from kiosk.domain.codes import base45
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.ports import Printed, Scanned, Symbology
from kiosk.seal.keys import SigningKey
from kiosk.store import Store, open_store
from kiosk.world import SystemIds
from tests.bench import policy_shop as shop

DEVICE = "device-bench"


class ShopClock:
    """Runs as the machine's, from the day at which the bench's shops are open."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return shop.NOW + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        return time.monotonic()


class Kiosk:
    """The real store and the real drop-off, without a screen."""

    def __init__(self, folder: Path, returns: int) -> None:
        self.clock, self.ids = ShopClock(), SystemIds()
        self.store: Store = open_store(folder, self.clock, self.ids)
        self.key = SigningKey("", bytes(range(32)))
        self.store.policy.install(
            number=1,
            previous=0,
            tenant="bench",
            scope="all",
            issued=shop.NOW,
            warn_after=shop.NOW + timedelta(days=30),
            accept_until=shop.NOW + timedelta(days=60),
            content=shop.content(1),
            authorisations=shop.authorisations(returns),
        )
        self.drop_off = DropOff(
            self.store, self.clock, self.ids, "K1", DEVICE, self.key, lambda: False
        )
        self._receipts = Receipts(self.store, self.clock)

    def present(self, number: int) -> OpenDrop:
        """A shopper holds up the signed code of return `number`."""
        found = self.drop_off.check(
            f"visit-{number}", scanned("RK1:" + base45.encode(shop.signed(number)))
        )
        assert isinstance(found, OpenDrop), found
        return found

    def get_ready(self, drop: OpenDrop) -> None:
        """The bag is asked for, as the screen does it."""
        self.drop_off.get_ready(drop)

    def promise(self, drop: OpenDrop, number: int) -> CommittedDrop:
        """A bag is asked for and held up."""
        self.get_ready(drop)
        return self.commit(drop, bag(number))

    def commit(self, drop: OpenDrop, held_up: Scanned) -> CommittedDrop:
        """The one commit that the receipt waits for."""
        done = self.drop_off.commit(drop, held_up)
        assert isinstance(done, CommittedDrop), done
        return done

    def settle(self, drop: OpenDrop) -> None:
        """Its receipt is printed; the printer's thread writes that down, twice."""
        self._receipts.begin(drop.drop_id)
        self._receipts.settle(drop.drop_id, Printed())

    def close(self) -> None:
        self.store.close()


def bag(number: int) -> Scanned:
    return scanned(codes.bag_code(number))


def scanned(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "]Q1", "camera", 0.0)


@contextmanager
def kiosk(folder: Path, returns: int) -> Iterator[Kiosk]:
    made = Kiosk(folder, returns)
    try:
        yield made
    finally:
        made.close()
