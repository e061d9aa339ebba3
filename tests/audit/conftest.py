"""A kiosk's ledger that a centre has sworn to now and then, and its export."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kiosk import audit
from kiosk.domain.events import DeviceChanged
from kiosk.seal import sworn
from kiosk.seal.keys import SigningKey
from kiosk.seal.sworn import Kind
from kiosk.store import Store, beside, open_store
from kiosk.store.anchors import Kept
from kiosk.world import SystemIds

DEVICE = SigningKey("device-1", bytes(range(32)))
CENTRE = SigningKey("bundle-1", bytes(range(32, 64)))
ROOT = Path(__file__).parents[2]


class StoppedClock:
    """Stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, **span: float) -> None:
        self.at += timedelta(**span)


class Kiosk:
    """`tell` records events, `swear` lets the centre take and swear to all of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = StoppedClock()
        self.store: Store = open_store(folder, self.clock, SystemIds())

    def tell(self, count: int) -> None:
        for number in range(count):
            self.store.record(DeviceChanged("p", "printer", "lost", f"fault {number}"), "p")
            self.clock.advance(minutes=1)

    def swear(self, key: SigningKey = CENTRE, **changes: Any) -> None:
        batch = self.store.outbox.next_batch(500, 1 << 30)
        assert batch is not None
        last = batch.events[-1]
        place = {
            "device": DEVICE.kid,
            "epoch": batch.epoch,
            "sequence": last.sequence,
            "link": last.chain,
            "at": self.clock.now(),
        }
        told = sworn.swear(Kind.ANCHOR, key, **(place | changes))
        assert self.store.outbox.acknowledge(
            batch.epoch, last.sequence, last.chain, self.clock.now(), Kept(told, key.public)
        )
        self.clock.advance(days=1)

    def lines(self, key: SigningKey | None = DEVICE) -> list[bytes]:
        with beside.look(self.folder) as connection:
            device = "" if key is None else key.kid
            return list(audit.export(connection, device, self.clock.now(), key))


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "kiosk")
    yield kiosk
    kiosk.store.close()


@pytest.fixture(scope="session")
def second() -> ModuleType:
    """The verifier of the docs, which shares no code with ours. It is slow at signatures, so it
    remembers what it has computed."""
    spec = importlib.util.spec_from_file_location("verify_audit", ROOT / "docs/verify_audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("times", "decompress"):
        setattr(module, name, cache(getattr(module, name)))
    return module
