"""Paper with a code on it: labels, receipts, the sides of packets, bags."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from tests.scenes.fonts import font
from tests.scenes.model import Dice, Kind, Points
from tests.scenes.payloads import Payload
from tests.scenes.symbols import Symbol
from tests.scenes.things import WHITE, Colour, Thing, bgra, code_image, colour, small_print

_SQUARE = frozenset({Kind.RETURN_SLIP, Kind.DATA_MATRIX, Kind.MICRO_QR, Kind.RMQR})
_PRODUCTS = frozenset(
    {Kind.EAN_13, Kind.EAN_8, Kind.UPC_A, Kind.UPC_E, Kind.DATABAR, Kind.DATABAR_EXPANDED}
)
_BOXED = frozenset(
    {Kind.PARCEL, Kind.PARCEL_GS1, Kind.CARTON, Kind.PDF417, Kind.MAXICODE, Kind.DATA_MATRIX}
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Colours and measures of a piece of paper: `code` is where the code lies."""

    ground: Colour
    words: Colour
    size: tuple[int, int]
    code: tuple[int, int, int, int]

    @property
    def type_size(self) -> float:
        return max(14.0, self.size[0] / 24)


def _sheet(code: Image.Image, dice: Dice, kind: Kind, paper: Colour) -> Sheet:
    slip = kind is Kind.RETURN_SLIP
    width = round(code.width * (dice.uniform(1.1, 1.25) if slip else dice.uniform(1.15, 1.4)))
    height = round(max(code.height * dice.uniform(1.5, 2.0), width * (1.7 if slip else 0.62)))
    product = kind in _PRODUCTS
    ground = colour(dice, 40, 220) if product else paper
    words: Colour = WHITE if product and sum(ground) < 380 else (20, 20, 24)
    left, top = (width - code.width) // 2, round((height - code.height) * dice.uniform(0.3, 0.7))
    box = (left, top, left + code.width, top + code.height)
    return Sheet(ground, words, (width, height), box)


def _printed(sheet: Sheet, code: Image.Image, caption: str, dice: Dice) -> Image.Image:
    """Words above, the code, its caption, words below."""
    image = Image.new("RGB", sheet.size, sheet.ground)
    draw = ImageDraw.Draw(image)
    left, top, _, bottom = sheet.code
    size = sheet.type_size
    for number, line in enumerate(small_print(dice, int(top / size / 1.4))):
        weight = "Regular" if number else "SemiBold"
        draw.text((size, size * (0.5 + 1.4 * number)), line, sheet.words, font(size, weight))
    image.paste(code, (left, top))
    under = bottom + size * 0.2
    draw.text((sheet.size[0] / 2, under), caption, sheet.words, font(size), anchor="mt")
    rest = int((sheet.size[1] - under) / size / 1.4) - 2
    for number, line in enumerate(small_print(dice, rest)):
        draw.text((size, under + size * (1.6 + 1.4 * number)), line, sheet.words, font(size * 0.85))
    return image


def paper(made: Symbol, payload: Payload, dice: Dice, kind: Kind) -> Thing:
    """A label, a receipt or the side of a packet, as the kind has it."""
    module = 8 if kind in _SQUARE else 6
    tone = int(dice.integers(226, 250))
    white: Colour = (tone, tone - int(dice.integers(0, 6)), tone - int(dice.integers(0, 14)))
    ink = colour(dice, 10, 48)
    code, corners = code_image(made, module, ink, white, made.quiet)
    sheet = _sheet(code, dice, kind, white)
    image = _printed(sheet, code, payload.words[:34], dice)
    left, top = sheet.code[:2]
    if kind in _BOXED:
        draw = ImageDraw.Draw(image)
        draw.rectangle((3, 3, image.width - 4, image.height - 4), outline=ink, width=4)
        draw.line((0, top - 6, image.width, top - 6), fill=ink, width=4)
    quad = corners + np.array([left, top])
    if kind is Kind.BAG:
        image, shift = _on_film(image, dice)
        quad = quad + shift
    return Thing(bgra(image), quad, module, False, (0, 0, image.width, image.height))


def _on_film(label: Image.Image, dice: Dice) -> tuple[Image.Image, Points]:
    """A grey mailing bag round its label, with the folds that film has."""
    width, height = round(label.width * 1.25), round(label.height * 1.7)
    coarse = dice.normal(0, 1, (9, 7)).astype(np.float32)
    folds = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC))
    shade = np.clip(118 + 26 * folds, 50, 220).astype(np.uint8)
    film = Image.merge("RGB", [Image.fromarray(shade + np.uint8(tint)) for tint in (0, 4, 9)])
    shift = ((width - label.width) // 2, (height - label.height) // 2)
    film.paste(label, shift)
    return film, np.array(shift, float)
