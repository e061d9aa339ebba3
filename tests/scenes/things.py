"""The things people hold up, drawn at a resolution that the camera does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from tests.scenes.fonts import font
from tests.scenes.model import Dice, Kind, Picture, Points
from tests.scenes.optics import PHONES
from tests.scenes.payloads import Payload
from tests.scenes.symbols import Symbol, symbol

Colour = tuple[int, int, int]
_INK: Colour = (22, 22, 26)


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """`picture` is rows x columns x BGRA, transparent outside; `quad` the code's corners in it;
    `module` its pixels a module; `glows` where it is a screen. `glass` is what of it shines."""

    picture: Picture
    quad: Points
    module: float
    glows: bool
    glass: tuple[int, int, int, int]


def _module(kind: Kind) -> int:
    """Texture pixels a module: about twice what the sensor gets."""
    return 8 if kind in _SQUARE else 6


_SQUARE = frozenset({*PHONES, Kind.RETURN_SLIP, Kind.DATA_MATRIX, Kind.MICRO_QR, Kind.RMQR})


def _code_image(
    made: Symbol, module: float, ink: Colour, paper: Colour, quiet: tuple[int, int]
) -> tuple[Image.Image, Points]:
    """The code with its quiet zone, and its corners in that image."""
    rows, columns = made.cells.shape
    width, height = round(columns / made.step * module), round(rows / made.step * module)
    exact = made.step == 1.0
    cells = Image.fromarray(made.cells * 255).resize(
        (width, height), Image.Resampling.NEAREST if exact else Image.Resampling.LANCZOS
    )
    left, top = round(quiet[0] * module), round(quiet[1] * module)
    image = Image.new("RGB", (width + 2 * left, height + 2 * top), paper)
    image.paste(Image.new("RGB", cells.size, ink), (left, top), cells)
    corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
    return image, np.array(corners, float)


def _lines(dice: Dice, count: int, words: Sequence[str] = ()) -> list[str]:
    """Small print such as stands round a code."""
    stock = (
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
    return [*words, *(stock[i] for i in dice.permutation(len(stock))[: max(0, count - len(words))])]


def _bgra(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image.convert("RGBA"))[:, :, [2, 1, 0, 3]])


def phone(made: Symbol, payload: Payload, dice: Dice, dark: int) -> Thing:
    """A phone with a wallet card or a mail. `dark` as in optics: 0 light, 1 a white card in dark
    mode, 2 the code light on dark, 3 the same in grey."""
    page: Colour = (250, 250, 252) if dark == 0 else (18, 18, 20)
    words: Colour = (30, 32, 38) if dark == 0 else (225, 225, 230)
    ink, paper = _INK, (255, 255, 255)
    if dark == 2:
        ink, paper = (240, 240, 242), (18, 18, 20)
    elif dark == 3:
        ink, paper = (160, 162, 170), (34, 34, 38)
    quiet = (2, 2) if dark == 3 or dice.integers(3) == 0 else made.quiet
    code, corners = _code_image(made, 8, ink, paper, quiet)
    screen_width = round(code.width / dice.uniform(0.74, 0.94))
    screen_height = round(screen_width * dice.uniform(1.95, 2.15))
    screen = Image.new("RGB", (screen_width, screen_height), page)
    draw = ImageDraw.Draw(screen)
    unit = screen_width / 20
    draw.text((unit, unit * 0.5), "9:41", words, font(unit * 0.9, "SemiBold"))
    draw.rounded_rectangle(
        (screen_width - 3 * unit, unit * 0.6, screen_width - unit, unit * 1.4),
        4,
        outline=words,
        width=2,
    )
    top = round(screen_height * dice.uniform(0.2, 0.36))
    accent = tuple(int(c) for c in dice.integers(30, 190, 3))
    if dice.integers(2):  # a wallet card, else a mail
        card = (
            unit * 0.4,
            top - 4.5 * unit,
            screen_width - unit * 0.4,
            top + code.height + 5 * unit,
        )
        draw.rounded_rectangle(card, unit, fill=accent)
        draw.text(
            (unit * 1.4, top - 3.8 * unit), "RETURN", (255, 255, 255), font(unit * 1.3, "SemiBold")
        )
        draw.rounded_rectangle(
            (
                (screen_width - code.width) // 2 - 6,
                top - 6,
                (screen_width + code.width) // 2 + 6,
                top + code.height + 6,
            ),
            unit * 0.4,
            fill=paper,
        )
    else:
        draw.text((unit, top - 4 * unit), "Your return code", words, font(unit * 1.5, "SemiBold"))
        draw.text((unit, top - 1.8 * unit), "Hold it up to the kiosk", words, font(unit * 0.9))
    left = (screen_width - code.width) // 2
    screen.paste(code, (left, top))
    under = top + code.height + unit
    draw.text((screen_width / 2, under), payload.words[:22], words, font(unit * 1.1), anchor="mt")
    for number, line in enumerate(_lines(dice, 6)):
        draw.text((unit * 1.2, under + unit * (5 + 1.6 * number)), line, words, font(unit * 0.8))
    draw.rounded_rectangle(
        (unit * 6, screen_height - unit, unit * 14, screen_height - unit * 0.7), 3, fill=words
    )
    edge, round_by = round(unit * 0.8), unit * 1.8
    body = Image.new("RGBA", (screen_width + 2 * edge, screen_height + 2 * edge))
    frame = ImageDraw.Draw(body)
    shade = int(dice.integers(20, 120))
    frame.rounded_rectangle(
        (0, 0, body.width - 1, body.height - 1),
        round_by + edge,
        fill=(shade, shade, shade + 6, 255),
    )
    frame.rounded_rectangle(
        (5, 5, body.width - 6, body.height - 6), round_by + edge - 5, fill=(8, 8, 10, 255)
    )
    glass = Image.new("L", screen.size, 0)
    ImageDraw.Draw(glass).rounded_rectangle(
        (0, 0, screen_width - 1, screen_height - 1), round_by, fill=255
    )
    body.paste(screen, (edge, edge), glass)
    quad = corners + np.array([edge + left, edge + top])
    return Thing(_bgra(body), quad, 8, True, (edge, edge, screen_width, screen_height))


def paper(made: Symbol, payload: Payload, dice: Dice, kind: Kind) -> Thing:
    """A label, a receipt or the side of a packet."""
    module = _module(kind)
    product = kind in _PRODUCTS
    tone = int(dice.integers(226, 250))
    sheet_colour: Colour = (tone, tone - int(dice.integers(0, 6)), tone - int(dice.integers(0, 14)))
    ink: Colour = tuple(int(c) for c in dice.integers(10, 48, 3))  # type: ignore[assignment]
    code, corners = _code_image(made, module, ink, sheet_colour, made.quiet)
    slip = kind is Kind.RETURN_SLIP
    width = round(code.width * (dice.uniform(1.15, 1.4) if not slip else dice.uniform(1.1, 1.25)))
    height = round(max(code.height * dice.uniform(1.5, 2.0), width * (0.62 if not slip else 1.7)))
    ground = tuple(int(c) for c in dice.integers(40, 220, 3)) if product else sheet_colour
    sheet = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(sheet)
    left, top = (width - code.width) // 2, round((height - code.height) * dice.uniform(0.3, 0.7))
    size = max(14.0, width / 24)
    words: Colour = (255, 255, 255) if product and sum(ground) < 380 else (20, 20, 24)
    for number, line in enumerate(_lines(dice, int(top / size / 1.4))):
        draw.text(
            (size, size * (0.5 + 1.4 * number)),
            line,
            words,
            font(size, "Regular" if number else "SemiBold"),
        )
    sheet.paste(code, (left, top))
    under = top + code.height + size * 0.2
    draw.text((width / 2, under), payload.words[:34], words, font(size), anchor="mt")
    for number, line in enumerate(_lines(dice, int((height - under) / size / 1.4) - 2)):
        draw.text((size, under + size * (1.6 + 1.4 * number)), line, words, font(size * 0.85))
    if kind in _BOXED:
        draw.rectangle((3, 3, width - 4, height - 4), outline=ink, width=4)
        draw.line((0, top - 6, width, top - 6), fill=ink, width=4)
    quad = corners + np.array([left, top])
    if kind is Kind.BAG:
        sheet, shift = _on_film(sheet, dice)
        quad = quad + shift
    whole = (0, 0, sheet.width, sheet.height)
    return Thing(_bgra(sheet), quad, module, False, whole)


_PRODUCTS = frozenset(
    {
        Kind.EAN_13,
        Kind.EAN_8,
        Kind.UPC_A,
        Kind.UPC_E,
        Kind.DATABAR,
        Kind.DATABAR_EXPANDED,
    }
)
_BOXED = frozenset(
    {Kind.PARCEL, Kind.PARCEL_GS1, Kind.CARTON, Kind.PDF417, Kind.MAXICODE, Kind.DATA_MATRIX}
)


def _on_film(label: Image.Image, dice: Dice) -> tuple[Image.Image, Points]:
    """A grey mailing bag round its label, with the folds that film has."""
    width, height = round(label.width * 1.25), round(label.height * 1.7)
    small = dice.normal(0, 1, (9, 7)).astype(np.float32)
    folds = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))
    shade = np.clip(118 + 26 * folds, 50, 220).astype(np.uint8)
    film = Image.merge(
        "RGB", [Image.fromarray(np.clip(shade + k, 0, 255).astype(np.uint8)) for k in (0, 4, 9)]
    )
    shift = ((width - label.width) // 2, (height - label.height) // 2)
    film.paste(label, shift)
    return film, np.array(shift, float)


def thing(kind: Kind, payload: Payload, dice: Dice, dark: int) -> Thing:
    """Such a thing, with this in its code."""
    made = symbol(payload)
    return phone(made, payload, dice, dark) if kind in PHONES else paper(made, payload, dice, kind)
