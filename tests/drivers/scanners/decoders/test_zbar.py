"""The thin call of zbar gives what pyzbar keeps to itself."""

from __future__ import annotations

import numpy as np
import pytest
import segno
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders import opencv_qr, zbar, zxing
from drivers.scanners.formats import EVERYDAY, rows
from drivers.scanners.texts import text_of
from drivers.virtual import held
from kiosk.ports import Symbology

ALL = rows(EVERYDAY)


def picture(data: str, symbology: Symbology) -> np.ndarray:
    return np.asarray(held.code_picture(data, symbology).convert("L"))


def test_bytes_are_not_turned_into_some_character_set() -> None:
    data = b"\x00\xff\xfe\x80abc"
    modules = np.array(list(segno.make_qr(data).matrix_iter(scale=4, border=4)), np.uint8)
    (read,) = zbar.read(np.where(modules, 0, 255).astype(np.uint8), ALL)
    assert (read.raw, read.aim) == (data, "]Q1")


def test_families_carry_their_identifier() -> None:
    for data, symbology, aim in (
        ("TB0012345675", Symbology.CODE_128, "]C0"),
        ("4006381333931", Symbology.EAN_13, "]E0"),
        ("96385074", Symbology.EAN_8, "]E4"),
        ("00012345678905", Symbology.ITF, "]I1"),
        ("00012345678906", Symbology.ITF, "]I0"),
    ):
        reads = zbar.read(picture(data, symbology), rows([symbology]))
        assert [(r.symbology, r.aim, r.text) for r in reads] == [(symbology, aim, data)]


def test_nothing_is_looked_for_that_was_not_named() -> None:
    assert zbar.read(picture("hello", Symbology.QR), rows([Symbology.CODE_128])) == []
    assert zbar.read(picture("hello", Symbology.QR), rows([Symbology.DATA_MATRIX])) == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Gr\u00fc\u00dfe", "utf-8"),
        ("Gr\u00fc\u00dfe aus K\u00f6ln", "latin-1"),
        ("\u8fd4\u54c1\u3067\u3059", "shift_jis"),
        ("plain", "ascii"),
    ],
)
def test_bytes_become_the_text_that_was_meant(text: str, encoding: str) -> None:
    assert text_of(text.encode(encoding)) == text


@pytest.mark.parametrize("name", [BarcodeFormat.Code128, BarcodeFormat.QRCode])
def test_gs1_data_are_the_same_from_both_decoders(name: BarcodeFormat) -> None:
    content = "(01)04006381333931(10)AB12(21)X9"
    image = np.array(
        zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(content, name, gs1=True), scale=4)
    )
    grey = np.pad(image, 30, constant_values=255)
    (one,), (other,) = zbar.read(grey, ALL), zxing.read(grey, ALL)
    assert (one.aim, one.raw, one.text) == (other.aim, other.raw, other.text)
    assert one.aim in ("]C1", "]Q3")
    assert opencv_qr.read(grey, ALL) == []  # it cannot tell, so it must not say
