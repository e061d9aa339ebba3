"""From pictures to codes: the way in for everybody who has a picture or a camera."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.formats import EVERYDAY, rows
from drivers.scanners.live import Decoder
from drivers.scanners.quads import Picture
from drivers.scanners.reads import Read
from drivers.scanners.stills import Still
from kiosk.ports import Symbology

__all__ = ["Decoder", "decode_image", "grey_of"]


def grey_of(picture: NDArray[np.uint8]) -> Picture:
    """Rows x columns of brightness from a grey, BGR or BGRA picture, in one piece of memory."""
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    code = cv2.COLOR_BGRA2GRAY if picture.shape[2] == 4 else cv2.COLOR_BGR2GRAY
    return np.asarray(cv2.cvtColor(picture, code), np.uint8)


def decode_image(
    picture: NDArray[np.uint8], expected: Iterable[Symbology] = EVERYDAY
) -> list[Read]:
    """Every code that a still picture proves, with as many looks as it takes.

    `picture` is grey, BGR or BGRA. Without `expected` every family of the table is looked for.
    """
    wanted = rows(expected)
    if not wanted or max(picture.shape[:2]) < 8 or min(picture.shape[:2]) < 1:
        return []
    return Still(grey_of(picture), wanted).climb()
