"""The bars of a retail code must really say what was read from them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders import zbar
from drivers.scanners.decoders.quads import Quad
from drivers.scanners.decoders.retail import contradicted, drawn
from drivers.scanners.formats import FORMATS

# The number in a blurred photograph, and what zbar makes of it: both have a right check digit.
RIGHT, WRONG = "0023942431015", "9074932437075"


def printed(number: str, blur: float = 0.0) -> np.ndarray:
    barcode = zxingcpp.create_barcode(number, BarcodeFormat.EAN13)
    image = np.array(zxingcpp.write_barcode_to_image(barcode, scale=3))
    row = image[image.shape[0] // 3][np.newaxis]
    grey = np.pad(np.repeat(row, 90, axis=0), 40, constant_values=255)
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), blur) if blur else grey, np.uint8)


def around(grey: np.ndarray) -> Quad:
    left, right = np.nonzero(grey[80] < 128)[0][[0, -1]]
    return (left, 60.0), (right, 60.0), (right, 110.0), (left, 110.0)


@pytest.mark.parametrize("number", ["4006381333931", "0012345678905", "9780201310054", RIGHT])
def test_bars_are_drawn_as_they_are_printed(number: str) -> None:
    grey = printed(number)
    dark = np.nonzero(grey[80] < 128)[0]
    row = grey[80, dark[0] : dark[-1] + 1 : 3] < 128
    assert row.tolist() == drawn(number).astype(bool).tolist()


@pytest.mark.parametrize("blur", [0.0, 2.0, 3.5])
def test_a_right_number_fits_its_bars_and_a_wrong_one_does_not(blur: float) -> None:
    grey = printed(RIGHT, blur)
    assert not contradicted(grey, around(printed(RIGHT)), RIGHT)
    assert contradicted(grey, around(printed(RIGHT)), WRONG)


def test_where_no_bars_are_seen_nothing_is_contradicted() -> None:
    plain = np.full((200, 400), 200, np.uint8)
    quad = ((50.0, 50.0), (350.0, 50.0), (350.0, 120.0), (50.0, 120.0))
    assert not contradicted(plain, quad, RIGHT)
    assert not contradicted(printed(RIGHT), quad, "no number")


def test_zbar_still_reads_what_its_bars_say() -> None:
    for number in ("4006381333931", RIGHT):
        (read,) = zbar.read(printed(number, 1.5), FORMATS)
        assert read.text == number
