"""The floor of the scanning engine on generated scenes. The short form is a small fixed set, the
long form has the numbers that the kiosk promises."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest

from drivers.scanners.decoders import Decoder, decode_image
from drivers.scanners.formats import EVERYDAY
from tests.bench.rivals import Said
from tests.bench.scan_hold import LIVE, Order, watch
from tests.scenes.empty import empty
from tests.scenes.make import mixed, plain
from tests.scenes.model import Grade, Kind, Scene

_QR = (Kind.RETURN_PHONE, Kind.RETURN_SLIP)


def grey(picture: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def said(scene: Scene) -> list[Said]:
    """What the cascade says of a still, families that a screen must name included."""
    expected = EVERYDAY | {truth.symbology for truth in scene.truths}
    reads = decode_image(grey(scene.picture), expected)
    return [Said(read.text, read.raw, read.aim) for read in reads]


def is_true(one: Said, scene: Scene) -> bool:
    return any(truth.says(one.raw) for truth in scene.truths)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.MAXICODE, Kind.RMQR)])
def test_on_a_good_day_every_symbology_is_read_and_nothing_else(kind) -> None:
    scene = plain(kind, 3)
    answers = said(scene)
    assert answers
    assert all(is_true(one, scene) for one in answers)


def test_nothing_is_misread_in_hard_scenes() -> None:
    """The families that single decoders misread most, when something is wrong."""
    for number, kind in enumerate((Kind.CARTON, Kind.EAN_13, Kind.UPC_E, Kind.CODE_39, Kind.BAG)):
        scene = mixed(kind, (Grade.MEDIUM, Grade.HARD)[number % 2], 40)
        wrong = [one for one in said(scene) if not is_true(one, scene)]
        assert wrong == [], scene.name


def test_nothing_is_read_where_nothing_is() -> None:
    """As a camera has it: frame after frame through one live decoder, every format on."""
    decoder = Decoder(EVERYDAY, time.thread_time)
    for number in range(0, 200, 16):
        assert decoder.look(grey(empty(number)), number / 15) == [], number


@pytest.mark.parametrize("kind", _QR)
def test_held_up_for_two_seconds_an_easy_code_is_read(kind) -> None:
    timed = watch(Order(Grade.EASY, kind, 7))[LIVE]
    assert timed.seconds is not None
    assert timed.wrong == ()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("grade", "floor"), [(0, 0.97), (1, 0.97), (2, 0.85)])
def test_two_seconds_are_enough(grade, floor) -> None:
    timed = [watch(Order(Grade(grade), _QR[n % 2], 100 + n // 2))[LIVE] for n in range(40)]
    assert [wrong for one in timed for wrong in one.wrong] == []
    assert sum(one.seconds is not None for one in timed) >= floor * len(timed)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_scene_is_misread_in_a_code_that_routes() -> None:
    for kind in Kind:
        for grade in Grade:
            for seed in range(200, 204):
                scene = mixed(kind, grade, seed)
                routed = [one for one in said(scene) if one.routes and not is_true(one, scene)]
                assert routed == [], scene.name


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nothing_that_routes_is_read_in_two_thousand_frames_without_a_code() -> None:
    decoder = Decoder(EVERYDAY, time.thread_time)
    for number in range(1000, 3000):
        for read in decoder.look(grey(empty(number)), number / 15):
            assert not Said(read.text, read.raw, read.aim).routes, (number, read)
        if number % 40 == 0:
            for read in decode_image(grey(empty(number))):
                assert not Said(read.text, read.raw, read.aim).routes, (number, read)
