"""The decoders that stand beside each other, all given the same grey picture.

The three single ones run as their makers ship them: zxing-cpp with its defaults, pyzbar with its
defaults, OpenCV's QR detector and its barcode detector. JOINED is what all three return together,
and the time of all three.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from drivers.scanners.decoders import decode_image
from drivers.scanners.formats import BY_ZBAR, EVERYDAY
from kiosk.domain.codes import parse
from kiosk.domain.codes.model import Unreadable
from kiosk.ports import Symbology

Grey = NDArray[np.uint8]
CASCADE, ZXING, ZBAR, OPENCV, JOINED = "cascade", "zxing-cpp", "pyzbar", "OpenCV", "joined"
NAMES = (CASCADE, ZXING, ZBAR, OPENCV, JOINED)
_OPENCV_AIM = {"EAN_13": "]E0", "EAN_8": "]E4", "UPC_A": "]E0", "UPC_E": "]E0"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a decoder says stands in a picture. `text` and `raw` are its two ways to say it."""

    text: str
    raw: bytes
    aim: str

    @property
    def routes(self) -> bool:
        """Would the kiosk act upon it?"""
        return not isinstance(parse(self.text, self.raw, self.aim), Unreadable)


@dataclass(frozen=True, slots=True)
class Answer:
    """All that one decoder says of a picture, and how long it took: milliseconds of
    processor time."""

    said: tuple[Said, ...]
    ms: float


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _cascade(grey: Grey, expected: frozenset[Symbology]) -> list[Said]:
    return [Said(read.text, read.raw, read.aim) for read in decode_image(grey, expected)]


def zxing(grey: Grey) -> list[Said]:
    """zxing-cpp as it comes."""
    found = zxingcpp.read_barcodes(grey)
    return [Said(code.text, code.bytes, code.symbology_identifier) for code in found]


def zbar(grey: Grey) -> list[Said]:
    """pyzbar as it comes."""
    said = []
    for code in pyzbar.decode(grey):
        row = BY_ZBAR.get(int(pyzbar.ZBarSymbol[code.type]))
        said.append(Said(_text(code.data), code.data, row.identifier if row else ""))
    return said


@lru_cache(maxsize=1)
def _detectors() -> tuple[Any, Any]:
    return cv2.QRCodeDetector(), cv2.barcode.BarcodeDetector()


def opencv(grey: Grey) -> list[Said]:
    """OpenCV's two detectors as they come. They give text only, and give up with an exception on
    some pictures, which counts as nothing read."""
    codes, bars = _detectors()
    said = []
    try:
        _, texts, _, _ = codes.detectAndDecodeMulti(grey)
        said += [Said(text, text.encode(), "]Q1") for text in texts if text]
    except (cv2.error, UnicodeDecodeError):
        pass
    try:
        _, texts, kinds, _ = bars.detectAndDecodeWithType(grey)
        said += [
            Said(text, text.encode(), _OPENCV_AIM.get(kind, ""))
            for text, kind in zip(texts, kinds, strict=False)
            if text
        ]
    except (cv2.error, UnicodeDecodeError):
        pass
    return said


def _timed(look: Callable[[], list[Said]]) -> Answer:
    """Processor time of the whole process, threads and all: other work on the machine does not
    count, and no decoder gains by spreading its work."""
    started = time.process_time()
    said = look()
    return Answer(tuple(said), (time.process_time() - started) * 1000)


def ask_all(grey: Grey, expected: frozenset[Symbology] = EVERYDAY) -> dict[str, Answer]:
    """Every decoder's answer to one picture. `expected` narrows the cascade alone."""
    answers = {
        CASCADE: _timed(lambda: _cascade(grey, expected)),
        ZXING: _timed(lambda: zxing(grey)),
        ZBAR: _timed(lambda: zbar(grey)),
        OPENCV: _timed(lambda: opencv(grey)),
    }
    three = [answers[name] for name in (ZXING, ZBAR, OPENCV)]
    together = {one for answer in three for one in answer.said}
    answers[JOINED] = Answer(tuple(together), sum(answer.ms for answer in three))
    return answers


def split(
    said: Iterable[Said], is_true: Callable[[Said], bool]
) -> tuple[list[Said], Sequence[Said]]:
    """What is true of it, and each wrong text once."""
    right, wrong = [], {}
    for one in said:
        if is_true(one):
            right.append(one)
        else:
            wrong[one.raw] = one
    return right, list(wrong.values())
