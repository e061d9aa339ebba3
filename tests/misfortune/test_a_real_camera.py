"""The demo takes a real camera where there is one.

No camera can be made on a machine without one (the v4l2 loopback module is not at hand for tests),
so what is tested is the way to it: that the device is chosen, that one which is no camera after
all is told, and that the kiosk goes on with what it has. `takeback demo` with a webcam plugged in
is looked at by hand.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from drivers import registry
from drivers.scanners.camera import Camera
from kiosk.demo.world import HANDS, SHOWN, cameras
from kiosk.flows.model import Items, Receipt
from kiosk.ports import Trouble
from kiosk.settings import Scanner

NO_CAMERA = Path("/dev/null")  # a character device like any camera, until it is asked for pictures


def test_it_comes_before_the_hands_where_there_is_one(tmp_path) -> None:
    assert [s.name for s in cameras(None, tmp_path / "video0")] == [HANDS]
    real, hands = cameras(None, NO_CAMERA)
    assert (real.driver, real.options) == ("camera", {"device": "/dev/null"})
    assert hands.name == HANDS
    made = registry.scanner_factory(real.driver)(real.name, real.options, lambda: 0.0)
    assert isinstance(made, Camera)


def test_a_file_is_shown_in_place_of_it(tmp_path) -> None:
    shown, hands = cameras(tmp_path / "photo.jpg", NO_CAMERA)
    assert (shown.name, hands.name) == (SHOWN, HANDS)
    assert shown.options["file"] == str(tmp_path / "photo.jpg")


def test_a_device_that_gives_no_pictures_is_told_and_the_others_go_on(install, street) -> None:
    kiosk = install()
    kiosk.settings = replace(
        kiosk.settings,
        scanners=(
            Scanner(name="webcam", driver="camera", options={"device": str(NO_CAMERA)}),
            *kiosk.settings.scanners,
        ),
    )
    kiosk.ready()
    kiosk.eventually(
        lambda: [e for e in kiosk.events("device.changed") if e["device"] == "webcam"],
        "the webcam's account of itself",
    )
    (told,) = [e for e in kiosk.events("device.changed") if e["device"] == "webcam"]
    assert (told["state"], told["fault"]) == ("faulty", "not_answering")
    kiosk.until(  # one that reads is enough
        lambda s: Trouble.SCANNER_ABSENT not in s.service.troubles, "the other camera"
    )
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.all_sent()
    assert len(street.drops) == 1
