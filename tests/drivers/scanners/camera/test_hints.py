"""What a person is told whose code is in view and does not read."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from drivers.scanners.camera.hints import Hinter, advice
from drivers.scanners.camera.unread import Trouble
from drivers.scanners.pictures import grey_of
from drivers.virtual import held
from drivers.virtual.shop import Showing, State, fitting
from drivers.virtual.stage import Stage
from kiosk.ports import HintKind, Symbology

SHORT = "RK1:" + "A" * 56


def hints(hinter: Hinter, grey: np.ndarray, start: float, seconds: float) -> list[HintKind]:
    """Ten frames a second, with the sway of a hand."""
    given = []
    for tick in range(round(seconds * 10)):
        picture = np.roll(grey, (tick % 2) * 16, axis=1)
        given.append(hinter.look(picture, start + tick / 10))
    return [hint for hint in given if hint is not None]


def moved(grey: np.ndarray, pixels: int) -> np.ndarray:
    """As a hand that moves sideways during the exposure."""
    path = np.zeros((pixels, pixels), np.float32)
    path[pixels // 2] = 1 / pixels
    return cv2.filter2D(grey, -1, path)


def glaring(grey: np.ndarray, x: int, y: int) -> np.ndarray:
    """A lamp mirrored in the paper or in the glass."""
    rows, columns = np.indices(grey.shape)
    lamp = 900 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 40**2))
    return np.clip(grey + lamp, 0, 255).astype(np.uint8)


@pytest.fixture
def blurred(scene, return_text) -> np.ndarray:
    """Too much out of focus to be read, plainly a code to the eye."""
    return cv2.GaussianBlur(grey_of(scene(held.label(return_text))), (0, 0), 4)


@pytest.fixture
def shown(scene, grain, return_text):
    """A picture of each condition, with the grain of a sensor."""
    label, bag = held.label(return_text), held.bag("TB0012345675", "TB0012345675")
    pictures = {
        "moved": lambda: moved(grey_of(scene(label)), 23),
        "out of focus": lambda: cv2.GaussianBlur(grey_of(scene(label)), (0, 0), 4),
        "bars out of focus": lambda: cv2.GaussianBlur(grey_of(scene(bag)), (0, 0), 4),
        "far away": lambda: grey_of(scene(held.phone(return_text), 0.2)),
        "bars far away": lambda: grey_of(scene(bag, 0.4)),
        "too near": lambda: grey_of(scene(held.phone(SHORT), 2.2)),
        "too near, one eye in view": lambda: grey_of(scene(held.label(SHORT), 1.6)),
        "dim": lambda: grey_of(scene(held.phone(return_text, brightness=0.045))),
        "glare": lambda: glaring(grey_of(scene(label)), 650, 290),
    }

    def show(condition: str) -> np.ndarray:
        noise = grain((720, 1280), 128, 3).astype(np.int16) - 128
        return np.clip(pictures[condition]() + noise, 0, 255).astype(np.uint8)

    return show


@pytest.mark.parametrize(
    ("condition", "hint"),
    [
        ("moved", HintKind.HOLD_STILL),
        ("out of focus", HintKind.HOLD_STILL),
        ("bars out of focus", HintKind.HOLD_STILL),
        ("far away", HintKind.CLOSER),
        ("bars far away", HintKind.CLOSER),
        ("too near", HintKind.FURTHER),
        ("too near, one eye in view", HintKind.FURTHER),
        ("dim", HintKind.BRIGHTER),
        ("glare", HintKind.GLARE),
    ],
)
def test_the_hint_is_the_right_one(shown, condition, hint) -> None:
    assert set(hints(Hinter(), shown(condition), 1.0, 2.5)) == {hint}


def test_first_advice_then_the_keypad_then_advice_again(blurred) -> None:
    given = hints(Hinter(), blurred, 1.0, 8.5)
    assert given[0] is HintKind.HOLD_STILL
    turns = [kind for n, kind in enumerate(given) if n == 0 or kind is not given[n - 1]]
    assert turns[:3] == [HintKind.HOLD_STILL, HintKind.TYPE_INSTEAD, HintKind.HOLD_STILL]
    assert len(given) <= 8.5 / 0.4


def test_the_keypad_is_offered_after_three_seconds(blurred) -> None:
    assert HintKind.TYPE_INSTEAD not in hints(Hinter(), blurred, 1.0, 3.0)
    assert HintKind.TYPE_INSTEAD in hints(Hinter(), blurred, 1.0, 3.6)


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
    assert hinter.trouble is Trouble.BLURRED
    assert hints(hinter, np.full_like(blurred, 128), 3.0, 3.0) == []
    assert hinter.trouble is None
    assert hints(hinter, blurred, 6.0, 0.7) == []


def test_a_poster_that_cannot_be_read_is_not_spoken_to_for_ever(blurred) -> None:
    hinter = Hinter()
    given = [hinter.look(blurred, tick / 2) for tick in range(100)]
    assert given[20] is not None
    assert set(given[42:]) == {None}
    assert hinter.trouble is None


def codeless() -> Iterator[np.ndarray]:
    """A shop, print, chequers, stripes, boxes, texture: what is behind shoppers, without codes."""
    dice = np.random.default_rng(3)
    stage = Stage(lambda: 0.0, 20)
    for number in range(4):
        yield grey_of(stage.frame(State(), float(number)))
        page = np.full((720, 1280), 230, np.uint8)
        for line in range(20, 720, 24):
            words = "".join(chr(c) for c in dice.integers(33, 122, 90))
            cv2.putText(page, words, (5, line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 1)
        yield page
        size = int(dice.integers(6, 60))
        yield ((np.indices((720, 1280)) // size).sum(axis=0) % 2 * 200 + 30).astype(np.uint8)
        yield (np.indices((720, 1280))[1] // size % 2 * 200 + 30).astype(np.uint8)
        boxes = np.full((720, 1280), 180, np.uint8)
        for _ in range(150):
            x, y, w, h = (int(v) for v in dice.integers([0, 0, 5, 5], [1280, 720, 90, 90]))
            cv2.rectangle(boxes, (x, y), (x + w, y + h), int(dice.integers(0, 255)), -1)
        yield boxes
        cloth = cv2.GaussianBlur(dice.normal(128, 255, (720, 1280)), (0, 0), 1 + number)
        yield np.clip(cloth, 0, 255).astype(np.uint8)


def test_where_no_code_is_nobody_is_spoken_to() -> None:
    hinter = Hinter()
    hinter.expect(frozenset({Symbology.QR, Symbology.CODE_128}))
    given = []
    for number, picture in enumerate(codeless()):
        given += [hinter.look(picture, number * 3 + tick / 2) for tick in range(5)]
        hinter.forget()
    assert set(given) == {None}


def test_a_phone_in_a_hand_far_away_is_asked_to_come_closer(time, return_text) -> None:
    stage, phone = Stage(time, 20), fitting(held.phone(return_text), 0.25)
    hinter, given = Hinter(), []
    for tick in range(40):
        at = tick / 10
        picture = stage.frame(State(Showing(phone, -1.0, 0.25, 3.0, False)), at)
        given.append(hinter.look(grey_of(picture), at))
    kinds = [hint for hint in given if hint is not None]
    assert kinds[0] is HintKind.CLOSER
    assert kinds[-1] is HintKind.TYPE_INSTEAD


def test_a_code_that_reads_or_that_nobody_wants_is_not_spoken_about(scene, shown) -> None:
    hinter = Hinter()
    assert hints(hinter, grey_of(scene(held.label(SHORT))), 1.0, 3.0) == []
    hinter.expect(frozenset({Symbology.CODE_128}))
    assert hints(hinter, shown("out of focus"), 5.0, 3.0) == []


def test_every_trouble_has_its_advice() -> None:
    assert {advice(trouble) for trouble in Trouble} == set(HintKind) - {HintKind.TYPE_INSTEAD}
