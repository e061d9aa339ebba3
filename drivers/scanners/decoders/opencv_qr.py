"""OpenCV's QR decoder: where two others fail it now and then succeeds on a flattened code."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from drivers.scanners.decoders.quads import Quad, quad_of_points
from drivers.scanners.decoders.reads import Read
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture
from drivers.scanners.texts import text_of
from kiosk.ports import Symbology


def read(picture: Picture, formats: Sequence[Format]) -> list[Read]:
    """The one QR code of a grey picture. It tells neither FNC1 nor a character set, so that codes
    with either are left to others: only plain ASCII is handed on."""
    if not any(row.symbology is Symbology.QR for row in formats):
        return []
    try:
        raw, corners, _ = cv2.QRCodeDetector().detectAndDecodeBytes(picture)
    except cv2.error:  # it trips over some shapes; then it has not read them
        return []
    if not raw or not bytes(raw).isascii():
        return []
    return [
        Read(
            Symbology.QR,
            "]Q1",
            text_of(bytes(raw)),
            bytes(raw),
            quad_of_points(np.asarray(corners, np.float64)),
        )
    ]


def spots(picture: Picture) -> list[Quad]:
    """Where OpenCV sees QR codes, read or not."""
    try:
        found, corners = cv2.QRCodeDetector().detectMulti(picture)
    except cv2.error:
        return []
    if not found:
        return []
    return [quad_of_points(np.asarray(one, np.float64)) for one in corners]
