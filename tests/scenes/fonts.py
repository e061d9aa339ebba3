"""The fonts that the project's setup installs, and one that Pillow brings where they are not."""

from __future__ import annotations

from functools import lru_cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
_PLACES = (
    "Inter-{}.otf",
    "/usr/share/fonts/opentype/inter/Inter-{}.otf",
    "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf",
    "DejaVuSans.ttf",
)


@lru_cache(maxsize=64)
def _font(size: int, weight: str) -> Font:
    for place in _PLACES:
        try:
            return ImageFont.truetype(place.format(weight), size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def font(size: float, weight: str = "Regular") -> Font:
    """Inter in this many pixels, or the next best."""
    return _font(max(6, round(size)), weight)
