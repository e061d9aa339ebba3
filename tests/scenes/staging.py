"""A thing taken into the hand: what it holds, how it shines, where it is held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import cv2
import numpy as np

from tests.scenes import damage, light
from tests.scenes.backgrounds import behind
from tests.scenes.model import HEIGHT, WIDTH, Dice, Kind, Picture, Plane, Points, Truth
from tests.scenes.optics import PHONES, Optics
from tests.scenes.papers import paper
from tests.scenes.payloads import Payload, payload
from tests.scenes.phones import phone
from tests.scenes.place import Pose, projection, shift_inside, through
from tests.scenes.surface import bent
from tests.scenes.symbols import symbol
from tests.scenes.things import Thing

# Pixels a module on a good day: a hand's breadth to two from a 720-line camera.
_PIXELS = {
    Kind.RETURN_PHONE: 4.0,
    Kind.RETURN_SLIP: 4.0,
    Kind.SHORT_PHONE: 7.0,
    Kind.AZTEC: 6.0,
    Kind.DATA_MATRIX: 5.0,
    Kind.MICRO_QR: 6.0,
    Kind.RMQR: 6.0,
    Kind.MAXICODE: 7.0,
    Kind.EAN_8: 3.0,
    Kind.UPC_E: 3.0,
    Kind.PDF417: 2.8,
}
_LINEAR_PIXELS = 2.5


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """A thing ready to be photographed: its light, premultiplied by its own opacity, and where
    the code is; `glint` and `spots` are where lamps stand, in parts of the code from its
    middle; `pixels` a module before any change of size; `pitch` the screen's own pixels."""

    kind: Kind
    payload: Payload
    thing: Thing
    shine: Plane  # rows x columns x BGRA, linear
    background: Picture
    ambient: float
    pixels: float
    pitch: float
    lean: float
    glint: Points
    spots: Points


def dice_for(*parts: str | int) -> Dice:
    """Randomness that depends on these names alone, on every machine."""
    return np.random.default_rng([crc32(str(part).encode()) for part in parts])


def _shine(made: Thing, optics: Optics, dice: Dice) -> Plane:
    layer = damage.over(made, optics, dice)
    lit = light.linear(made.picture[:, :, :3])
    if made.glows:
        left, top, width, height = made.glass
        screen = lit[top : top + height, left : left + width]
        screen[:] = light.screen_gain(optics, screen)
    alpha = made.picture[:, :, 3:].astype(np.float32) / 255
    cover = layer[:, :, 3:].astype(np.float32) / 255
    body = lit * alpha * (1 - cover) + light.linear(layer[:, :, :3]) * cover
    return np.concatenate([body, alpha + cover - alpha * cover], axis=2)


def _padded(made: Thing) -> Thing:
    """Room round the thing for what reaches in from outside."""
    pad = round(0.4 * float(np.ptp(made.quad, axis=0).max()))
    picture = cv2.copyMakeBorder(made.picture, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    left, top, width, height = made.glass
    glass = (left + pad, top + pad, width, height)
    return replace(made, picture=np.asarray(picture, np.uint8), quad=made.quad + pad, glass=glass)


def _thing(kind: Kind, what: Payload, dice: Dice, dark: int) -> Thing:
    made = symbol(what)
    return phone(made, what, dice, dark) if kind in PHONES else paper(made, what, dice, kind)


def staged(kind: Kind, optics: Optics, dice: Dice) -> Staged:
    """Take such a thing into the hand."""
    # Streams of their own: what a grade adds must not change the rest of the scene.
    text, body, folds, hurts, place = dice.spawn(5)
    what = payload(kind, text)
    made = bent(_thing(kind, what, body, round(optics.dark)), optics, folds)
    if optics.thumb >= 0:
        made = _padded(made)
    pixels = _PIXELS.get(kind, _LINEAR_PIXELS) * place.uniform(0.95, 1.15)
    count = int(place.integers(2, 5))
    return Staged(
        kind=kind,
        payload=what,
        thing=made,
        shine=_shine(made, optics, hurts),
        background=behind(int(place.integers(24))),
        ambient=float(place.uniform(0.5, 0.95)),
        pixels=pixels,
        pitch=made.module / pixels / optics.size * place.uniform(0.93, 1.09),
        lean=float(place.uniform(-0.6, 0.6)),
        glint=place.uniform(-0.35, 0.35, 2),
        spots=place.uniform(-0.48, 0.48, (count, 2)),
    )


def pose(stage: Staged, optics: Optics, dice: Dice) -> Pose:
    """Held somewhere near the middle, the whole code in the frame."""
    held = Pose(
        pixels=stage.pixels * optics.size,
        turn=optics.turn * (1 if dice.integers(2) else -1),
        tilt=optics.tilt,
        towards=float(dice.uniform(0, 360)),
        x=WIDTH / 2 + float(dice.normal(0, 90)),
        y=HEIGHT / 2 + float(dice.normal(0, 50)),
    )
    quad = through(projection(held, stage.thing.quad, stage.thing.module), stage.thing.quad)
    move = shift_inside(quad)
    return replace(held, x=held.x + float(move[0]), y=held.y + float(move[1]))


def truths(stage: Staged, quad: Points) -> tuple[Truth, ...]:
    """What is really there, at these corners."""
    corners = tuple((float(x), float(y)) for x, y in quad)
    return (Truth(stage.payload.symbology, stage.payload.raw, corners, stage.payload.also),)
