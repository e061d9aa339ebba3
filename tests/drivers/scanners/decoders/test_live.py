"""The live cascade: what a frame has no time for the next ones get."""

from __future__ import annotations

import cv2
import numpy as np
import segno
import zxingcpp
from zxingcpp import BarcodeFormat

from drivers.scanners.decoders import Decoder, zxing
from drivers.scanners.decoders.squares import Sighting
from drivers.scanners.formats import EVERYDAY, rows
from kiosk.ports import Symbology

QR_ONLY = frozenset({Symbology.QR})


def frame(thing: np.ndarray, left: int = 500, top: int = 200) -> np.ndarray:
    picture = np.full((720, 1280), 150, np.uint8)
    picture[top : top + thing.shape[0], left : left + thing.shape[1]] = thing
    return picture


def blurred_qr(text: str) -> np.ndarray:
    rows_ = np.array(list(segno.make_qr(text, error="h").matrix_iter(scale=6, border=4)), np.uint8)
    return np.asarray(
        cv2.GaussianBlur(np.where(rows_, 20, 240).astype(np.uint8), (0, 0), 3.4), np.uint8
    )


class Counting:
    """A clock on which every question takes 20 ms, so that a frame has time for few looks."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.02
        return self.now


def test_a_blurred_code_is_read_within_two_seconds() -> None:
    """The bare look never reads it; glimpses at the place and other rungs come in turn."""
    picture = frame(blurred_qr("held up"))
    assert zxing.read(picture, rows(QR_ONLY)) == []
    decoder = Decoder(QR_ONLY, Counting())
    seen = [r.text for number in range(30) for r in decoder.look(picture, number / 15)]
    assert "held up" in seen


def test_the_place_is_remembered_for_a_moment_and_then_forgotten() -> None:
    decoder = Decoder(QR_ONLY, Counting())
    empty = np.full((720, 1280), 150, np.uint8)
    decoder.look(frame(blurred_qr("held up")), 0.0)
    assert decoder._glimpses(Sighting(empty, rows(QR_ONLY)), 0.2) != ([], [])
    assert decoder._glimpses(Sighting(empty, rows(QR_ONLY)), 1.0) == ([], [])


def test_live_a_piece_of_a_longer_itf_code_never_counts() -> None:
    barcode = zxingcpp.create_barcode("12345678901234567890123456", BarcodeFormat.ITF)
    image = np.array(zxingcpp.write_barcode_to_image(barcode, scale=4))
    whole = np.pad(image, 60, constant_values=255)
    height, width = whole.shape
    decoder = Decoder(EVERYDAY, Counting())
    seen = set()
    for number in range(12):
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), 30 + number, 1.0)
        picture = cv2.warpAffine(whole, turn, (width, height), borderValue=255)
        grey = np.asarray(picture, np.uint8)
        seen |= {r.text for r in decoder.look(grey, number / 15)}
    assert seen <= {"12345678901234567890123456"}


def test_nothing_is_read_in_the_noise_of_many_frames(grain) -> None:
    decoder = Decoder(EVERYDAY, Counting())
    for number in range(10):
        picture = grain((360, 640), 110, 45, number)
        assert decoder.look(picture, number / 15) == []
        assert decoder.glance(picture, number / 15) == []


def test_where_people_only_pass_codes_are_found_by_turns() -> None:
    """Half of the looks go to the other families, which need two reads."""
    bars = np.array(
        zxingcpp.write_barcode_to_image(
            zxingcpp.create_barcode("TB0012345675", BarcodeFormat.Code128), scale=3
        )
    )
    rows_ = np.array(list(segno.make_qr("clean").matrix_iter(scale=6, border=4)), np.uint8)
    code = np.where(rows_, 20, 240).astype(np.uint8)
    for thing, text in ((code, "clean"), (np.pad(bars, 40, constant_values=255), "TB0012345675")):
        decoder = Decoder(QR_ONLY | {Symbology.CODE_128}, Counting())
        seen = [r.text for n in range(4) for r in decoder.skim(frame(thing), n / 5)]
        assert set(seen) == {text}


def test_a_code_that_does_not_read_is_a_clue_and_one_that_reads_is_none() -> None:
    decoder = Decoder(QR_ONLY, Counting())
    damaged = np.array(list(segno.make_qr("x" * 30).matrix_iter(scale=6, border=4)), np.uint8)
    damaged = np.where(damaged, 20, 240).astype(np.uint8)
    whole = damaged.copy()
    damaged[70:150, 80:170] = 128
    decoder.skim(frame(damaged), 0.0)
    assert decoder.clue is not None
    assert np.allclose(decoder.clue, np.array(damaged.shape[::-1]) / 2 + (500, 200), atol=12)
    decoder.skim(frame(whole), 0.2)
    assert decoder.clue is None
    decoder.skim(np.full((720, 1280), 150, np.uint8), 0.4)
    assert decoder.clue is None


def test_what_a_frame_was_searched_for_is_told() -> None:
    both = QR_ONLY | {Symbology.CODE_128}
    decoder, empty = Decoder(both, Counting()), np.full((720, 1280), 150, np.uint8)
    decoder.look(empty, 0.0)
    assert decoder.searched == both
    decoder.glance(empty, 0.1)
    assert decoder.searched == QR_ONLY
    turns = set()
    for number in range(2):
        decoder.skim(empty, 0.2 + number)
        turns.add(decoder.searched)
    assert turns == {QR_ONLY, both}


def test_only_brief_looks_cost_one_look() -> None:
    """Two frames are enough for the other families and for a harder look in turn."""
    decoder, clock = Decoder(QR_ONLY | {Symbology.CODE_128}, Counting()), []
    decoder._turns = lambda seen, at: iter([lambda: clock.append("hard") or []] * 3)
    for number in range(4):
        decoder.look(np.full((720, 1280), 150, np.uint8), number / 5, briefly=True)
    assert clock == ["hard", "hard"]
