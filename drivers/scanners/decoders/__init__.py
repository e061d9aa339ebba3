"""From pictures to codes: the way in for everybody who has a picture or a camera."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from drivers.scanners.decoders.live import Decoder
from drivers.scanners.decoders.reads import Read
from drivers.scanners.decoders.stills import Still
from drivers.scanners.formats import EVERYDAY, rows
from drivers.scanners.pictures import grey_of
from kiosk.ports import Symbology

__all__ = ["Decoder", "decode_image"]


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
