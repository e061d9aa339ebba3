"""The camera is unplugged, covered or frozen. Who cannot scan can type."""

from __future__ import annotations

import pytest

from drivers.scanners.decoders import Decoder
from kiosk.flows.model import Attract, Bagging, Items, Press, Receipt, TypeOrder, TypeShortCode
from kiosk.ports import Trouble


@pytest.mark.parametrize(
    ("break_it", "mend_it", "trouble", "fault"),
    [
        ("unplug", "plug", Trouble.SCANNER_ABSENT, "disconnected"),
        ("cover", "uncover", Trouble.SCANNER_COVERED, "picture_black"),
        ("freeze", "thaw", Trouble.SCANNER_COVERED, "picture_frozen"),
    ],
)
def test_gone_in_the_middle_of_a_visit_and_back(
    kiosk, street, break_it, mend_it, trouble, fault
) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    getattr(kiosk.camera, break_it)()
    told = kiosk.knows(trouble)
    assert isinstance(told.screen, Bagging)  # the visit stays where it is
    kiosk.hold_bag()
    getattr(kiosk.camera, mend_it)()
    kiosk.is_over(trouble)
    kiosk.sees(Receipt)  # the bag is still held up
    kiosk.all_sent()
    assert len(street.drops) == 1
    changes = [e["fault"] for e in kiosk.events("device.changed") if e["family"] == "scanner"]
    assert fault in changes
    assert changes[-1] == ""
    kiosk.is_whole()


@pytest.mark.parametrize(("break_it", "trouble"), [("unplug", "ABSENT"), ("cover", "COVERED")])
def test_typing_works_without_it(kiosk, street, break_it, trouble) -> None:
    """A return that needs no bag goes the whole way with the keys alone."""
    getattr(kiosk.camera, break_it)()
    kiosk.knows(Trouble[f"SCANNER_{trouble}"])
    assert isinstance(kiosk.session.screen, Attract)
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    kiosk.sees(TypeShortCode)
    keep = street.sample.find("keep")
    kiosk.type(keep.short_code)
    kiosk.press(Press.SUBMIT)
    assert kiosk.sees(Items).drop.authorisation.return_id == keep.return_id
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert [(row["return_id"], row["identified_by"]) for row in street.drops] == [
        (keep.return_id, "short")
    ]


def test_an_order_typed_without_a_camera(kiosk, street) -> None:
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    simple = street.sample.find("simple")
    kiosk.press(Press.NO_CODE, Press.ORDER_NUMBER)
    kiosk.sees(TypeOrder)
    kiosk.type(simple.order_number)
    kiosk.press(Press.SUBMIT)
    kiosk.type(simple.postal_code)
    kiosk.press(Press.SUBMIT)
    assert kiosk.sees(Items).drop.authorisation.return_id == simple.return_id


def test_a_kiosk_without_any_scanner_says_so_and_takes_what_is_typed(install, street) -> None:
    kiosk = install(camera=False).ready()
    assert Trouble.SCANNER_ABSENT in kiosk.session.service.troubles
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    kiosk.type(street.sample.find("keep").short_code)
    kiosk.press(Press.SUBMIT)
    kiosk.sees(Items)


def test_a_mistake_in_the_decoder_does_not_end_the_scanning(kiosk, street, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise IndexError("a mistake of ours")

    kiosk.eventually(lambda: _scanner_faults(kiosk) == [""], "the camera is there")
    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "look", broken)
        patch.setattr(Decoder, "glance", broken)
        kiosk.knows(Trouble.SCANNER_ABSENT)  # the shopper is sent to the keys meanwhile
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.is_over(Trouble.SCANNER_ABSENT)
    faults = ["", "internal", ""]
    # The screen is told before the ledger: the record follows in its own time.
    kiosk.eventually(lambda: _scanner_faults(kiosk) == faults, "the camera's story is recorded")
    kiosk.all_sent()
    assert [e["fault"] for e in street.told("device.changed") if e["device"] == "camera"] == faults


def _scanner_faults(kiosk) -> list[str]:
    return [e["fault"] for e in kiosk.events("device.changed") if e["family"] == "scanner"]
