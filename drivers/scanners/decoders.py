"""From pictures to codes: the cascade of decoders and the rule of when to believe them.

A still picture gets the whole ladder; a live frame gets the bare look and one other rung, turn by
turn, which finds as much in the same time as the whole ladder would and never holds up a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.scanners.formats import EVERYDAY, Format, rows
from drivers.scanners.reads import Agreement, Keys, Read, untangle
from drivers.scanners.rungs import BARE, HALF, LADDER, Picture, Rung
from drivers.scanners.stills import Still
from kiosk.ports import Symbology

_SMALLEST = 8  # pixels; no code has fewer modules


def grey_of(picture: NDArray[np.uint8]) -> Picture:
    """Rows x columns of brightness from a grey, BGR or BGRA picture, in one piece of memory."""
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    code = cv2.COLOR_BGRA2GRAY if picture.shape[2] == 4 else cv2.COLOR_BGR2GRAY
    return np.asarray(cv2.cvtColor(picture, code), np.uint8)


def decode_image(
    picture: NDArray[np.uint8], expected: Iterable[Symbology] = EVERYDAY
) -> list[Read]:
    """Every code that a still picture proves, by climbing the whole ladder if it must."""
    wanted = rows(expected)
    if not wanted or min(picture.shape[:2]) < _SMALLEST:
        return []
    return Still(grey_of(picture), wanted).climb()


Pass = tuple[Rung, Sequence[Format]]


class Decoder:
    """The cascade for a camera: keeps what it needs from one frame to the next. One thread."""

    def __init__(
        self,
        expected: frozenset[Symbology],
        monotonic: Callable[[], float],
        budget_ms: float = 45.0,
    ) -> None:
        self._monotonic = monotonic
        self._budget_s = budget_ms / 1000
        self._agreement = Agreement()
        self._turn = 0
        self._swapped = False
        self._wanted: tuple[Format, ...] = ()
        self._first: tuple[Format, ...] = ()
        self._rest: tuple[Format, ...] = ()
        self.expect(expected)

    def expect(self, expected: frozenset[Symbology]) -> None:
        """Look for these families only, from the next frame on."""
        self._wanted = rows(expected)
        self._first = tuple(r for r in self._wanted if r.symbology is Symbology.QR)
        self._rest = tuple(r for r in self._wanted if r.symbology is not Symbology.QR)
        self._agreement.forget()

    def look(self, grey: Picture, at: float, known: Keys = frozenset()) -> list[Read]:
        """The codes that frames up to this one prove; `at` is the frame's time in seconds.

        QR comes first and costs little. A code that is not among the `known` ends the look; one
        that is, such as a poster behind the shopper, must not keep the harder ones from being
        looked for. What the frame's budget leaves no time for goes before the others in the next
        frame, so that a slow machine still tries everything in turn.
        """
        started = self._monotonic()
        reads = BARE.climb(grey, self._first) if self._first else []
        passes: list[Pass] = [(BARE, self._rest), self._other()]
        for rung, formats in reversed(passes) if self._swapped else passes:
            if any(read.key not in known for read in untangle(reads)):
                break
            if self._monotonic() - started > self._budget_s:
                self._swapped = not self._swapped
                break
            reads.extend(rung.climb(grey, formats) if formats else [])
        return self._agreement.admit(untangle(reads), at)

    @property
    def waiting(self) -> bool:
        """Would another look at once prove something?"""
        return bool(self._agreement.waiting)

    def glance(self, grey: Picture, at: float) -> list[Read]:
        """The cheapest look, for a scene in which nothing moves: half size, QR if expected."""
        formats = self._first or self._wanted
        reads = HALF.climb(grey, formats) if formats else []
        return self._agreement.admit(untangle(reads), at)

    def _other(self) -> Pass:
        """The next rung that suits what is expected, and what to look for on it."""
        others = [rung for rung in LADDER[1:] if rung.suits(self._wanted)]
        if not others:
            return BARE, ()
        self._turn = (self._turn + 1) % len(others)
        return others[self._turn], self._wanted
