"""What the cascade reads, and what it must not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import segno

from drivers.scanners.decoders import Decoder, decode_image
from drivers.scanners.formats import BY_SYMBOLOGY, EVERYDAY
from drivers.scanners.pictures import grey_of
from drivers.virtual import held
from kiosk.ports import Symbology

QR_ONLY = frozenset({Symbology.QR})
BAG = frozenset({Symbology.QR, Symbology.CODE_128})


@pytest.mark.parametrize("size", [0.95, 0.6, 0.5])
@pytest.mark.parametrize("tilt", [0, 8, -30, 90, 180])
def test_a_phone_is_read_at_every_lean_near_and_far(scene, return_text, size, tilt) -> None:
    picture = scene(held.phone(return_text, ["Your return"]), size, tilt)
    assert [read.text for read in decode_image(picture, QR_ONLY)] == [return_text]


@pytest.mark.parametrize(
    "look",
    [{"dark": True}, {"cracked": True}, {"brightness": 0.35}, {"dark": True, "brightness": 0.5}],
)
def test_a_dark_dim_or_cracked_phone_is_read(scene, return_text, look) -> None:
    picture = scene(held.phone(return_text, ["Your return"], **look), 0.9, 5)
    assert [read.text for read in decode_image(picture, QR_ONLY)] == [return_text]


def test_paper_is_read_through_the_noise_of_a_dark_room(scene, grain, return_text) -> None:
    lit = scene(held.label(return_text, ["Return"])).astype(np.float64) * 0.25
    noisy = np.clip(lit + grain(lit.shape, 10, 6).astype(np.float64) - 10, 0, 255).astype(np.uint8)
    assert [read.text for read in decode_image(noisy, QR_ONLY)] == [return_text]


@pytest.mark.parametrize("tilt", [0, 12, 45, -22, 68, 90])
def test_a_bag_is_read_however_it_is_turned(scene, tilt) -> None:
    picture = scene(held.bag("TB0012345675", "TB0012345675"), 0.95, tilt)
    (read,) = decode_image(picture, BAG)
    assert (read.symbology, read.aim, read.raw) == (Symbology.CODE_128, "]C0", b"TB0012345675")


@pytest.mark.parametrize(
    ("symbology", "data"),
    [
        (Symbology.QR, "hello"),
        (Symbology.DATA_MATRIX, "hello"),
        (Symbology.AZTEC, "hello"),
        (Symbology.PDF417, "hello there"),
        (Symbology.CODE_128, "TB0012345675"),
        (Symbology.CODE_39, "TB00123456"),
        (Symbology.ITF, "00012345678905"),
        (Symbology.EAN_13, "4006381333931"),
        (Symbology.EAN_8, "96385074"),
    ],
)
def test_every_family_of_the_table_is_read_with_its_identifier(symbology, data) -> None:
    picture = np.asarray(held.code_picture(data, symbology))
    (read,) = decode_image(picture)
    assert (read.symbology, read.text, read.raw) == (symbology, data, data.encode())
    assert read.aim[:2] == BY_SYMBOLOGY[symbology].identifier[:2]


def test_only_what_is_expected_is_read(scene) -> None:
    picture = scene(held.bag("TB0012345675"))
    assert decode_image(picture, QR_ONLY) == []
    assert decode_image(picture, frozenset()) == []


@pytest.mark.parametrize(
    "foreign",
    [
        "https://example.com/a?b=c",
        "WIFI:T:WPA;S:shop;P:secret;;",
        "BEGIN:VCARD\nN:Doe;Jane\nEND:VCARD",
        b"\x00\xff\xfe\x80 not text",
        "返品コード",
    ],
)
def test_foreign_codes_come_through_byte_for_byte(foreign) -> None:
    """What is foreign is the core's to say; the driver hands over exactly what was printed."""
    symbol = segno.make_qr(foreign, encoding=None if isinstance(foreign, bytes) else "utf-8")
    (read,) = decode_image(np.array(symbol_picture(symbol)), QR_ONLY)
    assert read.raw == (foreign if isinstance(foreign, bytes) else foreign.encode())


def test_the_largest_qr_code_full_of_junk_is_read_whole(grain) -> None:
    junk = grain((2953,), 128, 70).tobytes()
    symbol = segno.make_qr(junk, error="l", version=40)
    (read,) = decode_image(symbol_picture(symbol), QR_ONLY)
    assert read.raw == junk


def symbol_picture(symbol) -> np.ndarray:
    """Dark modules on light, four pixels each, with the quiet zone."""
    rows = np.array([list(row) for row in symbol.matrix_iter(scale=4, border=4)], np.uint8)
    return np.where(rows, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_nothing_is_read_in_noise(grain, level) -> None:
    assert decode_image(grain((360, 640), level, 40)) == []


def test_nothing_is_read_in_an_empty_picture() -> None:
    assert decode_image(np.zeros((0, 0), np.uint8)) == []
    assert decode_image(np.zeros((1, 1, 3), np.uint8)) == []
    assert decode_image(np.full((720, 1280), 255, np.uint8)) == []


def test_corners_are_given_in_the_pixels_of_the_picture(scene) -> None:
    """Whatever rung reads it: the turned and the halved picture are mapped back."""
    upright = np.asarray(scene(held.label("hello", []), 0.8, 0))
    (straight,) = decode_image(upright, QR_ONLY)
    (bag,) = decode_image(scene(held.bag("TB0012345675"), 0.95, 45), BAG)
    assert np.allclose(np.mean(straight.quad, axis=0), (640, 286), atol=12)
    assert np.allclose(np.mean(bag.quad, axis=0), (617, 337), atol=40)


def test_grey_and_colour_pictures_are_alike(scene, return_text) -> None:
    colour = scene(held.label(return_text))
    grey = cv2.cvtColor(colour, cv2.COLOR_BGR2GRAY)
    bgra = cv2.cvtColor(colour, cv2.COLOR_BGR2BGRA)
    texts = [[r.text for r in decode_image(p, QR_ONLY)] for p in (colour, grey, bgra)]
    assert texts == [[return_text]] * 3


def test_live_a_qr_code_counts_in_its_first_frame_and_a_plate_in_its_second(scene, time) -> None:
    decoder = Decoder(BAG, time)
    phone = grey_of(scene(held.phone("RK1:ABC")))
    plate = grey_of(scene(held.bag("TB0012345675")))
    assert [r.text for r in decoder.look(phone, 1.0)] == ["RK1:ABC"]
    assert decoder.look(plate, 1.1) == []
    assert decoder.waiting
    assert [r.text for r in decoder.look(plate, 1.2)] == ["TB0012345675"]


class Slow:
    """A clock by which every look takes longer than a frame may."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


def test_live_every_rung_gets_its_turn(scene) -> None:
    """A plate at 45 degrees is read by one or two rungs alone: each round brings them again."""
    decoder = Decoder(BAG, Slow(), budget_ms=2500)
    leaning = grey_of(scene(held.bag("TB0012345675"), 0.95, 45))
    found = [decoder.look(leaning, frame * 0.05) for frame in range(24)]
    assert {r.text for reads in found for r in reads} == {"TB0012345675"}


def test_a_poster_that_is_known_does_not_hide_what_is_held_up(scene, time) -> None:
    decoder = Decoder(BAG, time)
    left, right = scene(held.label("poster"), 0.5), scene(held.bag("TB0012345675"), 0.9)
    both = grey_of(np.hstack([left[:, 400:880], right[:, 240:1040]]))
    (poster,) = decoder.look(both, 1.0)
    known = frozenset({poster.key})
    seen = [r.text for frame in range(3) for r in decoder.look(both, 1.1 + frame / 10, known)]
    assert "TB0012345675" in seen


def test_a_slow_machine_tries_every_rung_all_the_same(scene) -> None:
    decoder = Decoder(frozenset(EVERYDAY), Slow(), budget_ms=1500)
    plate = grey_of(scene(held.bag("TB0012345675")))
    seen = [r.text for frame in range(8) for r in decoder.look(plate, frame / 20)]
    assert "TB0012345675" in seen


def test_the_glance_at_a_resting_scene_still_reads_a_phone(scene, time, return_text) -> None:
    decoder = Decoder(BAG, time)
    assert [r.text for r in decoder.glance(grey_of(scene(held.phone(return_text))), 1.0)] == [
        return_text
    ]


def test_expecting_something_else_forgets_half_proven_reads(scene, time) -> None:
    decoder = Decoder(BAG, time)
    plate = grey_of(scene(held.bag("TB0012345675")))
    decoder.look(plate, 1.0)
    decoder.expect(QR_ONLY)
    assert not decoder.waiting
    assert decoder.look(plate, 1.1) == []
    decoder.expect(frozenset())
    assert decoder.look(plate, 1.2) == []
    assert decoder.glance(plate, 1.3) == []
