"""MaxiCodes as they lie on parcels: turned, leaning, beside other print."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders import Decoder, bullseyes, decode_image
from drivers.scanners.formats import rows
from kiosk.ports import Symbology

TEXT = "3 3 1 1 UPS GROUND 1Z12345675"
MAXICODE = rows({Symbology.MAXICODE})
LABEL = frozenset({Symbology.MAXICODE, Symbology.CODE_128, Symbology.DATA_MATRIX})
COLUMN = 7.0  # pixels


def _modules() -> np.ndarray:
    """Which of 33 x 30 hexagons an encoder makes dark; its cells are five by four a hexagon."""
    barcode = zxingcpp.create_barcode(TEXT, BarcodeFormat.MaxiCode)
    image = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    cells = np.array(image) < 128
    return np.array(
        [
            [cells[2 + 4 * r, min(148, 1 + 5 * c + (r % 2) * 2)] for c in range(30)]
            for r in range(33)
        ]
    )


def as_printed() -> np.ndarray:
    """A symbol in the standard's measures (ISO/IEC 16023): hexagons 0.88 mm wide, rings in mm."""
    page = np.full((700, 700), 245, np.uint8)
    middle = 350.0
    corners = np.deg2rad(np.arange(30, 390, 60))
    hexagon = np.stack([np.cos(corners), np.sin(corners)], 1) * COLUMN * 0.52
    for row, dark in enumerate(_modules()):
        for column in np.flatnonzero(dark):
            x, y = column + 0.5 * (row % 2) - 14, (row - 16) * 0.866
            if np.hypot(x, y) > 5.2 and not (row % 2 and column == 29):
                at = hexagon + np.array([x, y]) * COLUMN + middle
                cv2.fillConvexPoly(page, np.round(at).astype(np.int32), 20, cv2.LINE_AA)
    for radius, ink in ((3.87, 20), (3.20, 245), (2.53, 20), (1.86, 245), (1.18, 20), (0.51, 245)):
        size = round(radius / 0.88 * COLUMN * 16)
        cv2.circle(page, (350 * 16, 350 * 16), size, ink, -1, cv2.LINE_AA, 4)
    return page


def as_encoded() -> np.ndarray:
    barcode = zxingcpp.create_barcode(TEXT, BarcodeFormat.MaxiCode)
    return np.pad(
        np.array(zxingcpp.write_barcode_to_image(barcode, scale=2)), 150, constant_values=255
    )


def turned(picture: np.ndarray, degrees: float) -> np.ndarray:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), borderValue=245)


def leaning(picture: np.ndarray) -> np.ndarray:
    height, width = picture.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = np.array([(60, 30), (width - 20, 0), (width, height), (0, height - 60)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    return cv2.warpPerspective(picture, matrix, (width, height), borderValue=245)


@pytest.mark.parametrize("make", [as_printed, as_encoded])
@pytest.mark.parametrize("degrees", [0, 17, 90, 133, 180, 271])
def test_it_is_read_in_any_turn(make, degrees) -> None:
    (read,) = decode_image(turned(make(), degrees), LABEL)
    assert (read.symbology, read.text) == (Symbology.MAXICODE, TEXT)


@pytest.mark.parametrize("degrees", [10, 200])
def test_it_is_read_leaning_beside_other_print_and_in_uneven_light(degrees) -> None:
    page = leaning(turned(as_printed(), degrees))
    cv2.putText(page, "SHIP TO: 12 HIGH STREET", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 30, 3)
    cv2.rectangle(page, (10, 640), (690, 690), 20, -1)
    light = np.linspace(0.4, 1.0, page.shape[1])
    page = np.asarray(cv2.GaussianBlur(page * light, (0, 0), 1.2), np.uint8)
    (read,) = decode_image(page, {Symbology.MAXICODE})
    assert read.text == TEXT
    where = np.array(read.quad).mean(axis=0)
    assert np.hypot(*(where - (340, 322))) < 10  # where the lean has moved the middle to


def test_the_two_voices_are_two_looks() -> None:
    page = turned(as_printed(), 40)
    for voice in (bullseyes.read, bullseyes.read_soft):
        assert [read.text for read in voice(page, MAXICODE)] == [TEXT]


def test_a_camera_proves_it_within_a_second() -> None:
    decoder = Decoder(
        frozenset({Symbology.QR, Symbology.CODE_128, Symbology.MAXICODE}), lambda: 0.0
    )
    page = turned(as_printed(), 75)
    frames = [decoder.look(page, number / 15) for number in range(15)]
    assert any(read.text == TEXT for reads in frames for read in reads)


def test_rings_without_a_symbol_are_nothing() -> None:
    page = np.full((500, 500), 245, np.uint8)
    for radius in range(60, 0, -12):
        cv2.circle(page, (250, 250), radius, 20 if radius // 12 % 2 else 245, -1, cv2.LINE_AA)
    assert bullseyes.rings(page)
    assert bullseyes.read(page, MAXICODE) == []
    noise = np.random.default_rng(5).integers(0, 255, (500, 500)).astype(np.uint8)
    noise[190:310, 190:310] = page[190:310, 190:310]
    assert bullseyes.read(noise, MAXICODE) == []


def test_a_spoilt_symbol_says_nothing_rather_than_something_else() -> None:
    page = turned(as_printed(), 120)
    page[: page.shape[0] // 2 - 40] = 245  # the primary message and half the rest are gone
    assert decode_image(page, {Symbology.MAXICODE}) == []


def test_the_squares_of_a_qr_code_are_no_rings() -> None:
    barcode = zxingcpp.create_barcode("HELLO", BarcodeFormat.QRCodeModel2)
    assert bullseyes.rings(np.array(zxingcpp.write_barcode_to_image(barcode, scale=6))) == []


def test_who_asks_for_everything_gets_the_plain_look() -> None:
    """The search is for those who name the family among a few."""
    assert decode_image(turned(as_printed(), 40)) == []


def test_nobody_who_did_not_ask_gets_one() -> None:
    assert bullseyes.read(as_printed(), rows({Symbology.QR})) == []
