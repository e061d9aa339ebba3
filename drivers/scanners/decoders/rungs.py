"""The ladder: each rung shows the whole picture to a decoder in another way.

A rung says what it is good for, so that a search for QR codes alone never pays for turning the
picture. The order is by what a rung added on photographs and simulated frames for its time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from drivers.scanners.decoders import bullseyes, views, zbar, zxing
from drivers.scanners.decoders.quads import HERE, Shown, moved
from drivers.scanners.decoders.reads import Read
from drivers.scanners.formats import FORMATS, Format
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

__all__ = ["BARE", "BULLSEYES", "GLOBAL", "HALF", "LADDER", "Good", "Picture", "Rung", "returned"]

Reader = Callable[[Picture, Sequence[Format]], list[Read]]


class Good(Enum):
    """What a rung is worth trying for."""

    BOTH = "both"
    MATRIX = "matrix"
    LINEAR = "linear"
    MAXICODE = "maxicode"


@dataclass(frozen=True, slots=True)
class Rung:
    name: str
    good: Good
    show: views.View
    read: Reader

    def suits(self, formats: Sequence[Format]) -> tuple[Format, ...]:
        """The formats of these that the rung helps with."""
        if self.good is Good.BOTH:
            return tuple(formats)
        if self.good is Good.MAXICODE:
            named = len(formats) < len(FORMATS)
            return tuple(r for r in formats if named and r.symbology is Symbology.MAXICODE)
        return tuple(row for row in formats if row.linear is (self.good is Good.LINEAR))

    def climb(self, grey: Picture, formats: Sequence[Format]) -> list[Read]:
        """The codes found this way, with corners in the original's pixels."""
        wanted = self.suits(formats)
        shown = self.show(grey) if wanted else None
        return returned(self.read(shown.picture, wanted), shown) if shown is not None else []


def returned(reads: Sequence[Read], shown: Shown) -> list[Read]:
    """Reads in a prepared picture, with corners in the original's pixels."""
    if shown.back is HERE:
        return list(reads)
    return [replace(read, quad=moved(read.quad, shown.back)) for read in reads]


BARE = Rung("bare", Good.BOTH, views.bare, zxing.read)
GLOBAL = Rung("global", Good.BOTH, views.bare, zxing.read_global)
HALF = Rung("half", Good.BOTH, views.scaled(0.5), zxing.read)

# For QR codes alone, which cost a tenth of all families together: two milliseconds each.
SWIFT: tuple[Rung, ...] = (
    GLOBAL,
    Rung("half fixed", Good.MATRIX, views.scaled(0.5), zxing.read_fixed),  # dim screens, noise
    Rung("smoothed global", Good.MATRIX, views.smoothed(1.0), zxing.read_global),  # dark rooms
    Rung("half sharpened", Good.MATRIX, views.half_sharpened, zxing.read),  # motion, large codes
    Rung("darkened", Good.MATRIX, views.brightened(3.0), zxing.read_global),  # washed out
)

# A bull's-eye straightened, two voices: the only way to a MaxiCode that lies askew. For those who
# name the few families that they can use; whoever asks for all of them gets the plain look at each.
BULLSEYES: tuple[Rung, Rung] = (
    Rung("bullseyes", Good.MAXICODE, views.bare, bullseyes.read),
    Rung("bullseyes soft", Good.MAXICODE, views.bare, bullseyes.read_soft),
)

# Whole pictures, cheap before dear. Names that begin with "zbar" count as that decoder's votes.
LADDER: tuple[Rung, ...] = (
    BARE,
    GLOBAL,  # flat light, blur
    HALF,  # noise, moire, large codes out of focus
    *BULLSEYES,
    Rung("zbar half", Good.BOTH, views.scaled(0.5), zbar.read),
    Rung("smoothed", Good.BOTH, views.smoothed(1.0), zxing.read),  # noise of dark rooms
    Rung("fixed", Good.BOTH, views.bare, zxing.read_fixed),  # dim screens, glare round the code
    Rung("zbar", Good.BOTH, views.bare, zbar.read),  # cracks, spots, blurred bars
    Rung("contrast", Good.BOTH, views.local_contrast, zxing.read_global),  # shade, low contrast
    Rung("darkened", Good.BOTH, views.brightened(3.0), zxing.read_global),  # washed out by light
    Rung("sharpened", Good.BOTH, views.sharpened_far, zxing.read),  # out of focus
    Rung("turned -22", Good.LINEAR, views.turned(-22.5), zxing.read),
    Rung("turned 45", Good.LINEAR, views.turned(45.0), zxing.read),
    Rung("turned 22", Good.LINEAR, views.turned(22.5), zxing.read),
    Rung("median", Good.MATRIX, views.despeckled, zxing.read),  # moire, specks
    Rung("double", Good.BOTH, views.scaled(2.0), zxing.read),  # modules below two pixels
    Rung("zbar inverted", Good.BOTH, views.inverted, zbar.read),  # dark mode
    Rung("zbar adaptive", Good.BOTH, views.adaptive(31), zbar.read),
    Rung("double sharpened", Good.BOTH, views.double_sharpened, zxing.read),
    Rung("deblurred", Good.MATRIX, views.deblurred(3.0, 0.02), zxing.read),
    Rung("zbar double", Good.LINEAR, views.scaled(2.0), zbar.read),
)
