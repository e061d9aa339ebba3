"""A camera's judgement of its frames, second by second, without threads."""

from __future__ import annotations

import logging

import cv2
import numpy as np
import pytest

from drivers.scanners.camera.frames import Frame, Gone
from drivers.scanners.camera.looking import Looking
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import DeviceFault, DeviceState, DeviceStatus, ScanHint, Symbology

BOTH = frozenset({Symbology.QR, Symbology.CODE_128})


class Kiosk:
    """A looking camera before a stage, played at 10 frames a second of a turned clock."""

    def __init__(self, time, busy, ear) -> None:
        self.time = time
        self.ear = ear
        self.stage = Stage(time, 15)
        self.looking = Looking("camera", True, busy, ear)

    def play(self, seconds: float, state: State | None = None, expected=BOTH) -> None:
        end = self.time.now + seconds
        while self.time.now < end:
            self.time.now += 1 / 10
            picture = self.stage.frame(state or State(), self.time.now)
            self.looking.frame(Frame(picture, self.time.now), expected)

    def hold(self, picture: np.ndarray, size: float = 0.9) -> State:
        return State(Showing(fitting(picture, size), self.time.now, size, 3.0, False))


@pytest.fixture
def kiosk(time, busy, ear) -> Kiosk:
    return Kiosk(time, busy, ear)


def test_held_for_four_seconds_is_one_scan(kiosk, ear, return_text) -> None:
    kiosk.play(1)
    kiosk.play(4, kiosk.hold(held.phone(return_text, ["Your return"])))
    (scan,) = ear.scans
    assert (scan.text, scan.raw, scan.aim) == (return_text, return_text.encode(), "]Q1")
    assert (scan.symbology, scan.source) == (Symbology.QR, "camera")


def test_taken_away_and_held_up_again_is_a_second_scan(kiosk, ear) -> None:
    phone = held.phone("RK1:A")
    kiosk.play(2, kiosk.hold(phone))
    kiosk.play(2)
    kiosk.play(2, kiosk.hold(phone))
    assert [scan.text for scan in ear.scans] == ["RK1:A", "RK1:A"]


def test_phone_and_bag_one_after_the_other(kiosk, ear) -> None:
    kiosk.play(1, kiosk.hold(held.phone("RK1:A")))
    kiosk.play(1, kiosk.hold(held.bag("TB0012345675", "TB0012345675")))
    assert [scan.text for scan in ear.scans] == ["RK1:A", "TB0012345675"]


def test_a_code_of_another_family_waits_for_its_screen(kiosk, ear) -> None:
    bag = kiosk.hold(held.bag("TB0012345675"))
    kiosk.play(2, bag, expected=frozenset({Symbology.QR}))
    assert ear.scans == []
    kiosk.play(1, bag, expected=BOTH)
    assert [scan.text for scan in ear.scans] == ["TB0012345675"]


def test_a_phone_that_lies_still_is_read_when_the_screen_changes(kiosk, ear) -> None:
    """Nothing moves for long; then a screen begins to expect what lies there."""
    still = State(Showing(fitting(held.bag("TB0012345675"), 0.9), 0.0, 0.9, 0.0, True))
    kiosk.play(6, still, expected=frozenset({Symbology.QR}))
    kiosk.play(1, still, expected=BOTH)
    assert [scan.text for scan in ear.scans] == ["TB0012345675"]


def test_ready_is_said_once(kiosk, ear) -> None:
    kiosk.play(2)
    assert ear.faults == [DeviceFault.NONE]


def test_a_covered_lens_is_a_warning_until_it_is_uncovered(kiosk, ear) -> None:
    kiosk.play(1)
    kiosk.play(3, State(covered=True))
    kiosk.play(1)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.PICTURE_BLACK, DeviceFault.NONE]
    assert ear.heard[1].state is DeviceState.WARNING


def test_a_frozen_picture_is_a_fault_and_nothing_is_read_from_it(kiosk, ear, time) -> None:
    kiosk.play(1)
    frame = kiosk.stage.frame(kiosk.hold(held.phone("RK1:A")), time.now + 1)
    for _ in range(60):
        time.now += 0.1
        kiosk.looking.frame(Frame(frame, time.now), BOTH)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.PICTURE_FROZEN]
    assert ear.heard[-1].state is DeviceState.FAULTY
    assert len(ear.scans) == 1
    assert kiosk.looking.frozen


def test_lost_and_back_is_logged_once_each(kiosk, ear, caplog) -> None:
    caplog.set_level(logging.INFO)
    kiosk.play(1)
    for _ in range(5):
        kiosk.looking.gone(Gone(DeviceFault.DISCONNECTED))
    kiosk.play(1)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.DISCONNECTED, DeviceFault.NONE]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_camera_that_falls_silent_does_not_answer(kiosk, ear, time) -> None:
    kiosk.play(1)
    kiosk.looking.silence(time.now + 1)
    assert ear.faults == [DeviceFault.NONE]
    kiosk.looking.silence(time.now + 3)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.NOT_ANSWERING]


def test_a_camera_known_to_be_gone_is_not_called_silent(kiosk, ear, time) -> None:
    kiosk.looking.gone(Gone(DeviceFault.NOT_FOUND))
    kiosk.looking.silence(time.now + 60)
    assert ear.faults == [DeviceFault.NOT_FOUND]


def test_a_look_that_fails_is_reported_and_two_good_seconds_mend_it(kiosk, ear) -> None:
    kiosk.play(1)
    kiosk.looking.broken(MemoryError("no room"))
    kiosk.play(1)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.INTERNAL]
    kiosk.play(2)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.INTERNAL, DeviceFault.NONE]


def test_looks_that_fail_now_and_then_are_one_fault(kiosk, ear, return_text) -> None:
    """Thirty changes of state a second would fill the ledger."""
    for _ in range(20):
        kiosk.play(0.2)
        kiosk.looking.broken(MemoryError("no room"))
    assert ear.faults == [DeviceFault.NONE, DeviceFault.INTERNAL]
    kiosk.play(1, kiosk.hold(held.phone(return_text)))
    assert [scan.text for scan in ear.scans] == [return_text]  # it reads what it can meanwhile


def test_a_code_that_reads_now_and_then_is_still_one_scan(kiosk, ear, return_text) -> None:
    kiosk.play(5, kiosk.hold(held.label(return_text * 2), size=0.22))
    assert len(ear.scans) == 1


def test_an_empty_shop_and_a_read_code_bring_no_hint(kiosk, ear) -> None:
    kiosk.play(2)
    kiosk.play(3, kiosk.hold(held.phone("RK1:A")))
    assert not [report for report in ear.heard if isinstance(report, ScanHint)]


# --- how much it looks ----------------------------------------------------------------------------


def test_what_is_old_is_no_news(kiosk, ear, time) -> None:
    """A frame that waited for more than a second was taken before another screen."""
    kiosk.play(1)
    old = kiosk.stage.frame(kiosk.hold(held.phone("RK1:OLD")), time.now)
    frame = Frame(old, time.now)
    time.now += 1.5
    kiosk.looking.frame(frame, BOTH)
    assert ear.scans == []
    assert kiosk.looking.stale == 1


def test_a_camera_whose_frames_are_all_old_does_not_answer(kiosk, ear, time) -> None:
    kiosk.play(1)
    picture = kiosk.stage.frame(State(), time.now)
    for _ in range(8):
        time.now += 0.5
        kiosk.looking.frame(Frame(picture, time.now - 1.5), BOTH)
    assert ear.faults == [DeviceFault.NONE, DeviceFault.NOT_ANSWERING]


def test_a_look_that_took_too_long_brings_nothing_and_the_next_one_does(kiosk, ear, time) -> None:
    kiosk.play(1)
    state = kiosk.hold(held.phone("RK1:SLOW"))
    picture = kiosk.stage.frame(state, time.now + 1)
    decoder = kiosk.looking._decoder
    look = decoder.look

    def slow(*told):
        reads = look(*told)
        time.now += 2.5
        return reads

    decoder.look = slow
    kiosk.looking.frame(Frame(picture, time.now), BOTH)
    assert ear.scans == []
    decoder.look = look
    kiosk.play(0.5, state)
    assert [scan.text for scan in ear.scans] == ["RK1:SLOW"]


def test_nothing_is_searched_for_where_a_screen_expects_nothing(kiosk, ear) -> None:
    kiosk.play(2, kiosk.hold(held.phone("RK1:A")), expected=frozenset())
    assert kiosk.looking.looks == 0
    assert [report for report in ear.heard if not isinstance(report, DeviceStatus)] == []


def test_a_code_in_view_is_not_news_for_the_screen_after_the_next(kiosk, ear) -> None:
    """Scanned on the first screen, still in view through the receipt, and on the first again."""
    phone = kiosk.hold(held.phone("RK1:A"))
    kiosk.play(1, phone)
    kiosk.play(2, phone, expected=frozenset())
    kiosk.play(2, phone)
    assert [scan.text for scan in ear.scans] == ["RK1:A"]


def test_three_blurred_codes_in_a_row_are_the_lens_and_a_read_one_disproves_it(
    kiosk, ear, time, return_text
) -> None:
    """Each stays blurred until its owner is sent to the keys: it is not their hands."""
    kiosk.play(1)
    label = held.label(return_text)
    for _ in range(3):
        state = kiosk.hold(label)
        path = np.zeros((29, 29), np.float32)
        path[14] = 1 / 29
        blurred = cv2.filter2D(kiosk.stage.frame(state, time.now + 1), -1, path)
        for tick in range(9):
            time.now += 0.45
            frame = np.roll(blurred, tick % 2 * 16, axis=1)
            kiosk.looking.frame(Frame(frame, time.now), BOTH)
        for _ in range(4):
            time.now += 0.5
            kiosk.looking.frame(Frame(kiosk.stage.frame(State(), time.now), time.now), BOTH)
    assert ear.faults[-1] is DeviceFault.PICTURE_BLURRED
    kiosk.play(1, kiosk.hold(label))
    assert ear.faults[-1] is DeviceFault.NONE
    assert len(ear.scans) == 1
