"""What the virtual camera looks at: a shop seen from a kiosk, and things held up before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import sin

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.pictures import Picture

WIDTH, HEIGHT = 1280, 720
SPARE = 64  # the noise plane is this much larger than the picture, to be laid on anew each time
_SLIDE_S = 0.25  # how long a hand takes to come into view
_SEED = 20  # the same shop and the same noise on every machine


@dataclass(frozen=True, slots=True, eq=False)
class Showing:
    """Something held up since `since`: its height as a part of the picture's, its lean, and how
    many times brighter than the shop's white it shines."""

    picture: Picture
    since: float
    size: float
    tilt: float
    steady: bool
    glow: float = 1.0


@dataclass(frozen=True, slots=True)
class State:
    """`soft` is how far the lens smears, in pixels; `sun` shines into it; `silent` is a device
    that opens and gives no frames; `forbidden` one that may not be opened."""

    showing: Showing | None = None
    covered: bool = False
    frozen: bool = False
    plugged: bool = True
    sticker: bool = False
    soft: float = 0.0
    sun: bool = False
    silent: bool = False
    forbidden: bool = False


def fitting(picture: NDArray[np.uint8], size: float) -> Picture:
    """The picture as BGRA, shrunk to about what the frame can show, so that nothing shimmers."""
    if picture.ndim == 2:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGRA), np.uint8)
    elif picture.shape[2] == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8)
    shrink = min(size * HEIGHT / picture.shape[0], 0.95 * WIDTH / picture.shape[1])
    if shrink >= 1:
        return picture
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _place(showing: Showing, now: float) -> NDArray[np.float32]:
    """Where the corners are: in the middle, swaying a little, the far side a little smaller."""
    height, width = showing.picture.shape[:2]
    scale = min(showing.size * HEIGHT / height, 0.95 * WIDTH / width)
    held = 0.0 if showing.steady else 1.0
    lean = np.deg2rad(showing.tilt + held * 1.5 * sin(now * 2.3))
    x, y = width * scale / 2, height * scale / 2
    near, far = 1.0 + 0.03 * held, 1.0 - 0.03 * held
    corners = np.array([[-x * far, -y], [x * far, -y], [x * near, y], [-x * near, y]])
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    sway = held * np.array([7 * sin(now * 3.1) + 3 * sin(now * 7.7), 5 * sin(now * 4.3)])
    arriving = max(0.0, 1 - (now - showing.since) / _SLIDE_S)
    middle = np.array([WIDTH / 2, HEIGHT / 2 + arriving * HEIGHT])
    return np.asarray(corners @ turn + sway + middle, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """Where in a scene the held thing is: a part of the scene, and which of its pixels."""

    where: tuple[slice, slice]
    solid: NDArray[np.bool_]


def hold_up(scene: Picture, showing: Showing, now: float) -> Held | None:
    """Draw the held thing into the scene, where it is at this moment; None where it is outside."""
    height, width = showing.picture.shape[:2]
    place = _place(showing, now)
    left, top = (max(0, int(edge)) for edge in place.min(axis=0))
    right, bottom = (int(edge) + 2 for edge in place.max(axis=0))
    where = slice(top, bottom), slice(left, right)
    within = scene[where]
    if within.size == 0:
        return None
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, place - np.array([left, top], np.float32))
    held = cv2.warpPerspective(showing.picture, warp, (within.shape[1], within.shape[0]))
    solid = held[:, :, 3] > 127
    colours = np.ascontiguousarray(held[:, :, :3])
    within[:] = cv2.copyTo(colours, solid.astype(np.uint8), within.copy())
    return Held(where, solid)


def through(scene: Picture, state: State) -> Picture:
    """The scene as it comes through the lens."""
    if state.sun:
        scene = np.full_like(scene, 255)
    if state.soft:
        scene = softened(scene, state.soft)
    if state.sticker:
        glimmer = cv2.resize(cv2.resize(scene, (16, 9), interpolation=cv2.INTER_AREA), (1280, 720))
        scene = np.asarray(cv2.addWeighted(glimmer, 0.15, np.full_like(scene, 190), 0.85, 0))
    return scene


def softened(scene: Picture, pixels: float) -> Picture:
    """Out of focus by so many pixels; a large blur is made on a small picture, which is alike."""
    if pixels < 6:
        return np.asarray(cv2.GaussianBlur(scene, (0, 0), pixels), np.uint8)
    small = cv2.resize(scene, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), pixels / 4)
    return np.asarray(cv2.resize(soft, (WIDTH, HEIGHT)), np.uint8)


def _kept(picture: Picture) -> Picture:
    """Made once for every camera of this process: nobody may draw into it."""
    picture.flags.writeable = False
    return picture


@cache
def noise(strength: float) -> Picture:
    """A sensor's grain around 128 with this standard deviation, larger than a frame; read-only."""
    shape = (HEIGHT + SPARE, WIDTH + SPARE, 3)
    grain = np.random.default_rng(_SEED).normal(128, strength, shape)
    return _kept(np.clip(grain, 0, 255).astype(np.uint8))


@cache
def shop() -> Picture:
    """What is behind the shopper: a wall, shelves with goods, a floor, all out of focus;
    read-only."""
    dice = np.random.default_rng(_SEED)
    scene = np.full((HEIGHT, WIDTH, 3), (168, 176, 182), np.uint8)
    scene[560:] = (120, 128, 134)
    for shelf in range(4):
        bottom = 170 + shelf * 125
        cv2.rectangle(scene, (0, bottom), (WIDTH, bottom + 10), (92, 100, 108), -1)
        x = 6
        while x < WIDTH:
            width, height = int(dice.integers(28, 76)), int(dice.integers(50, 104))
            colour = tuple(int(c) for c in dice.integers(50, 225, 3))
            cv2.rectangle(scene, (x, bottom - height), (x + width, bottom - 1), colour, -1)
            x += width + int(dice.integers(4, 26))
    light = np.linspace(1.06, 0.82, HEIGHT)[:, None, None]
    soft = cv2.GaussianBlur(scene, (0, 0), 5)
    return _kept(np.clip(soft * light, 0, 255).astype(np.uint8))
