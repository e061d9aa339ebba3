"""One picture, as much time as it is worth: the bare look, then places, then the whole ladder.

A readable picture costs the bare look and a search for squares that are still unread. Only what
that search finds, or a picture in which nothing is proven, is paid for with more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from drivers.scanners.decoders import opencv_qr, zxing
from drivers.scanners.decoders.bars import complete
from drivers.scanners.decoders.mended import halves
from drivers.scanners.decoders.patterns import Eye, bar_spots, eyes, qr_spots, shrunk, within
from drivers.scanners.decoders.quads import Quad, Shown, centre, overlap
from drivers.scanners.decoders.reads import Read, Tally
from drivers.scanners.decoders.regions import (
    Glimpse,
    bar_glimpses,
    matrix_glimpses,
    mended_glimpses,
    second_looks,
    wants_matrix,
)
from drivers.scanners.decoders.rungs import LADDER, returned
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture

_WORK = 1600  # pixels; a longer picture goes up the ladder shrunk
_MOST_SPOTS = 8


class Still:
    """One grey picture and what has been found in it."""

    def __init__(self, grey: Picture, wanted: Sequence[Format]) -> None:
        self._grey = grey
        self._wanted = tuple(wanted)
        self._linear = tuple(row for row in wanted if row.linear)
        self._matrix = tuple(row for row in wanted if not row.linear)
        self._tally = Tally()
        self._tried: list[Quad] = []
        self._doubted: set[tuple[object, ...]] = set()
        self._looks = 0

    def climb(self) -> list[Read]:
        """Every code that the picture proves."""
        look = zxing.look(self._grey, self._wanted)
        self._note(look.reads, "bare")
        self._confirm()
        left = self._squares()
        self._visit(look.broken + qr_spots(left))
        self._mend(left)
        small, scale = shrunk(self._grey, _WORK)
        if not self._tally.proven():
            self._ladder(small, scale)
        return self._tally.proven()

    def _ladder(self, small: Picture, scale: float) -> None:
        back = np.diag([1 / scale, 1 / scale, 1.0])
        for rung in LADDER[1:] if scale == 1.0 else LADDER:
            reads = rung.climb(small, self._wanted)
            self._note(returned(reads, Shown(small, back)), rung.name)
            if reads:
                self._confirm()
            if self._tally.proven():
                return
            if rung.name == "zbar":
                self._bars()
                self._visit(opencv_qr.spots(small) if scale == 1.0 else [])
                if self._tally.proven():
                    return

    def _note(self, reads: Iterable[Read], look: str) -> None:
        self._looks += 1
        whole = [read for read in reads if complete(self._grey, read)]
        self._tally.add([replace(read, quality=1 / self._looks) for read in whole], look)

    def _confirm(self) -> None:
        """Look again, at the place alone, for what was read once and needs two."""
        for read in self._tally.pending():
            seen = (*read.key, round(centre(read.quad)[0]), round(centre(read.quad)[1]))
            if seen in self._doubted:
                continue
            self._doubted.add(seen)
            family = tuple(row for row in self._wanted if row.linear is read.linear)
            for glimpse in second_looks(self._grey, read):
                self._glimpse(glimpse, family)
                if any(read.key == other.key for other in self._tally.proven()):
                    break

    def _glimpse(self, glimpse: Glimpse, formats: Sequence[Format]) -> list[Read]:
        reads = glimpse.reads(formats)
        self._note(reads, glimpse.name)
        return reads

    def _squares(self) -> list[Eye]:
        """The squares of QR codes that nobody has read yet."""
        if not wants_matrix(self._wanted):
            return []
        known = [read.quad for read in self._tally.proven()]
        return [e for e in eyes(self._grey) if not any(within(e[:2], q, 0.15) for q in known)]

    def _mend(self, left: Sequence[Eye]) -> None:
        """Try the places where two squares of a QR code are seen and the third is covered."""
        for half in halves(self._grey, left):
            if not self._unread(half.quad):
                continue
            for glimpse in mended_glimpses(self._grey, half):
                self._glimpse(glimpse, self._matrix)

    def _unread(self, spot: Quad) -> bool:
        known = [read.quad for read in self._tally.proven()] + self._tried
        return not any(overlap(spot, quad) > 0.5 for quad in known)

    def _visit(self, spots: Iterable[Quad]) -> None:
        """Try the places where a QR code seems to be."""
        for spot in list(spots)[:_MOST_SPOTS]:
            if not self._unread(spot):
                continue
            self._tried.append(spot)
            for glimpse in matrix_glimpses(self._grey, spot):
                self._glimpse(glimpse, self._matrix)
                if any(overlap(spot, read.quad) > 0.3 for read in self._tally.proven()):
                    break

    def _bars(self) -> None:
        """Try the places where bars seem to be."""
        if not self._linear:
            return
        for spot in bar_spots(self._grey):
            for glimpse in bar_glimpses(self._grey, spot):
                self._glimpse(glimpse, self._linear)
            self._confirm()
