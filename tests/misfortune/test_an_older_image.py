"""The disk of a kiosk is put back as it was last week: the same identity, an older ledger.

What it dropped since is at the centre alone. It asks, and knows it again.
"""

from __future__ import annotations

import shutil
from typing import Any

from kiosk.domain.reasons import Why
from kiosk.flows.model import Bagging, Items, Press, Receipt
from kiosk.ports import Scanned, Symbology
from tests.misfortune.street import Kiosk, eventually


def scan(kiosk: Kiosk, text: str) -> None:
    """Before a scanner, not the camera: nothing here is about looking."""
    kiosk.post(Scanned(text, text.encode(), Symbology.QR, "]Q1", "scanner", 0.0))


def test_a_return_dropped_after_the_image_was_made_is_not_taken_again(
    kiosk: Kiosk, street: Any
) -> None:
    kiosk.stop()
    image = shutil.copytree(kiosk.folder, kiosk.folder.with_name("image"))
    kiosk.ready()
    scan(kiosk, street.sample.find("simple").signed_code)
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    scan(kiosk, street.sample.bags[0])
    number = kiosk.sees(Receipt).drop.drop_number
    kiosk.go_home()
    kiosk.all_sent()
    kiosk.stop()

    shutil.rmtree(kiosk.folder)
    shutil.copytree(image, kiosk.folder)
    kiosk.ready()
    eventually(lambda: street.told("store.replayed"), "the answer of the centre")
    assert street.told("store.replayed") == [{"drops": 1}]
    scan(kiosk, street.sample.find("simple").signed_code)
    assert kiosk.hears(Why.RETURN_ALREADY_DROPPED)["drop_number"] == number
    assert len(street.drops) == 1
    assert [case["kind"] for case in street.cases] == ["fork"]
