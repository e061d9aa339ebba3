"""Everything round a demo counter: as the kiosk's world, with a counter in the kiosk's place."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from msgspec.structs import replace

from kiosk.demo.counter.parcels import DemoParcel, announced
from kiosk.demo.world import SITE, World
from kiosk.settings import Scanner, Settings
from kiosk.world import SystemClock, SystemIds
from sync.central.database import Database

CODE = "C1"


class CounterWorld(World):
    device_code = CODE

    @property
    def kiosk_dir(self) -> Path:
        return self.folder / "counter"

    @cached_property
    def parcels(self) -> tuple[DemoParcel, ...]:
        """On their way to this shop."""
        database = Database(self.database_url)
        try:
            tenant, file = self.sample.tenant, self.folder / "parcels.json"
            return announced(database, SystemClock(), SystemIds(), tenant, SITE, file)
        finally:
            database.close()

    def settings(self, cameras: tuple[Scanner, ...], timezone: str) -> Settings:
        return replace(super().settings(cameras, timezone), profile="counter")
