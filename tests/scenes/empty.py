"""Frames without any code: what a kiosk's camera sees for most of its life, and what looks most
like bars and modules without being any."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np

from tests.scenes.backgrounds import PAINTERS
from tests.scenes.light import linear
from tests.scenes.model import HEIGHT, WIDTH, Dice, Picture
from tests.scenes.sensor import photographed
from tests.scenes.staging import dice_for

Tone = tuple[int, int, int]


def _tones(dice: Dice) -> tuple[Tone, Tone]:
    """A dark and a light colour."""
    dark, light = dice.integers(0, 90, 3), dice.integers(150, 256, 3)
    return (int(dark[0]), int(dark[1]), int(dark[2])), (int(light[0]), int(light[1]), int(light[2]))


def _coloured(dice: Dice, cells: np.ndarray) -> Picture:
    """Cells of 0 and 1, as large as the frame, in two colours."""
    dark, light = _tones(dice)
    return np.where(cells[:, :, None] > 0, np.array(dark), np.array(light)).astype(np.uint8)


def noise(dice: Dice) -> Picture:
    """Grain of one colour and every coarseness."""
    scale = int(dice.integers(1, 9))
    shape = (HEIGHT // scale + 1, WIDTH // scale + 1, 3 if dice.integers(2) else 1)
    grains = dice.normal(dice.uniform(20, 230), dice.uniform(5, 90), shape)
    small = np.clip(np.broadcast_to(grains, (*shape[:2], 3)), 0, 255).astype(np.uint8)
    how = cv2.INTER_NEAREST if dice.integers(2) else cv2.INTER_CUBIC
    large = cv2.resize(small, (scale * shape[1], scale * shape[0]), interpolation=how)
    return np.asarray(large[:HEIGHT, :WIDTH], np.uint8)


def clouds(dice: Dice) -> Picture:
    """Marble, wood, carpets: noise at many sizes over each other."""
    total = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for power in range(2, 9):
        shape = (2 ** (power - 1) + 2, 2**power + 2, 3)
        layer = cv2.resize(dice.normal(0, 1, shape).astype(np.float32), (WIDTH, HEIGHT))
        total += layer * np.float32(dice.uniform(0.4, 1.0) ** (power - 1))
    return np.clip(128 + 50 * total, 0, 255).astype(np.uint8)


def bars(dice: Dice) -> Picture:
    """Bars of whole modules at random widths: railings, blinds, spines of books."""
    module = float(dice.uniform(1.4, 12))
    widths = dice.integers(1, 5, 1 + int(2 * WIDTH / module)) * module
    edges = np.cumsum(widths)
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    lean = float(dice.choice([0.0, dice.normal(0, 0.1), dice.uniform(0, np.pi)]))
    along = x * np.cos(lean) + y * np.sin(lean)
    along = along - along.min()
    if dice.integers(3) == 0:  # shelves of books: other bars in every row
        along = along + (y // dice.integers(40, 200)) * dice.uniform(50, 500)
    return _coloured(dice, np.searchsorted(edges, along % edges[-1]) % 2)


def piano(dice: Dice) -> Picture:
    """Keys: even bars with shorter dark ones between them."""
    scene = np.full((HEIGHT, WIDTH, 3), 238, np.uint8)
    wide = int(dice.integers(12, 60))
    top, middle = int(dice.integers(0, 200)), int(dice.integers(320, 520))
    for number, x in enumerate(range(0, WIDTH, wide)):
        cv2.line(scene, (x, top), (x, HEIGHT), (30, 30, 30), max(1, wide // 14))
        if number % 7 not in (0, 3):
            half = max(2, wide * 3 // 10)
            cv2.rectangle(scene, (x - half, top), (x + half, middle), (12, 12, 12), -1)
    scene[:top] = _tones(dice)[0]
    return scene


def radiator(dice: Dice) -> Picture:
    """Rounded ribs, light on one side."""
    x = np.arange(WIDTH, dtype=np.float32)
    pitch = dice.uniform(6, 50)
    rib = 0.5 + 0.5 * np.sin(2 * np.pi * x / pitch) ** dice.integers(1, 4)
    rows = np.tile(rib, (HEIGHT, 1))
    rows[: int(dice.integers(20, 160))] = 0.8
    return np.asarray((rows[:, :, None] * np.array(_tones(dice)[1])).astype(np.uint8))


def checkers(dice: Dice) -> Picture:
    """Tiles and tablecloths, sometimes seen at an angle."""
    side = int(dice.integers(3, 60))
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    picture = _coloured(dice, (x // side + y // side) % 2)
    return _leaning(picture, dice) if dice.integers(2) else picture


def mosaic(dice: Dice) -> Picture:
    """Modules at random, as in a QR code, without finder, border or sense; in patches or whole."""
    module = int(dice.integers(2, 16))
    share = dice.uniform(0.3, 0.7)
    cells = (dice.random((HEIGHT // module + 1, WIDTH // module + 1)) < share).astype(np.uint8)
    whole = np.kron(cells, np.ones((module, module), np.uint8))[:HEIGHT, :WIDTH]
    if dice.integers(2):
        patch = np.zeros_like(whole)
        for _ in range(int(dice.integers(1, 6))):
            x, y = int(dice.integers(0, WIDTH - 200)), int(dice.integers(0, HEIGHT - 150))
            side = int(dice.integers(60, 360))
            patch[y : y + side, x : x + side] = 1
        whole = whole * patch
    picture = _coloured(dice, whole)
    return _leaning(picture, dice) if dice.integers(2) else picture


def rings(dice: Dice) -> Picture:
    """Squares within squares and targets, alone: the looks of a finder without a code."""
    scene = np.full((HEIGHT, WIDTH, 3), _tones(dice)[1], np.uint8)
    for _ in range(int(dice.integers(3, 40))):
        x, y = int(dice.integers(0, WIDTH)), int(dice.integers(0, HEIGHT))
        unit = int(dice.integers(2, 14))
        dark, light = _tones(dice)
        round_ = bool(dice.integers(2))
        for reach, tone in ((7, dark), (5, light), (3, dark)):
            half = reach * unit // 2
            if round_:
                cv2.circle(scene, (x, y), half, tone, -1, cv2.LINE_AA)
            else:
                cv2.rectangle(scene, (x - half, y - half), (x + half, y + half), tone, -1)
    return scene


def _leaning(picture: Picture, dice: Dice) -> Picture:
    corners = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)
    moved = corners + dice.uniform(-200, 200, (4, 2)).astype(np.float32)
    warp = cv2.getPerspectiveTransform(corners, moved)
    there = cv2.warpPerspective(picture, warp, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(there, np.uint8)


def interior(dice: Dice) -> Picture:
    """The shop, the shopper, cloth, keys, pages: as behind a code, but sharp."""
    return np.asarray(PAINTERS[int(dice.integers(len(PAINTERS)))](dice), np.uint8)


def page(dice: Dice) -> Picture:
    """Print: receipts, posters, books."""
    return np.asarray(PAINTERS[-1](dice), np.uint8)


KINDS: dict[str, Callable[[Dice], Picture]] = {
    "noise": noise,
    "clouds": clouds,
    "interior": interior,
    "page": page,
    "bars": bars,
    "piano": piano,
    "radiator": radiator,
    "checkers": checkers,
    "mosaic": mosaic,
    "rings": rings,
}
_NAMES = tuple(KINDS)
_VIEWS = 5


def kind_of(number: int) -> str:
    """What frame number so and so shows."""
    return _NAMES[number // _VIEWS % len(_NAMES)]


@lru_cache(maxsize=2)
def _before(number: int) -> Picture:
    """What stands before the camera for the next few frames."""
    return KINDS[_NAMES[number % len(_NAMES)]](dice_for("before", number))


def _view(picture: Picture, dice: Dice) -> Picture:
    """Another part of it, from nearer, perhaps mirrored or on its head."""
    share = dice.uniform(0.45, 1.0)
    height, width = round(HEIGHT * share), round(WIDTH * share)
    y, x = int(dice.integers(0, HEIGHT - height + 1)), int(dice.integers(0, WIDTH - width + 1))
    part = picture[y : y + height, x : x + width]
    part = part[:: 1 - 2 * int(dice.integers(2)), :: 1 - 2 * int(dice.integers(2))]
    whole = cv2.resize(np.ascontiguousarray(part), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return np.asarray(whole, np.uint8)


def empty(number: int) -> Picture:
    """Code-less frame number so and so. Five views of one thing follow each other, the first two
    alike but for their grain, as a scene at rest is; then comes the next kind. Every fourth round
    of the kinds is by night."""
    thing, view = divmod(number, _VIEWS)
    dice = dice_for("empty", thing, max(1, view))
    picture = _before(thing)
    if view > 1:
        picture = _view(picture, dice)
    light = linear(picture)
    if dice.integers(2):
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), dice.uniform(0.4, 3.0)), np.float32)
    night = thing // len(_NAMES) % 4 == 3
    exposure = dice.uniform(0.02, 0.15) if night else dice.uniform(0.4, 1.2)
    electrons = dice.uniform(40, 300) if night else dice.uniform(300, 6000)
    jpeg = dice.uniform(40, 95)
    return photographed(light, exposure, electrons, jpeg, dice_for("grain", number))
