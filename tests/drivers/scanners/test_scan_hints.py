"""What a person is told whose code is in view and does not read."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from drivers.scanners.decoders import grey_of
from drivers.scanners.hints import Hinter, advice
from drivers.virtual import held
from drivers.virtual.camera import Showing, Stage, State, fitting
from kiosk.ports import HintKind, Symbology


def hints(hinter: Hinter, grey: np.ndarray, start: float, seconds: float) -> list[HintKind]:
    given = [hinter.look(grey, start + tick / 10) for tick in range(int(seconds * 10))]
    return [hint for hint in given if hint is not None]


@pytest.fixture
def blurred(scene) -> np.ndarray:
    """Too much out of focus to be read, plainly a code to the eye."""
    return cv2.GaussianBlur(grey_of(scene(held.label("A" * 60))), (0, 0), 5)


def test_a_blurred_code_brings_first_advice_then_the_keypad(blurred) -> None:
    given = hints(Hinter(), blurred, 1.0, 5.0)
    assert given[0] is HintKind.HOLD_STILL
    assert given[-1] is HintKind.TYPE_INSTEAD
    assert len(given) <= 5.0 / 0.4


def test_nobody_is_spoken_to_at_the_first_sight_of_a_pattern(blurred) -> None:
    assert hints(Hinter(), blurred, 1.0, 0.7) == []


def test_after_a_read_everything_begins_anew(blurred) -> None:
    hinter = Hinter()
    hints(hinter, blurred, 1.0, 4.0)
    hinter.forget()
    assert hints(hinter, blurred, 5.0, 0.7) == []


def test_a_pattern_that_went_away_is_forgotten(blurred) -> None:
    hinter = Hinter()
    hints(hinter, blurred, 1.0, 2.0)
    assert hints(hinter, np.full_like(blurred, 128), 3.0, 3.0) == []
    assert hints(hinter, blurred, 6.0, 0.7) == []


def test_an_empty_shop_gives_no_hint(time) -> None:
    stage = Stage(time, 20)
    hinter = Hinter()
    hinter.expect(frozenset({Symbology.QR, Symbology.CODE_128}))
    given = [
        hinter.look(grey_of(stage.frame(State(), second)), float(second)) for second in range(12)
    ]
    assert set(given) == {None}


def test_a_phone_too_far_away_is_asked_to_come_closer(time, return_text) -> None:
    stage, phone = Stage(time, 20), fitting(held.phone(return_text), 0.25)
    hinter, given = Hinter(), []
    for tick in range(40):
        at = tick / 10
        picture = stage.frame(State(Showing(phone, -1.0, 0.25, 3.0, False)), at)
        given.append(hinter.look(grey_of(picture), at))
    kinds = [hint for hint in given if hint is not None]
    assert kinds[0] is HintKind.CLOSER
    assert kinds[-1] is HintKind.TYPE_INSTEAD


@pytest.mark.parametrize(
    ("level", "pattern", "hint"),
    [
        (128, (300, 150, 360, 210), HintKind.CLOSER),
        (128, (150, 5, 500, 355), HintKind.FURTHER),
        (128, (0, 80, 220, 300), HintKind.FURTHER),
        (20, (200, 100, 400, 300), HintKind.BRIGHTER),
        (128, (200, 100, 400, 300), HintKind.HOLD_STILL),
    ],
)
def test_advice_follows_from_where_and_how_bright_the_pattern_is(level, pattern, hint) -> None:
    assert advice(np.full((360, 640), level, np.uint8), pattern) is hint
