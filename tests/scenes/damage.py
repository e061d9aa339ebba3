"""What lies over a code: cracked glass, scratches, a thumb. Drawn as a layer of its own, because
it reflects the room's light where a screen has its own."""

from __future__ import annotations

import cv2
import numpy as np

from tests.scenes.model import Dice, Picture, Points
from tests.scenes.optics import Optics
from tests.scenes.things import Thing


def _crack(
    layer: Picture, start: Points, angle: float, length: float, module: float, dice: Dice
) -> None:
    """A line that wanders, light where the edge catches light and dark beside it."""
    points = [start]
    steps = 9
    for _ in range(steps):
        angle += dice.normal(0, 0.16)
        step = length / steps
        points.append(points[-1] + step * np.array([np.cos(angle), np.sin(angle)]))
    line = np.array(points)
    thin = max(1, round(module * dice.uniform(0.12, 0.4)))
    glint = int(dice.integers(120, 245))
    dark = int(dice.integers(20, 90))
    offset = np.array([thin, -thin]) * 0.7
    for shift, tone in ((offset, dark), (0 * offset, glint)):
        path = np.rint(line + shift).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(layer, [path], False, (tone, tone, tone, 215), thin, cv2.LINE_AA)


def _cracks(layer: Picture, thing: Thing, count: int, dice: Dice) -> None:
    low, high = thing.quad.min(axis=0), thing.quad.max(axis=0)
    side = float((high - low).max())
    blow = dice.uniform(low - 0.15 * side, high + 0.15 * side)
    for number in range(count):
        angle = 2 * np.pi * (number + dice.uniform(0, 0.8)) / count
        _crack(layer, blow, angle, side * dice.uniform(0.5, 1.6), thing.module, dice)
    if count >= 5:  # a web round the blow
        for _ in range(count // 2):
            start = blow + dice.normal(0, 0.14 * side, 2)
            _crack(layer, start, dice.uniform(0, 6.3), side * 0.3, thing.module, dice)
        centre = (round(float(blow[0])), round(float(blow[1])))
        cv2.circle(layer, centre, round(thing.module * 0.9), (190, 190, 190, 230), -1, cv2.LINE_AA)


def _scratches(layer: Picture, thing: Thing, count: int, dice: Dice) -> None:
    low, high = thing.quad.min(axis=0), thing.quad.max(axis=0)
    side = float((high - low).max())
    way = dice.uniform(0, np.pi)
    for _ in range(count):
        start = dice.uniform(low, high)
        angle = way + dice.normal(0, 0.35)
        reach = side * dice.uniform(0.1, 0.5) * np.array([np.cos(angle), np.sin(angle)])
        thin = max(1, round(thing.module * dice.uniform(0.15, 0.6)))
        ends = [tuple(int(v) for v in np.rint(p)) for p in (start - reach, start + reach)]
        tone = int(dice.integers(170, 240))
        cv2.line(
            layer,
            ends[0],
            ends[1],
            (tone, tone, tone, int(dice.integers(150, 255))),
            thin,
            cv2.LINE_AA,
        )


def _thumb(layer: Picture, thing: Thing, part: float, dice: Dice) -> None:
    """Comes from outside and covers `part` of the code's shorter side at one corner."""
    low, high = thing.quad.min(axis=0), thing.quad.max(axis=0)
    side = float((high - low).min())
    right, bottom = bool(dice.integers(2)), bool(dice.integers(3))  # mostly from below
    corner = np.array([high[0] if right else low[0], high[1] if bottom else low[1]])
    inward = np.array([-1.0 if right else 1.0, -1.0 if bottom else 1.0])
    radius = 0.18 * max(side, 0.6 * float((high - low).max()))
    # The circle of the tip reaches this far over the corner, measured along each side.
    tip = corner + inward * (part * side - radius * 0.75)
    tail = tip - inward * np.array([0.7, 1.0]) * radius * dice.uniform(5, 7)
    skin = np.array([[120, 150, 205], [88, 118, 172], [58, 80, 128], [36, 50, 84]])[
        int(dice.integers(4))
    ]
    for shrink in np.linspace(1.0, 0.3, 8):  # rounder towards the middle
        tone = skin * (0.72 + 0.36 * (1 - shrink))
        colour = (*(float(t) for t in tone), 255)
        ends = [tuple(int(v) for v in np.rint(p)) for p in (tip, tail)]
        cv2.line(layer, ends[0], ends[1], colour, max(2, round(2 * radius * shrink)), cv2.LINE_AA)


def over(thing: Thing, optics: Optics, dice: Dice) -> Picture:
    """The layer over the thing: BGRA, as large as its picture."""
    layer = np.zeros_like(thing.picture)
    if optics.cracks:
        _cracks(layer, thing, round(optics.cracks), dice)
        left, top, width, height = thing.glass
        outside = np.ones(layer.shape[:2], bool)
        outside[top : top + height, left : left + width] = False
        layer[outside] = 0
    if optics.scratches:
        _scratches(layer, thing, round(optics.scratches), dice)
    if optics.thumb >= 0:
        _thumb(layer, thing, optics.thumb, dice)
    return layer
