"""What is behind the code: the shopper, the shop, made from shapes and noise."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from tests.scenes.fonts import font
from tests.scenes.model import HEIGHT, WIDTH, Dice, Picture

SKIN = ((150, 178, 224), (110, 142, 196), (74, 100, 150), (44, 60, 96))
_WORDS = (
    *("sale", "new", "season", "size", "fit", "return", "policy", "within", "thirty", "days"),
    *("receipt", "please", "keep", "fresh", "milk", "bread", "open", "daily", "from", "eight"),
    *("two", "for", "one", "price", "member", "points", "collect", "parcel", "counter", "till"),
)


def _colour(dice: Dice, low: int = 30, high: int = 225) -> tuple[int, int, int]:
    b, g, r = (int(c) for c in dice.integers(low, high, 3))
    return b, g, r


def _smooth(dice: Dice, low: float, high: float, cells: int = 5) -> np.ndarray:
    """A field of soft light, rows x columns x 1."""
    coarse = dice.uniform(low, high, (cells, cells)).astype(np.float32)
    return cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)[:, :, None]


def _finish(scene: np.ndarray, dice: Dice, blur: float) -> Picture:
    texture = cv2.resize(
        dice.normal(0, 5, (HEIGHT // 3, WIDTH // 3, 1)).astype(np.float32), (WIDTH, HEIGHT)
    )[:, :, None]
    lit = scene * _smooth(dice, 0.65, 1.1) + texture
    out = np.clip(lit, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(out, (0, 0), blur) if blur > 0.3 else out, np.uint8)


def shelves(dice: Dice) -> np.ndarray:
    """Rows of goods with prices under them."""
    scene = np.full((HEIGHT, WIDTH, 3), _colour(dice, 120, 210), np.uint8)
    gap = int(dice.integers(110, 190))
    for bottom in range(gap, HEIGHT + gap, gap):
        cv2.rectangle(scene, (0, bottom), (WIDTH, bottom + 12), _colour(dice, 60, 130), -1)
        x = int(dice.integers(0, 20))
        while x < WIDTH:
            width, height = int(dice.integers(24, 90)), int(dice.integers(gap // 2, gap - 14))
            colour = _colour(dice)
            box = (x, bottom - height), (x + width, bottom - 1)
            cv2.rectangle(scene, *box, colour, -1)
            if dice.integers(2):  # a bottle's neck, or a band with a name on it
                cv2.rectangle(
                    scene,
                    (x + width // 3, bottom - height - 14),
                    (x + 2 * width // 3, bottom - height),
                    colour,
                    -1,
                )
            band = bottom - height * 2 // 3
            cv2.rectangle(scene, (x, band), (x + width, band + height // 4), _colour(dice), -1)
            cv2.putText(
                scene,
                _WORDS[int(dice.integers(len(_WORDS)))],
                (x + 2, band + 14),
                cv2.FONT_HERSHEY_SIMPLEX,
                0.4,
                _colour(dice),
                1,
                cv2.LINE_AA,
            )
            cv2.rectangle(scene, (x, bottom + 1), (x + 22, bottom + 11), (235, 240, 240), -1)
            x += width + int(dice.integers(2, 26))
    return scene


def room(dice: Dice) -> np.ndarray:
    """A wall, a floor, doors, lamps."""
    scene = np.full((HEIGHT, WIDTH, 3), _colour(dice, 130, 225), np.uint8)
    horizon = int(dice.integers(380, 600))
    scene[horizon:] = _colour(dice, 60, 150)
    for _ in range(int(dice.integers(3, 8))):
        x, y = int(dice.integers(0, WIDTH)), int(dice.integers(0, horizon))
        size = int(dice.integers(60, 300)), int(dice.integers(80, 420))
        cv2.rectangle(scene, (x, y), (x + size[0], y + size[1]), _colour(dice), -1)
    for _ in range(int(dice.integers(1, 5))):
        x = int(dice.integers(0, WIDTH - 200))
        cv2.rectangle(scene, (x, int(dice.integers(0, 60))), (x + 180, 80), (250, 250, 250), -1)
    return scene


def person(dice: Dice) -> np.ndarray:
    """Whoever holds the code up: a head over a shirt, in front of the shop."""
    scene = (room if dice.integers(2) else shelves)(dice)
    scene = cv2.GaussianBlur(scene, (0, 0), 6)
    x, y = int(dice.integers(380, 900)), int(dice.integers(120, 260))
    wide = int(dice.integers(80, 130))
    shirt = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.ellipse(shirt, (x, y + 5 * wide), (int(2.6 * wide), int(3.6 * wide)), 0, 0, 360, 255, -1)
    cloth = fabric(dice)
    scene[shirt > 0] = cloth[shirt > 0]
    skin = SKIN[int(dice.integers(4))]
    hair = _colour(dice, 10, 90)
    cv2.ellipse(scene, (x, y - wide // 4), (int(wide * 1.1), int(wide * 1.35)), 0, 0, 360, hair, -1)
    cv2.rectangle(
        scene, (x - wide // 2, y + wide // 2), (x + wide // 2, y + int(1.8 * wide)), skin, -1
    )
    cv2.ellipse(scene, (x, y), (wide, int(wide * 1.3)), 0, 0, 360, skin, -1)
    dark = tuple(int(c * 0.35) for c in skin)
    for side in (-1, 1):
        cv2.ellipse(
            scene,
            (x + side * wide // 3, y - wide // 6),
            (wide // 7, wide // 12),
            0,
            0,
            360,
            dark,
            -1,
        )
    cv2.ellipse(scene, (x, y + int(wide * 0.7)), (wide // 3, wide // 10), 0, 0, 180, dark, -1)
    return scene


def fabric(dice: Dice) -> np.ndarray:
    """Stripes, checks or plain weave, with folds."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    lean = dice.uniform(0, np.pi)
    fold = 9 * np.sin(y / dice.uniform(40, 120) + dice.uniform(0, 6))
    along = x * np.cos(lean) + y * np.sin(lean) + fold
    across = y * np.cos(lean) - x * np.sin(lean) + fold
    pitch = dice.uniform(8, 60)
    pattern = (np.mod(along, pitch) < pitch * dice.uniform(0.3, 0.7)).astype(np.float32)
    if dice.integers(2):
        pattern = (pattern + (np.mod(across, pitch) < pitch * 0.4)) / 2
    first, second = (np.array(_colour(dice), np.float32) for _ in range(2))
    light = 1 + 0.15 * np.sin(x / 90 + fold / 9)
    woven = (first + pattern[:, :, None] * (second - first)) * light[:, :, None]
    return np.asarray(np.clip(woven, 0, 255), np.uint8)


def keyboard(dice: Dice) -> np.ndarray:
    """Keys with letters, seen from above."""
    scene = np.full((HEIGHT, WIDTH, 3), _colour(dice, 20, 90), np.uint8)
    side = int(dice.integers(44, 84))
    cap, ink = (
        (_colour(dice, 15, 60), (230, 230, 230))
        if dice.integers(2)
        else (_colour(dice, 190, 240), (40, 40, 40))
    )
    for row, y in enumerate(range(30, HEIGHT, side)):
        for x in range(10 + row * side // 3 % side, WIDTH, side):
            cv2.rectangle(scene, (x, y), (x + side - 7, y + side - 7), cap, -1)
            letter = chr(65 + int(dice.integers(26)))
            cv2.putText(
                scene,
                letter,
                (x + side // 4, y + side // 2),
                cv2.FONT_HERSHEY_SIMPLEX,
                side / 90,
                ink,
                1,
                cv2.LINE_AA,
            )
    return scene


def page(dice: Dice) -> np.ndarray:
    """A printed page or a poster, a little turned."""
    sheet = Image.new("RGB", (WIDTH, HEIGHT), tuple(int(c) for c in dice.integers(215, 252, 3)))
    draw = ImageDraw.Draw(sheet)
    y = 20.0
    while y < HEIGHT:
        size = float(dice.choice([11, 14, 18, 26, 60], p=[0.3, 0.3, 0.2, 0.15, 0.05]))
        words = " ".join(_WORDS[i] for i in dice.integers(0, len(_WORDS), 26))
        draw.text(
            (int(dice.integers(10, 60)), y),
            words,
            tuple(int(c) for c in dice.integers(10, 90, 3)),
            font(size),
        )
        y += size * 1.35
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), dice.normal(0, 6), 1.12)
    leaning = cv2.warpAffine(
        np.asarray(sheet)[:, :, ::-1], turn, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(leaning)


PAINTERS: tuple[Callable[[Dice], np.ndarray], ...] = (
    person,
    shelves,
    person,
    room,
    fabric,
    person,
    keyboard,
    page,
)


def painted(number: int, blur: float) -> Picture:
    """Background number so and so, BGR of the frame's size; the same number, the same picture."""
    dice = np.random.default_rng([5, number])
    return _finish(PAINTERS[number % len(PAINTERS)](dice), dice, blur)


@lru_cache(maxsize=24)
def behind(number: int) -> Picture:
    """The same, out of focus as what is behind a code is."""
    return painted(number, (2.0, 4.0, 6.5)[number % 3])
