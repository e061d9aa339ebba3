"""A phone with a code on its screen: a wallet card or a mail, light or dark."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from tests.scenes.fonts import font
from tests.scenes.model import Dice
from tests.scenes.payloads import Payload
from tests.scenes.symbols import Symbol
from tests.scenes.things import WHITE, Colour, Thing, bgra, code_image, colour, rounded, small_print

MODULE = 8
# ink and paper of the code by how dark the mode is
_INKS: tuple[tuple[Colour, Colour], ...] = (
    ((22, 22, 26), WHITE),
    ((22, 22, 26), WHITE),
    ((240, 240, 242), (18, 18, 20)),
    ((160, 162, 170), (34, 34, 38)),
)


def _bars(draw: ImageDraw.ImageDraw, size: tuple[int, int], unit: float, ink: Colour) -> None:
    """The clock and battery above, the bar to swipe below."""
    width, height = size
    draw.text((unit, unit * 0.5), "9:41", ink, font(unit * 0.9, "SemiBold"))
    battery = (width - 3 * unit, unit * 0.6, width - unit, unit * 1.4)
    draw.rounded_rectangle(battery, 4, outline=ink, width=2)
    draw.rounded_rectangle((unit * 6, height - unit, unit * 14, height - unit * 0.7), 3, fill=ink)


def _card(
    draw: ImageDraw.ImageDraw,
    box: tuple[int, int, int, int],
    unit: float,
    width: int,
    fills: tuple[Colour, Colour],
) -> None:
    """A wallet card in its own colour, with a field round the code's `box`."""
    left, top, right, bottom = box
    card = (unit * 0.4, top - 4.5 * unit, width - unit * 0.4, bottom + 5 * unit)
    draw.rounded_rectangle(card, unit, fill=fills[0])
    draw.text((unit * 1.4, top - 3.8 * unit), "RETURN", WHITE, font(unit * 1.3, "SemiBold"))
    field = (left - 6, top - 6, right + 6, bottom + 6)
    draw.rounded_rectangle(field, unit * 0.4, fill=fills[1])


def _mail(draw: ImageDraw.ImageDraw, top: int, unit: float, ink: Colour) -> None:
    draw.text((unit, top - 4 * unit), "Your return code", ink, font(unit * 1.5, "SemiBold"))
    draw.text((unit, top - 1.8 * unit), "Hold it up to the kiosk", ink, font(unit * 0.9))


def _screen(
    code: Image.Image, words: str, dice: Dice, dark: int, field: Colour
) -> tuple[Image.Image, tuple[int, int]]:
    """All that the screen shows, and where in it the code begins."""
    page: Colour = (250, 250, 252) if dark == 0 else (18, 18, 20)
    ink: Colour = (30, 32, 38) if dark == 0 else (225, 225, 230)
    width = round(code.width / dice.uniform(0.74, 0.94))
    size = (width, round(width * dice.uniform(1.95, 2.15)))
    screen = Image.new("RGB", size, page)
    draw = ImageDraw.Draw(screen)
    unit = width / 20
    left, top = (width - code.width) // 2, round(size[1] * dice.uniform(0.2, 0.36))
    bottom = top + code.height
    accent = colour(dice, 30, 190)
    if dice.integers(2):
        box = (left, top, (width + code.width) // 2, bottom)
        _card(draw, box, unit, width, (accent, field))
    else:
        _mail(draw, top, unit, ink)
    screen.paste(code, (left, top))
    draw.text((width / 2, bottom + unit), words, ink, font(unit * 1.1), anchor="mt")
    for number, line in enumerate(small_print(dice, 6)):
        y = bottom + unit * (6 + 1.6 * number)
        draw.text((unit * 1.2, y), line, ink, font(unit * 0.8))
    _bars(draw, size, unit, ink)
    return screen, (left, top)


def phone(made: Symbol, payload: Payload, dice: Dice, dark: int) -> Thing:
    """`dark` as in optics: 0 light, 1 a white card in dark mode, 2 the code light on dark, 3 the
    same in grey with hardly any room round it. Some wallets leave little room in any mode."""
    ink, field = _INKS[dark]
    tight = bool(dice.integers(3) == 0) or dark == 3
    code, corners = code_image(made, MODULE, ink, field, (2, 2) if tight else made.quiet)
    screen, (left, top) = _screen(code, payload.words[:22], dice, dark, field)
    width, height = screen.size
    unit = width / 20
    edge, bend = round(unit * 0.8), unit * 1.8
    body = Image.new("RGBA", (width + 2 * edge, height + 2 * edge))
    frame = ImageDraw.Draw(body)
    shade = int(dice.integers(20, 120))
    whole = (0, 0, body.width - 1, body.height - 1)
    frame.rounded_rectangle(whole, bend + edge, fill=(shade, shade, shade + 6, 255))
    bezel = (5, 5, body.width - 6, body.height - 6)
    frame.rounded_rectangle(bezel, bend + edge - 5, fill=(8, 8, 10, 255))
    body.paste(screen, (edge, edge), rounded(screen.size, bend))
    quad = corners + np.array([edge + left, edge + top])
    return Thing(bgra(body), quad, MODULE, True, (edge, edge, width, height))
