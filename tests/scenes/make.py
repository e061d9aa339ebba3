"""Scenes made to order: a thing, a condition, a grade, a seed."""

from __future__ import annotations

from dataclasses import replace

from tests.scenes.exposing import photograph
from tests.scenes.model import Dice, Grade, Kind, Scene
from tests.scenes.optics import BASE, Condition, Optics, fits, under
from tests.scenes.staging import dice_for, pose, staged, truths


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
