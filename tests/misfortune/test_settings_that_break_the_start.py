"""The centre orders settings with which the kiosk does not start: it serves again by itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from kiosk import waking
from kiosk.core import Core
from kiosk.flows.model import Attract
from kiosk.store.orders import Orders
from kiosk.waking import keep_awake
from kiosk.world import SystemIds
from sync.central import demo, orders
from sync.central.tables import device_settings
from tests.misfortune.street import Kiosk, eventually

BROKEN = "Market 13"


class Brittle(Core):
    """A mistake of ours, which nobody knew when the settings were judged."""

    def start(self) -> None:
        super().start()
        if self.settings.site_name == BROKEN:
            raise ValueError("a site of that name cannot be")


def test_it_is_undone_by_itself_and_told(
    kiosk: Kiosk, street: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.stop()
    monkeypatch.setattr(waking, "Core", Brittle)
    cores: list[Core] = []

    def rouse() -> Core | None:
        return kiosk.open().core

    keeper = threading.Thread(
        target=keep_awake,
        args=(rouse, cores.append, lambda: None, kiosk.leaving),
        name="keeper",
    )
    keeper.start()
    eventually(lambda: cores, "the first core")
    kiosk.sees(Attract)
    key = demo.load_key(street.folder / "keys" / "bundle.key", "demo-bundle-1", SystemIds())
    orders.put_settings(
        street.database, street.clock, kiosk.identity.device_id, {"site_name": BROKEN}, key
    )
    eventually(lambda: len(cores) == 2, "the core after it")
    kiosk.sees(Attract)
    assert cores[1].settings.site_name == "Street 1"
    assert Orders(cores[1].store).in_force().version == 0
    eventually(lambda: street.rows(device_settings)[0]["state"] == "refused", "the kiosk's word")
    [row] = street.rows(device_settings)
    assert "a site of that name cannot be" in row["cause"]
    kiosk.leaving.set()
    cores[-1].let_go()
    keeper.join(30)
    assert not keeper.is_alive()
