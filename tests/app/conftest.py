"""A kiosk ready to take returns: a data directory with policy, authorisations and keys.

`Ready.create(directory)` builds one anywhere; `Ready(directory)` opens it again, as a restart
does. Other programs load this file by its path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.drop_off import DropOff
from kiosk.app.photographs import Photographs
from kiosk.app.printing import Receipts
from kiosk.domain import codes
from kiosk.domain.codes.third_party import ThirdPartyForm
from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import CodeKey, PolicyContent
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.ports import Photographer, Scanned, Symbology
from kiosk.seal.codes import ReturnClaims, issue
from kiosk.seal.keys import SigningKey
from kiosk.store import open_store
from kiosk.store.photos import PhotoFiles

START = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)
AUDIENCE = "takeback-test"
DEVICE_KEY = SigningKey("device-1", hashlib.sha256(b"device").digest())
MERCHANT_KEY = SigningKey("shoes-2025", hashlib.sha256(b"merchant").digest())
OTHER_KEY = SigningKey("books-2025", hashlib.sha256(b"other").digest())
SHOES = Merchant("shoes", "Schuhhaus", "help@shoes.example", "Europe/Berlin")
BOOKS = Merchant("books", "Bookery", "help@books.example", "Europe/London")

RULES: dict[str, tuple[dict[str, Any], ...]] = {
    "shoes": (
        {"rule": "window", "id": "window-30", "days": 30},
        {"rule": "final_sale", "id": "final"},
        {"rule": "hazmat", "id": "hazmat"},
        {"rule": "returnless", "id": "cheap", "below": 500, "currency": "EUR"},
        {
            "rule": "condition",
            "id": "worn",
            "question": "condition",
            "accept": ["unworn"],
            "refuse": ["worn"],
            "when": {"category": ["boots"]},
        },
    ),
    "books": ({"rule": "allow", "id": "all"},),
}


class FakeClock:
    """Stands still until it is told otherwise."""

    def __init__(self, now: datetime = START) -> None:
        self.wall = now
        self.running = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.running

    def pass_time(self, duration: timedelta) -> None:
        self.wall += duration
        self.running += duration.total_seconds()


class NumberedIds:
    """kiosk.ports.Ids without chance: the same start gives the same ids. `series` keeps two
    starts apart."""

    def __init__(self, series: int = 0) -> None:
        self.series = series
        self.count = 0

    def uuid(self) -> str:
        self.count += 1
        return f"01950000-0000-7000-8{self.series:03x}-{self.count:012x}"

    def token(self, bits: int) -> int:
        self.count += 1
        seed = f"{self.series}/{self.count}".encode()
        return int.from_bytes(hashlib.sha512(seed).digest()) >> (512 - bits)


def line(line_id: str, minor: int = 4999, **changes: Any) -> ReturnLine:
    plain = ReturnLine(
        line_id=line_id,
        sku=f"sku-{line_id}",
        name=f"Item {line_id}",
        category="shoes",
        quantity=1,
        price=Money(minor, "EUR"),
    )
    return replace(plain, **changes)


def authorisation(number: int, *lines: ReturnLine, **changes: Any) -> Authorisation:
    """Return R-<number> of order <1000 + number>, delivered five days before START."""
    plain = Authorisation(
        return_id=f"R-{number}",
        merchant_id="shoes",
        order_number=f"A-{1000 + number}",
        postal_code="10115",
        short_code=codes.short_code(number),
        state=AuthorisationState.AUTHORISED,
        ordered_on=date(2025, 3, 1),
        delivered_on=date(2025, 3, 5),
        expires_at=datetime(2025, 6, 1, tzinfo=UTC),
        lines=lines or (line("L-1"),),
        country="DE",
    )
    return replace(plain, **changes)


RETURNS = (
    authorisation(1, line("L-1"), line("L-2", 1999, quantity=3)),
    authorisation(2, line("L-1", 300)),  # returnless
    authorisation(3, line("L-1", final_sale=True)),  # refused
    authorisation(4, line("L-1", category="boots")),  # asks
    authorisation(5, line("L-1"), line("L-2", final_sale=True), line("L-3", 200)),  # of each
    authorisation(6, state=AuthorisationState.CANCELLED),
    authorisation(7, expires_at=datetime(2025, 3, 9, 23, 30, tzinfo=UTC)),
    authorisation(8, state=AuthorisationState.IN_REVIEW),
    authorisation(9, order_number="A-1001", lines=(line("L-9"),)),  # the same order as R-1
    authorisation(10, merchant_id="books", lines=(line("L-1", 1200),)),
    authorisation(11, line("L-1", hazard="lithium")),  # staff
)


class Ready:
    """A kiosk's core over one data directory, without screens and devices."""

    def __init__(
        self,
        directory: Path,
        clock: FakeClock | None = None,
        series: int = 1,
        cameras: Sequence[Photographer] = (),
    ) -> None:
        self.directory = directory
        self.clock = clock or FakeClock()
        self.ids = NumberedIds(series)
        self.offline = False
        self.store = open_store(directory, self.clock, self.ids)
        self.photos = PhotoFiles(directory, self.ids, 300 << 20)
        self.photographs = Photographs(self.photos, cameras)
        self.drop_off = DropOff(
            self.store,
            self.clock,
            self.ids,
            "K1",
            "device-1",
            DEVICE_KEY,
            lambda: self.offline,
            photographs=self.photographs,
        )
        self.receipts = Receipts(self.store, self.clock)

    @classmethod
    def create(cls, directory: Path, clock: FakeClock | None = None) -> Ready:
        ready = cls(directory, clock, series=0)
        ready.install()
        return ready

    def install(
        self,
        number: int = 1,
        returns: Sequence[Authorisation] = RETURNS,
        *,
        rules: dict[str, tuple[dict[str, Any], ...]] | None = None,
        revoked: tuple[str, ...] = (),
        third_party: tuple[ThirdPartyForm, ...] = (),
        code_pepper: str = "",
    ) -> None:
        """Put a bundle in force, stale after a day and expired after three."""
        now = self.clock.now()
        kept = (now - timedelta(days=365), now + timedelta(days=365))
        self.store.policy.install(
            number,
            number - 1,
            "tenant",
            "all",
            now,
            now + timedelta(hours=24),
            now + timedelta(hours=72),
            PolicyContent(
                number=number,
                audience=AUDIENCE,
                merchants=(SHOES, BOOKS),
                rules=RULES if rules is None else rules,
                code_keys=(
                    CodeKey(MERCHANT_KEY.kid, MERCHANT_KEY.public.hex(), "shoes", *kept),
                    CodeKey(OTHER_KEY.kid, OTHER_KEY.public.hex(), "books", *kept),
                ),
                revoked_codes=revoked,
                third_party=third_party,
                code_pepper=code_pepper,
            ),
            returns,
        )

    # --- what a shopper does -------------------------------------------------------------------

    def code(self, number: int, key: SigningKey = MERCHANT_KEY, **changes: Any) -> Scanned:
        """A scan of the signed code of return R-<number>."""
        claims = ReturnClaims(
            issuer="books" if key is OTHER_KEY else "shoes",
            audience=AUDIENCE,
            issued_at=START - timedelta(days=2),
            expires_at=START + timedelta(days=30),
            code_id=f"cti-{number}",
            return_id=f"R-{number}",
        )
        return scan(issue(replace(claims, **changes), key))

    def bag(self, number: int = 1) -> Scanned:
        return scan(codes.bag_code(number))

    def open(self, number: int = 1, visit: str = "visit-1") -> OpenDrop:
        """Present a return's signed code; it must be found."""
        found = self.drop_off.check(visit, self.code(number))
        assert isinstance(found, OpenDrop), found
        return found

    def drop(self, number: int = 1, bag: int = 1, visit: str = "visit-1") -> CommittedDrop:
        """The whole walk of a return with everything brought."""
        opened = self.open(number, visit)
        done = self.drop_off.commit(opened, self.bag(bag) if opened.needs_bag else None)
        assert isinstance(done, CommittedDrop), done
        return done

    # --- what came of it -----------------------------------------------------------------------

    def events(self, kind: str = "") -> list[dict[str, Any]]:
        """The bodies of what was recorded, all or those whose type contains `kind`."""
        batch = self.store.outbox.next_batch(10_000, 1 << 30)
        found = batch.events if batch else ()
        return [dict(event.data) for event in found if kind in event.type]

    def types(self) -> list[str]:
        """What was recorded, without the common beginning and the version."""
        batch = self.store.outbox.next_batch(10_000, 1 << 30)
        found = batch.events if batch else ()
        return [event.type.removeprefix("takeback.").removesuffix(".v1") for event in found]

    def restart(self) -> Ready:
        """As after a power cycle; the clock goes on."""
        self.store.close()
        return Ready(self.directory, self.clock, series=self.ids.series + 1)

    def close(self) -> None:
        self.store.close()


def scan(text: str) -> Scanned:
    """A QR code in front of the camera."""
    return Scanned(text, text.encode(), Symbology.QR, "]Q1", "camera", 100.0)


@dataclass(frozen=True)
class Keys:
    device: SigningKey = DEVICE_KEY
    merchant: SigningKey = MERCHANT_KEY
    other: SigningKey = OTHER_KEY


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture(name="scan")
def scan_fixture() -> Callable[[str], Scanned]:
    return scan


@pytest.fixture
def make_return() -> Callable[..., Authorisation]:
    return authorisation


@pytest.fixture
def make_line() -> Callable[..., ReturnLine]:
    return line


@pytest.fixture
def make_kiosk() -> type[Ready]:
    return Ready


@pytest.fixture
def ready(tmp_path: Path) -> Iterator[Ready]:
    made = Ready.create(tmp_path / "data")
    yield made
    made.close()
