"""Scenes made to order: a thing, a condition, a grade, a seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

import cv2
import numpy as np

from tests.scenes import damage, light
from tests.scenes.backgrounds import behind
from tests.scenes.model import (
    HEIGHT,
    WIDTH,
    Dice,
    Grade,
    Kind,
    Picture,
    Plane,
    Points,
    Scene,
    Truth,
)
from tests.scenes.optics import BASE, Condition, Optics, fits, under
from tests.scenes.payloads import Payload, payload
from tests.scenes.place import Matrix, Pose, projection, shift_inside, through
from tests.scenes.sensor import photographed
from tests.scenes.surface import bent
from tests.scenes.things import Thing, thing

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


def staged(kind: Kind, optics: Optics, dice: Dice) -> Staged:
    """Take such a thing into the hand."""
    # Streams of their own: what a grade adds must not change the rest of the scene.
    text, body, folds, hurts, place = dice.spawn(5)
    what = payload(kind, text)
    made = bent(thing(kind, what, body, round(optics.dark)), optics, folds)
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


def _box(matrix: Matrix, thing_: Thing, margin: int) -> tuple[int, int, int, int]:
    rows, columns = thing_.picture.shape[:2]
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], float)
    low, high = (f(through(matrix, corners), axis=0) for f in (np.min, np.max))
    left, top = (int(max(0, v - margin)) for v in low)
    right, bottom = (
        int(min(limit, v + margin)) for v, limit in zip(high, (WIDTH, HEIGHT), strict=True)
    )
    return left, top, max(right, left + 2), max(bottom, top + 2)


def _laid(stage: Staged, matrix: Matrix, box: tuple[int, int, int, int]) -> Plane:
    """The thing as the frame's pixels see it: drawn at twice the size and averaged."""
    left, top, right, bottom = box
    to_box = np.array([[2, 0, -2 * left + 0.5], [0, 2, -2 * top + 0.5], [0, 0, 1]])
    large = cv2.warpPerspective(
        stage.shine,
        to_box @ matrix,
        (2 * (right - left), 2 * (bottom - top)),
        flags=cv2.INTER_LINEAR,
    )
    return np.asarray(cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA))


def photograph(
    stage: Staged, optics: Optics, held: Pose, way: float, dice: Dice
) -> tuple[Picture, Points]:
    """One frame of it, and the code's corners there. `way` is the direction of motion, degrees."""
    matrix = projection(held, stage.thing.quad, stage.thing.module)
    quad = through(matrix, stage.thing.quad)
    frame = light.linear(stage.background) * np.float32(stage.ambient)
    pixels = held.pixels
    box = _box(matrix, stage.thing, 12)
    left, top, right, bottom = box
    laid = _laid(stage, matrix, box)
    body, alpha = laid[:, :, :3], laid[:, :, 3:]
    if optics.moire and stage.thing.glows:
        back = np.asarray(np.linalg.inv(matrix), np.float64)
        body = body * light.ripple(box, back, stage.pitch, optics.moire)
    if optics.bands and stage.thing.glows:
        body = body * light.flicker(bottom - top, optics.bands, dice)
    local = quad - np.array([left, top])
    shape = (bottom - top, right - left)
    if optics.glare:
        body = (
            body
            + alpha
            * light.soft_glare(shape, local, optics.glare, stage.glint, stage.lean)[:, :, None]
        )
    if optics.spots:
        body = (
            body
            + alpha
            * light.hard_glare(shape, local, optics.spots, stage.spots, stage.lean)[:, :, None]
        )
    seen = body + frame[top:bottom, left:right] * (1 - alpha)
    frame[top:bottom, left:right] = light.blurred(
        np.ascontiguousarray(seen), optics.defocus * pixels, optics.motion * pixels, way
    )
    return photographed(frame, optics.exposure, optics.electrons, optics.jpeg, dice), quad


def truths(stage: Staged, quad: Points) -> tuple[Truth, ...]:
    """What is really there, at these corners."""
    corners = tuple((float(x), float(y)) for x, y in quad)
    return (Truth(stage.payload.symbology, stage.payload.raw, corners, stage.payload.also),)


def dice_for(*parts: str | int) -> Dice:
    """Randomness that depends on these names alone, on every machine."""
    return np.random.default_rng([crc32(str(part).encode()) for part in parts])


def shot(name: str, kind: Kind, grade: Grade, optics: Optics, dice: Dice) -> Scene:
    """A still of such a thing under such optics."""
    stage = staged(kind, optics, dice)
    held = pose(stage, optics, dice)
    picture, quad = photograph(stage, optics, held, float(dice.uniform(0, 180)), dice)
    return Scene(name, kind, grade, picture, truths(stage, quad))


def plain(kind: Kind, seed: int) -> Scene:
    """On a good day."""
    return shot(
        f"plain {kind.name} {seed}", kind, Grade.EASY, BASE, dice_for("plain", kind.name, seed)
    )


def under_one(condition: Condition, grade: Grade, kind: Kind, seed: int) -> Scene:
    """One thing is wrong, to this grade. The same seed gives the same thing at every grade."""
    if not fits(condition, kind):
        raise ValueError(f"{kind} knows no {condition}")
    name = f"{condition} {grade.words} {kind.name} {seed}"
    dice = dice_for(condition, kind.name, seed)
    return shot(name, kind, grade, under(BASE, condition, grade), dice)


def mixed_optics(kind: Kind, grade: Grade, dice: Dice) -> Optics:
    """Life: the code a little smaller and leaning, one thing wrong to this grade, another to a
    lesser one."""
    chosen = [condition for condition in Condition if fits(condition, kind)]
    order = dice.permutation(len(chosen))
    optics = replace(
        BASE,
        size=float(dice.uniform(0.78 - 0.08 * grade, 1.05 - 0.08 * grade)),
        tilt=float(abs(dice.normal(0, 8 + 3 * grade))),
        turn=float(abs(dice.normal(0, 7 + 2 * grade))),
        defocus=float(dice.uniform(0.4, 0.9)),
        electrons=float(dice.uniform(1500, 6000)),
    )
    optics = under(optics, chosen[order[0]], grade)
    lesser = Grade(max(0, int(grade) - 1 - int(dice.integers(2))))
    return under(optics, chosen[order[1]], lesser)


def mixed(kind: Kind, grade: Grade, seed: int) -> Scene:
    """A scene with several things wrong at once."""
    dice = dice_for("mixed", kind.name, int(grade), seed)
    return shot(
        f"mixed {grade.words} {kind.name} {seed}",
        kind,
        grade,
        mixed_optics(kind, grade, dice),
        dice,
    )
