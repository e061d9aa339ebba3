"""The thin call of zbar gives what pyzbar keeps to itself."""

from __future__ import annotations

import numpy as np
import segno

from drivers.scanners import zbar
from drivers.scanners.formats import EVERYDAY, rows
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
        ("00012345678905", Symbology.ITF, "]I0"),
    ):
        reads = zbar.read(picture(data, symbology), rows([symbology]))
        assert [(r.symbology, r.aim, r.text) for r in reads] == [(symbology, aim, data)]


def test_nothing_is_looked_for_that_was_not_named() -> None:
    assert zbar.read(picture("hello", Symbology.QR), rows([Symbology.CODE_128])) == []
    assert zbar.read(picture("hello", Symbology.QR), rows([Symbology.DATA_MATRIX])) == []
