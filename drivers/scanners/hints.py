"""What to tell a person whose code is plainly in view and cannot be read."""

from __future__ import annotations

import cv2
import numpy as np
import zxingcpp

from drivers.scanners.formats import rows, zxing_formats
from drivers.scanners.reads import box
from drivers.scanners.rungs import Picture, quad_of
from kiosk.ports import HintKind, Symbology

_EVERY_S = 0.4  # finding a pattern costs several times a look for codes, so rarely
_SURE_AFTER = 3  # patterns seen in a row before anybody is spoken to
_LOST_AFTER_S = 1.5
_TYPE_AFTER_S = 3.0
_SMALL, _LARGE = 0.18, 0.92  # of the picture's height
_DIM = 48  # mean brightness out of 255

_QR = zxing_formats(rows([Symbology.QR]))

Box = tuple[float, float, float, float]


class Hinter:
    """Looks for a code's outline where no code was read. One thread."""

    def __init__(self) -> None:
        self._qr = cv2.QRCodeDetector()
        self._bars = cv2.barcode.BarcodeDetector()
        self._linear = True
        self.forget()

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        self._linear = any(row.linear for row in rows(symbologies))

    def forget(self) -> None:
        """A code was read, or the scene was left: begin anew."""
        self._looked_at = self._seen_at = self._since = float("-inf")
        self._count = 0

    def look(self, grey: Picture, at: float) -> HintKind | None:
        """A hint when there is one to give, at most every 0.4 s. `grey` held no readable code."""
        if at - self._looked_at < _EVERY_S:
            return None
        self._looked_at = at
        small = np.asarray(
            cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
        )
        pattern = self._pattern(grey, small)
        if pattern is None:
            if at - self._seen_at > _LOST_AFTER_S:
                self.forget()
                self._looked_at = at
            return None
        if self._count == 0:
            self._since = at
        self._count += 1
        self._seen_at = at
        if self._count < _SURE_AFTER:
            return None
        return (
            HintKind.TYPE_INSTEAD if at - self._since >= _TYPE_AFTER_S else advice(small, pattern)
        )

    def _pattern(self, grey: Picture, small: Picture) -> Box | None:
        """Where a code seems to be, in pixels of `small`. First what zxing-cpp finds and cannot
        make sense of, which is sharp but small or damaged; then OpenCV's detectors on half the
        size, which at full size cost more than everything else together."""
        broken = zxingcpp.read_barcodes(grey, formats=_QR, return_errors=True)
        if broken:
            left, top, right, bottom = (edge / 2 for edge in box(quad_of(broken[0].position)))
            return left, top, right, bottom
        found, corners = self._qr.detect(small)
        if not found and self._linear:
            found, corners = self._bars.detect(small)
        if not found or corners is None:
            return None
        a, b, c, d = np.asarray(corners, np.float64).reshape(-1, 2)[:4]
        outline = box(((a[0], a[1]), (b[0], b[1]), (c[0], c[1]), (d[0], d[1])))
        within = outline[2] - outline[0] >= 12 and outline[3] - outline[1] >= 12
        return outline if within else None


def advice(grey: Picture, pattern: Box) -> HintKind:
    """What would help with a pattern in this place; corners in pixels of `grey`."""
    height, width = grey.shape
    left, top, right, bottom = pattern
    side = max(right - left, bottom - top) / height
    cut_off = left <= 1 or top <= 1 or right >= width - 2 or bottom >= height - 2
    if side > _LARGE or (cut_off and side > 0.5):
        return HintKind.FURTHER
    if side < _SMALL:
        return HintKind.CLOSER
    inside = grey[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
    if inside.size and float(inside.mean()) < _DIM:
        return HintKind.BRIGHTER
    return HintKind.HOLD_STILL
