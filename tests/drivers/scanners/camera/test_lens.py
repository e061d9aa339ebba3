"""A lens that no longer sees: black, washed out, standing still, without detail. And what must
raise no alarm."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.scanners.camera.watch import Sight, Watch
from drivers.scanners.pictures import grey_of
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import DeviceFault

BLACK, FROZEN = DeviceFault.PICTURE_BLACK, DeviceFault.PICTURE_FROZEN
BLURRED, DAZZLED = DeviceFault.PICTURE_BLURRED, DeviceFault.PICTURE_DAZZLED
WELL = DeviceFault.NONE


class Eye:
    """A watch before a stage; sees two frames a second of a turned clock."""

    def __init__(self, time) -> None:
        self.time = time
        self.stage = Stage(time, 15)
        self.watch = Watch(alive=True)

    def see(self, state: State, seconds: float) -> list[DeviceFault]:
        return [self.look(state).fault for _ in range(round(seconds * 2))]

    def look(self, state: State) -> Sight:
        self.time.now += 0.5
        return self.watch.see(grey_of(self.stage.frame(state, self.time.now)), self.time.now)


@pytest.fixture
def eye(time) -> Eye:
    """It has looked at its shop for a quarter of an hour in which nobody came."""
    eye = Eye(time)
    shop = [grey_of(eye.stage.frame(State(), 0.0)) for _ in range(4)]
    for _ in range(90):
        for frame in shop:
            time.now += 2.5
            assert eye.watch.see(frame, time.now).fault is WELL
    return eye


def test_black_must_last_before_it_is_believed(eye) -> None:
    assert eye.see(State(covered=True), 3) == [WELL] * 2 + [BLACK] * 4
    assert eye.see(State(), 1) == [WELL] * 2


def test_the_same_frame_to_the_last_bit_is_a_frozen_camera(eye) -> None:
    frame = grey_of(eye.stage.frame(State(), 1.0))
    now = eye.time.now
    seen = [eye.watch.see(frame.copy(), now + second).fault for second in range(5)]
    assert seen == [WELL] * 3 + [FROZEN] * 2
    frame[700, 1200] += 1
    assert eye.watch.see(frame, now + 6).fault is WELL


@pytest.mark.parametrize(("level", "fault"), [(0, BLACK), (255, DAZZLED)])
def test_pitch_black_and_burnt_white_are_not_called_frozen(eye, level, fault) -> None:
    """Without any light there is no grain, and each frame is like the next."""
    flat = np.full((720, 1280), level, np.uint8)
    seen = [eye.watch.see(flat.copy(), eye.time.now + second).fault for second in range(9)]
    assert seen[-1] is fault
    assert FROZEN not in seen


def test_a_photograph_shown_as_a_camera_is_neither_frozen_nor_blurred(grain) -> None:
    watch = Watch(alive=False)
    frame = grain((720, 1280), 120, 5)
    assert {watch.see(frame, second * 10.0).fault for second in range(400)} == {WELL}


def test_the_low_sun_in_the_lens(eye) -> None:
    assert eye.see(State(sun=True), 5) == [WELL] * 5 + [DAZZLED] * 5
    assert eye.see(State(), 1) == [WELL] * 2


def test_a_sticker_is_not_black_and_is_told_all_the_same(eye) -> None:
    seen = eye.see(State(sticker=True), 30)
    assert set(seen[:38]) == {WELL}
    assert set(seen[44:]) == {BLURRED}
    assert eye.see(State(), 4)[-1] is WELL


def test_a_lens_that_lost_its_focus(eye) -> None:
    assert eye.see(State(soft=25.0), 30)[-1] is BLURRED
    assert eye.see(State(), 4)[-1] is WELL


def test_a_slight_blur_is_no_fault_of_the_lens(eye) -> None:
    assert set(eye.see(State(soft=3.0), 60)) == {WELL}


def test_a_bag_before_the_lens_for_a_quarter_of_a_minute_is_no_fault(eye) -> None:
    plain = np.full((900, 1600, 3), 150, np.uint8)
    close = State(Showing(fitting(plain, 1.6), eye.time.now, 1.8, 0.0, False))
    assert set(eye.see(close, 15)) == {WELL}
    assert set(eye.see(State(), 5)) == {WELL}


def test_a_read_disproves_it_and_what_the_picture_shows_now_is_usual_from_then_on(eye) -> None:
    """The kiosk was turned to a plain wall: nothing is wrong with its camera."""
    plain = State(sticker=True)
    assert eye.see(plain, 30)[-1] is BLURRED
    eye.watch.proven()
    assert set(eye.see(plain, 60)) == {WELL}


def test_a_phone_left_on_a_plain_counter_for_two_minutes_is_not_missed(eye) -> None:
    lying = State(Showing(fitting(held.phone("RK1:A"), 0.9), 0.0, 0.9, 3.0, True))
    watch, counter = Watch(alive=True), grey_of(np.full((720, 1280, 3), 120, np.uint8))
    phone = [grey_of(eye.stage.frame(lying, 9.0)) for _ in range(4)]
    seen = {watch.see(phone[n % 4], n / 2).fault for n in range(240)}
    grainy = [counter + np.uint8(n % 2) for n in range(240)]
    seen |= {watch.see(frame, 120 + n / 2).fault for n, frame in enumerate(grainy)}
    assert seen == {WELL}


def plain_counter(grain) -> list[np.ndarray]:
    light = np.linspace(90, 150, 1280)[None, :]
    return [np.asarray(light + grain((720, 1280), 20, 4, seed), np.uint8) for seed in range(4)]


def test_a_camera_over_a_plain_counter_is_well_for_a_night_with_customers(grain) -> None:
    """It never showed any detail, so none is missed; a hand now and then proves that it sees."""
    watch, counter = Watch(alive=True), plain_counter(grain)
    seen = set()
    for second in range(0, 8 * 3600, 20):
        picture = counter[second // 20 % 4].copy()
        if second % 1200 == 0:
            cv2.rectangle(picture, (400, 300), (900, 700), 220, -1)
        seen.add(watch.see(picture, float(second)).fault)
    assert seen == {WELL}


def test_a_sticker_from_the_start_is_told_when_nothing_moved_for_half_an_hour(grain) -> None:
    watch, counter = Watch(alive=True), plain_counter(grain)
    seen = [watch.see(counter[n % 4], n * 20.0).fault for n in range(100)]
    assert set(seen[:90]) == {WELL}
    assert seen[-1] is BLURRED


def test_dark_mode_before_a_dark_shop_is_not_black(eye) -> None:
    phone = fitting(held.phone("RK1:A", dark=True), 0.9)
    night = State(Showing(phone, eye.time.now, 0.9, 3.0, False))
    assert set(eye.see(night, 5)) == {WELL}
