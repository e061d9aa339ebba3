"""A still picture is looked at until what is visibly a code is read, or cannot be."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders import decode_image, opencv_qr, views
from drivers.scanners.decoders.rungs import LADDER
from drivers.scanners.formats import FORMATS, rows
from kiosk.ports import Symbology

QR_ONLY = frozenset({Symbology.QR})


def qr(text: str | bytes, scale: int = 5, **options: object) -> np.ndarray:
    symbol = segno.make_qr(text, **options)
    matrix = np.array(list(symbol.matrix_iter(scale=scale, border=4)), np.uint8)
    return np.where(matrix, 20, 240).astype(np.uint8)


def code(text: str, name: BarcodeFormat, scale: int = 4) -> np.ndarray:
    barcode = zxingcpp.create_barcode(text, name)
    image = np.array(zxingcpp.write_barcode_to_image(barcode, scale=scale))
    return np.pad(image, 40, constant_values=255)


def put(picture: np.ndarray, thing: np.ndarray, left: int, top: int) -> None:
    picture[top : top + thing.shape[0], left : left + thing.shape[1]] = thing


@pytest.mark.parametrize(
    ("name", "text", "symbology"),
    [
        (BarcodeFormat.MicroQRCode, "12345", Symbology.MICRO_QR),
        (BarcodeFormat.RMQRCode, "hello", Symbology.RMQR),
        (BarcodeFormat.MaxiCode, "hello there", Symbology.MAXICODE),
        (BarcodeFormat.MicroPDF417, "hello there", Symbology.MICRO_PDF417),
        (BarcodeFormat.Codabar, "A123456A", Symbology.CODABAR),
        (BarcodeFormat.Code93, "HELLO93", Symbology.CODE_93),
        (BarcodeFormat.DataBarOmni, "0100012345678905", Symbology.DATABAR),
        (BarcodeFormat.DataBarLtd, "0101234567890128", Symbology.DATABAR),
        (BarcodeFormat.ITF, "0829220875", Symbology.ITF),
        (BarcodeFormat.Telepen, "HELLO", Symbology.TELEPEN),
    ],
)
def test_the_rarer_families_are_read_without_being_asked_for(name, text, symbology) -> None:
    assert [(r.symbology, r.text) for r in decode_image(code(text, name))] == [(symbology, text)]


def test_a_upc_e_code_comes_as_the_number_it_stands_for() -> None:
    (read,) = decode_image(code("01234565", BarcodeFormat.UPCE))
    assert (read.symbology, read.text) == (Symbology.UPC_E, "0012345000065")


def test_a_code_that_is_spoilt_is_looked_for_beside_one_that_is_fine() -> None:
    """The clean code alone would end the search."""
    spoilt = qr("the other one", 6, error="h")
    spoilt = cv2.GaussianBlur(spoilt, (0, 0), 3.2)
    picture = np.full((720, 1280), 200, np.uint8)
    put(picture, qr("the clean one"), 80, 80)
    put(picture, spoilt, 700, 300)
    assert {r.text for r in decode_image(picture, QR_ONLY)} == {"the clean one", "the other one"}


def test_a_code_within_a_code_is_read_too() -> None:
    outer = qr("outer " * 8, 10, error="h")
    inner = qr("in", 3)
    at = (outer.shape[0] - inner.shape[0]) // 2
    put(outer, inner, at, at)
    assert "in" in {r.text for r in decode_image(outer, QR_ONLY)}


def test_a_piece_of_a_longer_itf_code_is_not_a_code(grain) -> None:
    """Tilted so far that only some bars lie within the rows that a decoder looks along."""
    whole = code("12345678901234567890123456", BarcodeFormat.ITF)
    height, width = whole.shape
    for degrees in (20, 32, 41, 50):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        picture = cv2.warpAffine(whole, turn, (width, height), borderValue=255)
        texts = {r.text for r in decode_image(np.asarray(picture, np.uint8))}
        assert texts <= {"12345678901234567890123456"}


def test_a_tiny_code_in_a_huge_photograph_is_read() -> None:
    picture = np.full((3000, 4000), 170, np.uint8)
    put(picture, qr("tiny", 3), 3500, 2500)
    (read,) = decode_image(picture, QR_ONLY)
    assert read.text == "tiny"
    assert np.allclose(np.mean(read.quad, axis=0), (3544, 2544), atol=6)


def test_corners_found_in_a_place_are_those_of_the_picture() -> None:
    blurred = cv2.GaussianBlur(qr("blurred", 6, error="h"), (0, 0), 3.4)
    picture = np.full((720, 1280), 200, np.uint8)
    put(picture, blurred, 700, 300)
    (read,) = decode_image(picture, QR_ONLY)
    middle = (700 + blurred.shape[1] / 2, 300 + blurred.shape[0] / 2)
    assert np.allclose(np.mean(read.quad, axis=0), middle, atol=8)


def test_quality_tells_how_hard_a_read_was() -> None:
    clean, blurred = qr("code", 6), cv2.GaussianBlur(qr("code", 6, error="h"), (0, 0), 3.4)
    (easy,) = decode_image(clean, QR_ONLY)
    (hard,) = decode_image(np.asarray(blurred, np.uint8), QR_ONLY)
    assert easy.quality == 1.0
    assert 0 < hard.quality < 1.0


@pytest.mark.parametrize(
    ("text", "encoding", "raw"),
    [
        ("Grüße", "utf-8", "Grüße".encode()),
        ("Grüße", "iso-8859-1", "Grüße".encode("iso-8859-1")),
        ("返品です", "shift_jis", "返品です".encode("shift_jis")),
    ],
)
def test_text_is_as_people_wrote_it_and_raw_as_the_symbol_has_it(text, encoding, raw) -> None:
    (read,) = decode_image(qr(text, encoding=encoding, eci=encoding != "shift_jis"), QR_ONLY)
    assert read.text == text
    assert read.raw == raw


def test_every_rung_maps_its_corners_back() -> None:
    """A small code and a plate, by each rung that can read them at all."""
    picture = np.full((480, 640), 200, np.uint8)
    put(picture, qr("here", 5), 380, 180)
    formats = rows(QR_ONLY)
    middle = (380 + qr("here", 5).shape[1] / 2, 180 + qr("here", 5).shape[0] / 2)
    seen = {rung.name: rung.climb(picture, formats) for rung in LADDER}
    assert {"bare", "half", "double", "zbar", "zbar half"} <= {n for n, r in seen.items() if r}
    for reads in seen.values():
        for read in reads:
            assert np.allclose(np.mean(read.quad, axis=0), middle, atol=8)


def test_opencv_reads_plain_codes_and_leaves_the_others() -> None:
    (read,) = opencv_qr.read(qr("plain"), FORMATS)
    assert (read.text, read.raw, read.aim) == ("plain", b"plain", "]Q1")
    assert opencv_qr.read(qr(b"\xff\x00\x80"), FORMATS) == []
    assert opencv_qr.read(np.full((100, 100), 255, np.uint8), FORMATS) == []
    assert opencv_qr.read(qr("plain"), rows({Symbology.CODE_128})) == []


def test_a_view_that_would_cost_seconds_is_left_out() -> None:
    assert views.scaled(2.0)(np.zeros((3000, 4000), np.uint8)) is None
    assert views.scaled(0.5)(np.zeros((10, 400), np.uint8)) is None


@pytest.mark.parametrize("corner", ["top left", "top right", "bottom left"])
@pytest.mark.parametrize("light_on_dark", [False, True])
def test_a_square_under_a_thumb_is_painted_in(corner, light_on_dark) -> None:
    """No decoder finds a code without its three squares, whatever its error correction can do."""
    whole = qr("a code under a thumb, long enough to be a return", 6, error="q")
    covered = 4 * 6 + 8 * 6 + 4
    top, left = corner.split()
    rows_ = slice(None, covered) if top == "top" else slice(-covered, None)
    columns = slice(None, covered) if left == "left" else slice(-covered, None)
    whole[rows_, columns] = 110
    picture = np.full((720, 1280), 190, np.uint8)
    put(picture, whole, 500, 200)
    picture = 255 - picture if light_on_dark else picture
    turn = cv2.getRotationMatrix2D((640, 360), 11, 1.0)
    picture = np.asarray(cv2.warpAffine(picture, turn, (1280, 720), borderValue=150), np.uint8)
    assert [r.text for r in decode_image(picture, QR_ONLY)] == [
        "a code under a thumb, long enough to be a return"
    ]
