"""The things people hold up, drawn at a resolution that the camera does not reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from tests.scenes.model import Dice, Picture, Points
from tests.scenes.symbols import Symbol

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)

_STOCK = (
    "Return by 30 March",
    "Order 4071-882",
    "Take the code to a kiosk",
    "Ship from store",
    "Keep this until your refund",
    "2 items",
    "Gross 1.24 kg",
    "STD PARCEL",
    "Via Hub 07",
    "Questions? help@shop.example",
    "No label needed",
    "Opening hours 8-20",
)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """`picture` is rows x columns x BGRA, transparent outside; `quad` the code's corners in it;
    `module` its pixels a module; `glows` where it is a screen; `glass` what of it shines: left,
    top, width, height."""

    picture: Picture
    quad: Points
    module: float
    glows: bool
    glass: tuple[int, int, int, int]


def colour(dice: Dice, low: int, high: int) -> Colour:
    """Any colour between two greys."""
    r, g, b = (int(c) for c in dice.integers(low, high, 3))
    return r, g, b


def code_image(
    made: Symbol, module: float, ink: Colour, paper: Colour, quiet: tuple[int, int]
) -> tuple[Image.Image, Points]:
    """The code with its quiet zone, and its corners in that image."""
    rows, columns = made.cells.shape
    width, height = round(columns / made.step * module), round(rows / made.step * module)
    how = Image.Resampling.NEAREST if made.step == 1.0 else Image.Resampling.LANCZOS
    cells = Image.fromarray(made.cells * 255).resize((width, height), how)
    left, top = round(quiet[0] * module), round(quiet[1] * module)
    image = Image.new("RGB", (width + 2 * left, height + 2 * top), paper)
    image.paste(Image.new("RGB", cells.size, ink), (left, top), cells)
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return image, np.array(corners, float)


def small_print(dice: Dice, count: int) -> list[str]:
    """Lines such as stand round a code."""
    return [_STOCK[i] for i in dice.permutation(len(_STOCK))[: max(0, count)]]


def bgra(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image.convert("RGBA"))[:, :, [2, 1, 0, 3]])


def rounded(size: tuple[int, int], by: float) -> Image.Image:
    """A mask with round corners."""
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), by, fill=255)
    return mask
