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
from drivers.scanners.decoders.mended import Half, halves
from drivers.scanners.decoders.patterns import bar_spots, shrunk, within
from drivers.scanners.decoders.quads import Quad, Shown, centre, overlap
from drivers.scanners.decoders.reads import Read, Tally
from drivers.scanners.decoders.regions import (
    Glimpse,
    bar_glimpses,
    first_glimpses,
    hard_glimpses,
    mended_glimpses,
    place,
    quick_glimpses,
    second_looks,
)
from drivers.scanners.decoders.rungs import LADDER, SWIFT, returned
from drivers.scanners.decoders.squares import Eye, eyes, qr_spots
from drivers.scanners.formats import Format
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

_WORK = 1600  # pixels; a longer picture goes up the ladder shrunk
_MOST_SPOTS = 8


class Still:
    """One grey picture and what has been found in it."""

    def __init__(self, grey: Picture, wanted: Sequence[Format]) -> None:
        self._grey = grey
        self._wanted = tuple(wanted)
        self._linear = tuple(row for row in wanted if row.linear)
        self._qr = tuple(row for row in wanted if row.symbology is Symbology.QR)
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
        spots = (look.broken + qr_spots(left))[:_MOST_SPOTS]
        lost = halves(self._grey, left)
        self._quickly(spots, lost)
        if not self._tally.proven():
            self._swiftly()
        if not self._tally.proven():
            self._bars()
        self._thoroughly(spots, lost)
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
                spots = opencv_qr.spots(small)[:_MOST_SPOTS] if scale == 1.0 else []
                self._quickly(spots, [])
                self._thoroughly(spots, [])
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
        if not self._qr:
            return []
        known = [read.quad for read in self._tally.proven()]
        return [e for e in eyes(self._grey) if not any(within(e[:2], q, 0.15) for q in known)]

    def _quickly(self, spots: Sequence[Quad], lost: Sequence[Half]) -> None:
        """The looks that read most for their time at the places where a QR code seems to be: for
        such a code alone, which costs a tenth of the other families with it."""
        for spot in spots:
            if self._unread(spot):
                self._visit(spot, quick_glimpses(place(self._grey, spot)), self._qr)
        for half in lost:
            if self._unread(half.quad):
                for glimpse in mended_glimpses(self._grey, half)[:1]:
                    self._glimpse(glimpse, self._qr)

    def _swiftly(self) -> None:
        """The whole picture in other ways, for QR codes alone."""
        small, scale = shrunk(self._grey, _WORK)
        back = np.diag([1 / scale, 1 / scale, 1.0])
        for rung in SWIFT if self._qr else ():
            self._note(returned(rung.climb(small, self._qr), Shown(small, back)), rung.name)
            if self._tally.proven():
                return

    def _thoroughly(self, spots: Sequence[Quad], lost: Sequence[Half]) -> None:
        """The hard looks at what is still unread at those places, and those of other families."""
        for spot in spots:
            if self._unread(spot):
                self._tried.append(spot)
                there = place(self._grey, spot)
                self._visit(spot, (*first_glimpses(there), *hard_glimpses(there)), self._matrix)
        for half in lost:
            if self._unread(half.quad):
                for glimpse in mended_glimpses(self._grey, half)[1:]:
                    self._glimpse(glimpse, self._qr)

    def _unread(self, spot: Quad) -> bool:
        known = [read.quad for read in self._tally.proven()] + self._tried
        return not any(overlap(spot, quad) > 0.5 for quad in known)

    def _visit(self, spot: Quad, glimpses: Iterable[Glimpse], formats: Sequence[Format]) -> None:
        for glimpse in glimpses:
            self._glimpse(glimpse, formats)
            if any(overlap(spot, read.quad) > 0.3 for read in self._tally.proven()):
                return

    def _bars(self) -> None:
        """Try the places where bars seem to be."""
        if not self._linear:
            return
        for spot in bar_spots(self._grey):
            for glimpse in bar_glimpses(self._grey, spot):
                if glimpse.name.startswith("zbar") and self._tally.proven():
                    break
                self._glimpse(glimpse, self._linear)
            self._confirm()
