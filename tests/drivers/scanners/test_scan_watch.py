"""What a camera's scene does: moves, rests, goes black, freezes; and what is still in view."""

from __future__ import annotations

import numpy as np

from drivers.scanners.reads import Read
from drivers.scanners.watch import Hold, Watch
from kiosk.ports import Symbology

QUAD = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
CODE = Read(Symbology.QR, "]Q1", "A", b"A", QUAD)
OTHER = Read(Symbology.QR, "]Q1", "B", b"B", QUAD)


def frames(grain, count: int, level: float = 120) -> list[np.ndarray]:
    return [grain((720, 1280), level, 5, seed) for seed in range(count)]


def test_noise_is_no_movement(grain) -> None:
    watch = Watch(alive=True)
    for number, frame in enumerate(frames(grain, 6)):
        sight = watch.see(frame, float(number))
    assert sight.moved_at == 0.0
    assert not sight.awake


def test_a_hand_is_a_movement_and_keeps_the_camera_awake_a_while(grain) -> None:
    watch = Watch(alive=True, awake_s=3.0)
    empty, hand, *rest = frames(grain, 8)
    watch.see(empty, 0.0)
    hand[300:420, 500:700] = 200
    assert watch.see(hand, 10.0).moved_at == 10.0
    hands = [watch.see(frame, 10.1 + number) for number, frame in enumerate(rest)]
    assert [sight.awake for sight in hands] == [True, True, True, True, False, False]


def test_a_new_screen_wakes_the_camera(grain) -> None:
    watch = Watch(alive=True)
    first, second, third = frames(grain, 3)
    watch.see(first, 0.0)
    assert not watch.see(second, 50.0).awake
    watch.wake(51.0)
    assert watch.see(third, 51.1).awake


def test_black_must_last_before_it_is_believed(grain) -> None:
    watch = Watch(alive=True, black_s=1.5)
    dark = frames(grain, 5, level=3)
    watch.see(frames(grain, 1)[0], 0.0)
    assert [watch.see(frame, 0.5 + n / 2).black for n, frame in enumerate(dark)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert not watch.see(frames(grain, 1)[0], 9.0).black


def test_the_same_frame_to_the_last_bit_is_a_frozen_camera(grain) -> None:
    watch = Watch(alive=True, frozen_s=3.0)
    (frame,) = frames(grain, 1)
    seen = [watch.see(frame.copy(), float(second)).frozen for second in range(5)]
    assert seen == [False, False, False, True, True]
    frame[700, 1200] += 1
    assert not watch.see(frame, 5.0).frozen


def test_a_photograph_shown_as_a_camera_is_not_frozen(grain) -> None:
    watch = Watch(alive=False)
    (frame,) = frames(grain, 1)
    assert not any(watch.see(frame, float(second)).frozen for second in range(20))


def test_after_a_reconnect_nothing_is_known(grain) -> None:
    watch = Watch(alive=True)
    (frame,) = frames(grain, 1)
    watch.see(frame, 0.0)
    watch.restart()
    sight = watch.see(frame, 60.0)
    assert sight.awake
    assert not sight.frozen


def test_one_showing_is_one_scan() -> None:
    hold = Hold(rest_s=1.0)
    assert hold.admit([CODE], 0.0, moved_at=0.0) == [CODE]
    assert hold.admit([CODE], 0.1, moved_at=0.1) == []
    assert hold.known == {CODE.key}
    assert hold.admit([], 0.9, moved_at=0.9) == []
    assert hold.admit([CODE], 1.0, moved_at=1.0) == []


def show(hold: Hold, start: float, reads: int) -> None:
    for number in range(reads):
        hold.admit([CODE], start + number / 10, moved_at=start + number / 10)


def test_a_code_that_left_and_came_back_is_a_new_scan() -> None:
    hold = Hold(rest_s=1.0)
    show(hold, 0.0, 6)
    hold.admit([], 1.0, moved_at=1.0)
    assert hold.admit([CODE], 1.6, moved_at=1.6) == [CODE]


def test_a_code_that_reads_badly_must_be_away_for_longer() -> None:
    hold = Hold(rest_s=1.0)
    show(hold, 0.0, 2)
    assert hold.admit([CODE], 2.9, moved_at=2.9) == []
    assert hold.admit([CODE], 6.0, moved_at=6.0) == [CODE]


def test_what_rests_in_view_unread_has_not_left() -> None:
    hold = Hold(rest_s=1.0)
    hold.admit([CODE], 0.0, moved_at=0.0)
    hold.admit([], 30.0, moved_at=0.0)
    assert hold.admit([CODE], 60.0, moved_at=0.0) == []


def test_another_code_is_not_held_back() -> None:
    hold = Hold()
    hold.admit([CODE], 0.0, moved_at=0.0)
    assert hold.admit([CODE, OTHER], 0.1, moved_at=0.1) == [OTHER]


def test_a_code_that_read_badly_and_is_held_up_anew_counts_as_soon_as_it_reads_well() -> None:
    hold = Hold(rest_s=1.0)
    show(hold, 0.0, reads=3)  # a glimpse: too few reads to be sure of its leaving
    again = [bool(hold.admit([CODE], 1.6 + n / 20, 1.5)) for n in range(20)]
    assert again.count(True) == 1
    assert again.index(True) < 6
