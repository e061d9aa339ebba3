"""Things a shopper holds up, drawn as pictures: a phone, a paper label, a bag.

Each function gives rows x columns x BGRA, transparent outside the thing, for VirtualCamera.present
or for a file. The codes are real ones, made by segno and zxing-cpp.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from drivers.scanners.formats import BY_SYMBOLOGY
from kiosk.ports import Symbology

Picture = NDArray[np.uint8]
_Colour = tuple[int, int, int]
_FONTS = (
    "Inter-{}.otf",
    "/usr/share/fonts/opentype/inter/Inter-{}.otf",
    "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf",
    "DejaVuSans.ttf",
)


@lru_cache(maxsize=32)
def _font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in _FONTS:
        try:
            return ImageFont.truetype(name.format(weight), size)
        except OSError:
            continue
    return ImageFont.load_default(size)


@lru_cache(maxsize=64)
def _qr(data: str | bytes) -> Image.Image:
    """Four pixels a module, kept because choosing a mask in Python takes long; read-only."""
    file = io.BytesIO()
    segno.make_qr(data, error="m", boost_error=False).save(file, kind="png", scale=4, border=4)
    return Image.open(file).convert("L")


def code_picture(
    data: str | bytes, symbology: Symbology, ink: _Colour = (0, 0, 0), paper: _Colour = (255,) * 3
) -> Image.Image:
    """A code with its quiet zone, a few pixels a module. Raises ValueError if it does not fit."""
    if symbology is Symbology.QR:
        try:
            grey = _qr(data)
        except segno.DataOverflowError as error:
            raise ValueError("more than a QR code can hold") from error
    else:
        barcode = zxingcpp.create_barcode(data, BY_SYMBOLOGY[symbology].zxing)
        grey = Image.fromarray(np.array(zxingcpp.write_barcode_to_image(barcode, scale=4)))
    return Image.composite(
        Image.new("RGB", grey.size, paper), Image.new("RGB", grey.size, ink), grey
    )


def _bgra(image: Image.Image) -> Picture:
    return np.ascontiguousarray(np.asarray(image.convert("RGBA"))[:, :, [2, 1, 0, 3]])


def _fit(code: Image.Image, width: int, height: int) -> Image.Image:
    """Scale to fit; whole steps where possible, so that modules stay alike."""
    factor = min(width / code.width, height / code.height)
    size = (max(1, round(code.width * factor)), max(1, round(code.height * factor)))
    return code.resize(size, Image.Resampling.BOX if factor < 1 else Image.Resampling.NEAREST)


def _write(
    draw: ImageDraw.ImageDraw,
    lines: Sequence[str],
    top: int,
    centre: int,
    size: int,
    ink: _Colour,
) -> None:
    for number, line in enumerate(lines):
        font = _font(size if number else round(size * 1.25), "Regular" if number else "SemiBold")
        draw.text((centre, top + round(number * size * 1.6)), line, ink, font, anchor="mt")


def phone(
    code: str | bytes,
    lines: Sequence[str] = (),
    *,
    dark: bool = False,
    cracked: bool = False,
    brightness: float = 1.0,
    symbology: Symbology = Symbology.QR,
) -> Picture:
    """A phone of 480 x 980 pixels that shows a code under a few lines of text.

    `dark` shows the code light on dark, as dark mode without a white card does; `brightness` is
    that of the screen, 0 to 1.
    """
    ink, paper = ((235, 235, 240), (18, 18, 22)) if dark else ((20, 22, 28), (250, 250, 252))
    screen = Image.new("RGB", (440, 924), paper)
    draw = ImageDraw.Draw(screen)
    draw.text((40, 22), "9:41", ink, _font(24, "SemiBold"))
    draw.rounded_rectangle((376, 26, 412, 42), 5, outline=ink, width=2)
    draw.rectangle((379, 29, 402, 39), fill=ink)
    _write(draw, lines, 92, 220, 25, ink)
    picture = _fit(code_picture(code, symbology, ink, paper), 410, 560)
    screen.paste(picture, ((440 - picture.width) // 2, 270 + (560 - picture.height) // 2))
    draw.rounded_rectangle((150, 900, 290, 906), 3, fill=ink)
    if cracked:
        _crack(draw)
    body = Image.new("RGBA", (480, 980))
    frame = ImageDraw.Draw(body)
    frame.rounded_rectangle((0, 0, 479, 979), 64, fill=(58, 60, 66, 255))
    frame.rounded_rectangle((4, 4, 475, 975), 60, fill=(10, 10, 12, 255))
    glass = Image.new("L", screen.size, 0)
    ImageDraw.Draw(glass).rounded_rectangle((0, 0, 439, 923), 44, fill=255)
    body.paste(ImageEnhance.Brightness(screen).enhance(brightness), (20, 28), glass)
    frame.rounded_rectangle((190, 40, 290, 66), 13, fill=(6, 6, 8, 255))
    return _bgra(body)


def _crack(draw: ImageDraw.ImageDraw) -> None:
    """Cracks run from a blow at the corner, some of them across the code."""
    blow = (392, 330)
    for end in ((10, 240), (60, 560), (170, 760), (300, 900), (436, 620), (420, 120), (210, 60)):
        middle = ((blow[0] + end[0]) // 2 + 14, (blow[1] + end[1]) // 2 - 10)
        draw.line((blow, middle, end), fill=(200, 205, 212), width=3, joint="curve")
        draw.line((blow[0] + 2, blow[1], *middle), fill=(90, 92, 98), width=1)
    draw.ellipse((384, 322, 400, 338), fill=(220, 224, 230))


def label(
    code: str | bytes, lines: Sequence[str] = (), symbology: Symbology = Symbology.QR
) -> Picture:
    """A printed paper label of 640 x 800 pixels, the code over a few lines of text."""
    return _bgra(_sheet(code, lines, symbology, (640, 800)))


def _sheet(
    code: str | bytes, lines: Sequence[str], symbology: Symbology, size: tuple[int, int]
) -> Image.Image:
    paper = (246, 245, 240)
    width, height = size
    sheet = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((8, 8, width - 9, height - 9), outline=(40, 40, 40), width=2)
    room = round(height * 0.72)
    picture = _fit(code_picture(code, symbology, (24, 24, 26), paper), width - 60, room - 40)
    sheet.paste(picture, ((width - picture.width) // 2, 24 + (room - picture.height) // 2))
    _write(draw, lines, room + 40, width // 2, round(height * 0.045), (24, 24, 26))
    return sheet


def planter() -> Picture:
    """Goods without any code: a glazed pot with a crack, for whoever asks for a photograph."""
    image = Image.new("RGBA", (560, 600))
    draw = ImageDraw.Draw(image)
    draw.polygon(((70, 120), (490, 120), (420, 580), (140, 580)), fill=(47, 93, 138))
    draw.polygon(((70, 120), (170, 120), (210, 580), (140, 580)), fill=(84, 130, 174))
    draw.rounded_rectangle((40, 60, 520, 150), 18, fill=(59, 108, 156))
    draw.ellipse((70, 40, 490, 100), fill=(46, 34, 26))
    draw.line(
        ((330, 150), (300, 230), (345, 300), (310, 390), (335, 440)), fill=(16, 30, 46), width=9
    )
    return _bgra(image)


def bag(code: str | bytes, caption: str = "", symbology: Symbology = Symbology.CODE_128) -> Picture:
    """A grey mailing bag of 900 x 900 pixels with its licence plate on a white label."""
    body = Image.new("RGBA", (900, 900))
    draw = ImageDraw.Draw(body)
    draw.rounded_rectangle((0, 0, 899, 899), 40, fill=(96, 104, 112, 255))
    for x, shade in ((120, 88), (310, 104), (560, 90), (760, 108)):  # folds of the film
        draw.line((x, 20, x + 60, 880), fill=(shade, shade + 8, shade + 16, 255), width=14)
    draw.rectangle((0, 96, 899, 104), fill=(70, 76, 82, 255))
    linear = BY_SYMBOLOGY[symbology].linear
    size = (780, 380) if linear else (520, 600)
    plate = _sheet(code, [caption] if caption else [], symbology, size)
    body.paste(plate, ((900 - size[0]) // 2, 180))
    return _bgra(body)
