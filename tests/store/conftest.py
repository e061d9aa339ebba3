"""A store on a real directory, with a clock and ids that the test controls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain import codes
from kiosk.domain.events import KioskStarted
from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.store import Store, open_store

START = datetime(2025, 3, 10, 12, 0, tzinfo=UTC)


class FakeClock:
    def __init__(self) -> None:
        self.wall = START
        self.running = 100.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.running

    def pass_time(self, duration: timedelta) -> None:
        self.wall += duration
        self.running += duration.total_seconds()


class NumberedIds:
    def __init__(self) -> None:
        self.count = 0

    def uuid(self) -> str:
        self.count += 1
        return f"01950000-0000-7000-8000-{self.count:012x}"

    def token(self, bits: int) -> int:
        self.count += 1
        return int.from_bytes(hashlib.sha512(str(self.count).encode()).digest()) >> (512 - bits)


class Shelf:
    """One data directory; `open` starts the store in it, as often as wanted one after another."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.ids = NumberedIds()
        self._opened: list[Store] = []

    def open(self) -> Store:
        store = open_store(self.directory, self.clock, self.ids)
        self._opened.append(store)
        return store

    def close(self) -> None:
        for store in self._opened:
            store.close()

    def install(self, store: Store, number: int, *returns: Authorisation, **changes: Any) -> None:
        now = self.clock.now()
        given = {
            "previous": number - 1,
            "tenant": "tenant",
            "scope": "all",
            "issued": now,
            "warn_after": now + timedelta(hours=24),
            "accept_until": now + timedelta(hours=72),
            "content": content(number),
            "authorisations": returns,
        }
        store.policy.install(number, **{**given, **changes})

    def apply(self, store: Store, number: int, **changes: Any) -> None:
        now = self.clock.now()
        given = {
            "previous": number - 1,
            "tenant": "tenant",
            "scope": "all",
            "issued": now,
            "warn_after": now + timedelta(hours=24),
            "accept_until": now + timedelta(hours=72),
            "content": content(number),
            "puts": (),
            "removes": (),
            "base": store.policy.number,
        }
        store.policy.apply(number, **{**given, **changes})


def content(number: int) -> PolicyContent:
    return PolicyContent(
        number=number,
        audience="test",
        merchants=(Merchant("M-1", "Schuhhaus", "help@example.org", "Europe/Berlin"),),
        rules={"M-1": ({"rule": "allow", "id": f"all-{number}"},)},
        code_keys=(),
        revoked_codes=("cti-revoked",),
    )


def authorisation(number: int, **changes: Any) -> Authorisation:
    fields: dict[str, Any] = {
        "return_id": f"R-{number}",
        "merchant_id": "M-1",
        "order_number": f"a {1000 + number}",
        "postal_code": "sw1a 1aa",
        "short_code": codes.short_code(number),
        "state": AuthorisationState.AUTHORISED,
        "ordered_on": date(2025, 3, 1),
        "delivered_on": None,
        "expires_at": datetime(2025, 6, 1, tzinfo=UTC),
        "lines": (
            ReturnLine(
                "L-1", "S-1", "Schuh ß 靴", "shoes", 2, Money(4999, "EUR"), frozenset({"b", "a"})
            ),
        ),
    }
    return Authorisation(**{**fields, **changes})


@pytest.fixture(scope="session")
def shelf_at() -> type[Shelf]:
    """For tests that need several, one after another."""
    return Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path / "data")
    yield shelf
    shelf.close()


@pytest.fixture
def store(shelf: Shelf) -> Store:
    return shelf.open()


@pytest.fixture
def record() -> Callable[[Store, int], None]:
    """Record so many events, told apart by their number."""

    def write(store: Store, count: int) -> None:
        for number in range(count):
            store.record(KioskStarted("1.0", number, 0), "kiosk")

    return write


@pytest.fixture(scope="session")
def make_authorisation() -> Callable[..., Authorisation]:
    return authorisation
