"""What every camera gives and every decoder takes: a picture."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Rows x columns of brightness, or rows x columns x 3 of blue, green and red; 0 to 255."""


def grey_of(picture: Picture) -> Picture:
    """Rows x columns of brightness from a grey, BGR or BGRA picture, in one piece of memory."""
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    code = cv2.COLOR_BGRA2GRAY if picture.shape[2] == 4 else cv2.COLOR_BGR2GRAY
    return np.asarray(cv2.cvtColor(picture, code), np.uint8)
