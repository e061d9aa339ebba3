"""What happens to the camera, and before it, while a shopper is in the middle of a visit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drivers.virtual import held
from drivers.virtual.shop import Showing, fitting
from kiosk.flows.model import Attract, Bagging, Items, Press, Receipt, TypeShortCode
from kiosk.ports import HintKind, Trouble
from kiosk.world import SystemClock


def faults(kiosk) -> list[str]:
    return [e["fault"] for e in kiosk.events("device.changed") if e["family"] == "scanner"]


def dazzle(kiosk) -> None:
    kiosk.camera.dazzle()


def fall_silent(kiosk) -> None:
    kiosk.camera.fall_silent()


def forbid(kiosk) -> None:
    """The rights go with the cable: a rule of udev is missing for the new number."""
    kiosk.camera.forbid()
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    kiosk.camera.plug()
    kiosk.eventually(lambda: "permission" in faults(kiosk), "a record of it")


def mend(camera) -> None:
    camera.shade()
    camera.speak()
    camera.allow()


@pytest.mark.parametrize(
    ("trouble_it", "trouble"),
    [
        (dazzle, Trouble.SCANNER_COVERED),
        (fall_silent, Trouble.SCANNER_ABSENT),
        (forbid, Trouble.SCANNER_ABSENT),
    ],
)
def test_the_visit_waits_says_so_and_goes_on(kiosk, street, trouble_it, trouble) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    trouble_it(kiosk)
    told = kiosk.knows(trouble)
    assert isinstance(told.screen, Bagging)  # the visit stays where it is
    kiosk.hold_bag()
    mend(kiosk.camera)
    kiosk.is_over(trouble)
    kiosk.sees(Receipt)  # the bag is still held up
    kiosk.all_sent()
    assert len(street.drops) == 1
    kiosk.is_whole()


@pytest.mark.parametrize(
    ("trouble_it", "fault"), [(dazzle, "picture_dazzled"), (forbid, "permission")]
)
def test_the_engineer_reads_what_it_was(kiosk, trouble_it, fault) -> None:
    trouble_it(kiosk)
    kiosk.eventually(lambda: fault in faults(kiosk), f"a record of {fault}")
    mend(kiosk.camera)
    kiosk.eventually(lambda: faults(kiosk)[-1] == "", "a record of its end")


def test_a_phone_that_is_still_held_up_when_the_cable_is_back_is_no_second_scan(kiosk) -> None:
    kiosk.hold_return("simple")
    drop = kiosk.sees(Items).drop
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    kiosk.camera.plug()
    kiosk.is_over(Trouble.SCANNER_ABSENT)
    kiosk.hold_bag()
    assert kiosk.sees(Receipt).drop.drop_id == drop.drop_id
    assert kiosk.events("code.rejected") == []


def test_typing_takes_over_in_the_middle_and_the_camera_takes_back(kiosk, street) -> None:
    kiosk.camera.unplug()
    kiosk.knows(Trouble.SCANNER_ABSENT)
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    kiosk.sees(TypeShortCode)
    kiosk.type(street.sample.find("simple").short_code)
    kiosk.press(Press.SUBMIT)
    kiosk.sees(Items)
    kiosk.camera.plug()
    kiosk.is_over(Trouble.SCANNER_ABSENT)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1


def _is_much_too_near(camera, picture) -> None:
    """There already: on its way up into the picture it would be read."""
    since = SystemClock().monotonic() - 10
    there = Showing(fitting(picture, 2.0), since, 2.0, 3.0, steady=False)
    camera._stage.change(lambda state: replace(state, showing=there))


def test_a_code_that_does_not_read_is_helped_with_then_the_keys_are_offered(kiosk, street) -> None:
    code = street.sample.find("simple").signed_code
    _is_much_too_near(kiosk.camera, held.label(code))

    def hinted(kind: HintKind):
        return lambda s: isinstance(s.screen, Attract) and s.screen.hint is kind

    kiosk.until(hinted(HintKind.FURTHER), "advice")
    kiosk.until(hinted(HintKind.TYPE_INSTEAD), "the offer of the keys")
    kiosk.camera.present(held.phone(code))
    kiosk.sees(Items)


def test_a_screen_that_blinds_the_camera_is_read_with_another_exposure(kiosk, street) -> None:
    code = street.sample.find("simple").signed_code
    kiosk.camera.present(held.phone(code), glow=20.0)
    assert kiosk.sees(Items).drop.authorisation.return_id == street.sample.find("simple").return_id
