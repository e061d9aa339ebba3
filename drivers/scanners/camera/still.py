"""From a camera's frame to a photograph that may be kept. Pure.

The middle of the frame, as a square: it is what the screen shows, so that nobody beside the goods
is kept. JPEG as OpenCV writes it (JFIF) holds no EXIF: no place, no time, no make.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from drivers.scanners.pictures import Picture
from kiosk.ports import Photo

LONGEST: Final = 1600  # pixels of a side
MOST_BYTES: Final = 400_000
_PREVIEW: Final = 640
_PREVIEW_QUALITY: Final = 80
_QUALITIES: Final = (90, 82, 74, 66, 56, 46)
_SHRINK: Final = 0.7  # where not even the poorest quality is small enough: noise, mostly


def photo_of(frame: Picture) -> Photo:
    """The photograph; at most LONGEST pixels a side and MOST_BYTES bytes."""
    picture = _fit(_middle(frame), LONGEST)
    while True:
        for quality in _QUALITIES:
            jpeg = _jpeg(picture, quality)
            if len(jpeg) <= MOST_BYTES:
                height, width = picture.shape[:2]
                return Photo(jpeg, width, height, _jpeg(_fit(picture, _PREVIEW), _PREVIEW_QUALITY))
        picture = _fit(picture, max(1, int(max(picture.shape[:2]) * _SHRINK)))


def _middle(frame: Picture) -> Picture:
    height, width = frame.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return frame[top : top + side, left : left + side]


def _fit(picture: Picture, longest: int) -> Picture:
    shrink = longest / max(picture.shape[:2])
    if shrink >= 1:
        return picture
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _jpeg(picture: Picture, quality: int) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()
