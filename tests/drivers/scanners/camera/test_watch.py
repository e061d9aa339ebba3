"""What a camera's scene does: moves, rests, keeps people busy without a code."""

from __future__ import annotations

import numpy as np
import pytest

from drivers.scanners.camera.watch import Attention, Watch
from kiosk.ports import DeviceFault


def frames(grain, count: int, level: float = 120, spread: float = 5) -> list[np.ndarray]:
    return [grain((720, 1280), level, spread, seed) for seed in range(count)]


@pytest.mark.parametrize("spread", [5, 25, 45])
def test_noise_is_no_movement_not_even_that_of_the_night(grain, spread) -> None:
    watch = Watch(alive=True)
    for number, frame in enumerate(frames(grain, 8, level=70, spread=spread)):
        sight = watch.see(frame, float(number))
    assert sight.moved_at == 0.0
    assert sight.attention is Attention.REST


def test_a_hand_is_seen_in_the_noise_of_the_night(grain) -> None:
    watch = Watch(alive=True)
    *empty, hand = frames(grain, 8, level=70, spread=25)
    for number, frame in enumerate(empty):
        watch.see(frame, float(number))
    hand[300:420, 500:700] = 160
    assert watch.see(hand, 20.0).moved_at == 20.0


def test_a_hand_keeps_the_camera_awake_a_while(grain) -> None:
    watch = Watch(alive=True)
    empty, hand, *rest = frames(grain, 8)
    watch.see(empty, 0.0)
    hand[300:420, 500:700] = 200
    assert watch.see(hand, 10.0).moved_at == 10.0
    after = [watch.see(frame, 10.1 + number).attention for number, frame in enumerate(rest)]
    assert after == [Attention.FULL] * 4 + [Attention.REST] * 2  # taken away at 10.1, then 3 s


def test_a_new_screen_wakes_the_camera_and_moves_nothing(grain) -> None:
    watch = Watch(alive=True)
    first, second, third = frames(grain, 3)
    watch.see(first, 0.0)
    assert watch.see(second, 50.0).attention is Attention.REST
    watch.wake(51.0)
    sight = watch.see(third, 51.1)
    assert (sight.attention, sight.moved_at) == (Attention.FULL, 0.0)


def restless(watch: Watch, start: float, seconds: int) -> list[Attention]:
    """Two frames a second in which something large moves to and fro."""
    seen = []
    for tick in range(seconds * 2):
        picture = np.full((720, 1280), 120, np.uint8)
        picture[200:500, 200 + 300 * (tick % 2) :][:, :200] = 220
        seen.append(watch.see(picture, start + tick / 2).attention)
    return seen


def test_people_who_pass_get_less_attention_until_something_like_a_code_is_seen() -> None:
    watch = Watch(alive=True)
    seen = restless(watch, 0.0, 20)
    assert seen[:8] == [Attention.FULL] * 8
    assert set(seen[10:]) == {Attention.SOME}
    watch.notice()
    assert restless(watch, 20.0, 2)[-1] is Attention.FULL


def test_rest_gives_the_attention_back() -> None:
    watch = Watch(alive=True)
    restless(watch, 0.0, 40)
    for second in range(60):
        watch.see(np.full((720, 1280), 120, np.uint8), 40.0 + second)
    assert restless(watch, 100.0, 3)[-1] is Attention.FULL


def test_a_picture_whose_brightness_the_camera_changed_tells_of_no_movement(grain) -> None:
    watch = Watch(alive=True)
    bright, dark = frames(grain, 2, 160), frames(grain, 4, 50)
    for number, frame in enumerate(bright):
        watch.see(frame, float(number))
    for number, frame in enumerate(dark):
        sight = watch.see(frame, 10.0 + number, settled=number >= 3)
    assert sight.moved_at == 0.0


def test_a_burnt_out_screen_glows_and_a_lamp_that_was_always_there_does_not() -> None:
    watch = Watch(alive=True)
    shop = np.full((720, 1280), 120, np.uint8)
    shop[:80, :400] = 255  # a lamp
    for second in range(6):
        assert not watch.see(shop, float(second)).glowing
    held = shop.copy()
    held[200:500, 500:700] = 255
    assert watch.see(held, 6.0).glowing
    assert not watch.see(np.full_like(shop, 255), 6.1).glowing  # the sun, not a phone


def test_after_a_reconnect_nothing_is_known(grain) -> None:
    watch = Watch(alive=True)
    (frame,) = frames(grain, 1)
    watch.see(frame, 0.0)
    watch.restart()
    sight = watch.see(frame, 60.0)
    assert sight.attention is Attention.FULL
    assert sight.fault is DeviceFault.NONE
