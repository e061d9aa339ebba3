"""Where codes seem to be, before anybody has read them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders.bars import straight, whole
from drivers.scanners.decoders.patterns import bar_spots, within
from drivers.scanners.decoders.quads import centre, overlap, sides
from drivers.scanners.decoders.squares import eyes, qr_spots


def qr(text: str, scale: int = 5) -> np.ndarray:
    rows = np.array(list(segno.make_qr(text, error="m").matrix_iter(scale=scale)), np.uint8)
    return np.where(rows, 20, 240).astype(np.uint8)


def bars(text: str, name: BarcodeFormat, height: int = 120) -> np.ndarray:
    image = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, name), scale=3))
    row = image[image.shape[0] // 3][np.newaxis]
    return np.pad(np.repeat(row, height, axis=0), 40, constant_values=255)


def on_grey(*things: tuple[np.ndarray, int, int]) -> np.ndarray:
    picture = np.full((720, 1280), 150, np.uint8)
    for thing, left, top in things:
        picture[top : top + thing.shape[0], left : left + thing.shape[1]] = thing
    return picture


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(picture, turn, (width, height), borderValue=150), np.uint8)


@pytest.mark.parametrize("degrees", [0, 17, 90, 200])
@pytest.mark.parametrize("light_on_dark", [False, True])
def test_the_three_squares_tell_where_a_qr_code_is(degrees, light_on_dark) -> None:
    code = qr("where am I")
    picture = turned(on_grey((code, 520, 250)), degrees)
    picture = 255 - picture if light_on_dark else picture
    found = eyes(picture)
    assert len(found) == 3
    (spot,) = qr_spots(found)
    inner = code.shape[0] - 2 * 4 * 5  # without the quiet zone
    assert sides(spot) == pytest.approx((inner, inner), abs=12)
    assert within((640, 250 + code.shape[0] / 2), spot, 0.5)


def test_two_qr_codes_are_two_places() -> None:
    picture = on_grey((qr("one"), 100, 100), (qr("two", 7), 800, 300))
    spots = qr_spots(eyes(picture))
    assert sorted(round(centre(s)[0], -2) for s in spots) == [200, 900]


def test_noise_and_writing_have_no_squares(grain) -> None:
    picture = grain((720, 1280), 128, 40)
    assert qr_spots(eyes(picture)) == []
    cv2.putText(picture, "RETURNS 80% OFF", (60, 400), cv2.FONT_HERSHEY_SIMPLEX, 4, 0, 12)
    assert qr_spots(eyes(picture)) == []


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 160])
def test_bars_are_found_and_straightened_at_every_lean(degrees) -> None:
    code = bars("TB0012345675", BarcodeFormat.Code128)
    picture = turned(on_grey((code, 400, 260)), degrees)
    middle = (400 + code.shape[1] / 2 - 640, 260 + code.shape[0] / 2 - 360)
    angle = np.deg2rad(-degrees)
    there = (
        640 + middle[0] * np.cos(angle) - middle[1] * np.sin(angle),
        360 + middle[0] * np.sin(angle) + middle[1] * np.cos(angle),
    )
    spot = bar_spots(picture)[0]
    assert within(there, spot)
    upright = straight(picture, spot)
    assert upright is not None
    length, thickness = sides(upright)
    assert length > 1.5 * thickness
    assert overlap(upright, spot) > 0.6


def test_a_plain_picture_has_no_bars() -> None:
    assert bar_spots(on_grey()) == []


def test_bars_are_whole_when_light_follows_on_either_end() -> None:
    """Half of the bars look like a code of their own, but the bars go on beside them."""
    code = bars("0829220875", BarcodeFormat.ITF)
    dark = np.nonzero(code[100] < 128)[0]
    left, right, modules = float(dark[0]), float(dark[-1] + 1), 8.0 * 10 + 8.5
    assert whole(code, ((left, 50), (right, 50), (right, 110), (left, 110)), modules)
    middle = (left + right) / 2
    assert not whole(code, ((left, 50), (middle, 50), (middle, 110), (left, 110)), modules / 2)
    cut = np.ascontiguousarray(code[:, : int(middle)])
    assert not whole(cut, ((left, 50), (middle, 50), (middle, 110), (left, 110)), modules / 2)
