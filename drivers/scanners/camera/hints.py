"""What to tell a person whose code is plainly in view and cannot be read."""

from __future__ import annotations

from collections import Counter, deque
from typing import assert_never

from drivers.scanners.camera.unread import Finder, Pattern, Trouble, judge
from drivers.scanners.decoders.squares import Sighting
from drivers.scanners.formats import rows
from drivers.scanners.pictures import Picture
from kiosk.ports import HintKind, Symbology

_EVERY_S = 0.4  # finding a pattern costs several times a look for codes, so rarely
_SELDOM_S = 2.0  # where people only pass
_SURE_AFTER = 3  # patterns seen in a row before anybody is spoken to
_LOST_AFTER_S = 1.5
_TYPE_AFTER_S = 3.0
_TYPE_FOR_S, _TURN_S = 3.0, 5.0  # then the advice comes round again, for who goes on trying
_SAME_CODE = 0.4  # of the picture's height, between two looks at a code in a hand
_SAME_PLACE, _FURNITURE_S = 12.0, 20.0  # pixels; nobody holds a code as still for as long


class Hinter:
    """Looks for a code's outline where no code was read. One thread.

    `trouble` is what kept the code from being read at the last look, None where none was seen.
    """

    def __init__(self) -> None:
        self._finder = Finder()
        self._linear = self._matrix = True
        self.forget()

    def expect(self, symbologies: frozenset[Symbology]) -> None:
        self._linear = any(row.linear for row in rows(symbologies))
        self._matrix = Symbology.QR in symbologies

    def forget(self) -> None:
        """A code was read, or the scene was left: begin anew."""
        self._looked_at = self._seen_at = self._since = float("-inf")
        self._seen: deque[Trouble] = deque(maxlen=_SURE_AFTER)
        self._count = 0
        self._before: Pattern | None = None
        self._anchor: Pattern | None = None
        self._anchored_at = float("-inf")
        self.trouble: Trouble | None = None

    def look(
        self, grey: Picture, at: float, seen: Sighting | None = None, seldom: bool = False
    ) -> HintKind | None:
        """A hint when there is one to give, at most every 0.4 s; `seldom` every other second.
        `grey` held no readable code; `seen` is what a decoder saw in it already."""
        if at - self._looked_at < (_SELDOM_S if seldom else _EVERY_S):
            return None
        self._looked_at = at
        pattern = self._finder.find(grey, self._linear, self._matrix, seen)
        if pattern is None:
            self.trouble = None
            if at - self._seen_at > _LOST_AFTER_S:
                self.forget()
                self._looked_at = at
            return None
        if self._before is None or not _near(pattern, self._before, _SAME_CODE * grey.shape[0]):
            self._count, self._since = 0, at
            self._seen.clear()
        self._before, self._seen_at = pattern, at
        if self._anchor is None or not _near(pattern, self._anchor, _SAME_PLACE):
            self._anchor, self._anchored_at = pattern, at
        if at - self._anchored_at > _FURNITURE_S:
            self.trouble = None  # a poster, or a phone left behind: nobody is there to be helped
            return None
        self._count += 1
        self.trouble = judge(grey, pattern)
        self._seen.append(self.trouble)
        return self._say(at) if self._count >= _SURE_AFTER else None

    def _say(self, at: float) -> HintKind:
        waited = at - self._since - _TYPE_AFTER_S
        if waited >= 0 and waited % _TURN_S < _TYPE_FOR_S:
            return HintKind.TYPE_INSTEAD
        ((trouble, _),) = Counter(self._seen).most_common(1)
        return advice(trouble)


def advice(trouble: Trouble) -> HintKind:
    """What a person can do about it. Blurred mostly means moved; and who holds a damaged code
    still helps the decoders to put it together over several frames."""
    match trouble:
        case Trouble.SMALL:
            return HintKind.CLOSER
        case Trouble.LARGE:
            return HintKind.FURTHER
        case Trouble.DIM:
            return HintKind.BRIGHTER
        case Trouble.GLARE:
            return HintKind.GLARE
        case Trouble.BLURRED | Trouble.DAMAGED:
            return HintKind.HOLD_STILL
        case _:
            assert_never(trouble)


def _near(a: Pattern, b: Pattern, reach: float) -> bool:
    ax, ay = (a.box[0] + a.box[2]) / 2, (a.box[1] + a.box[3]) / 2
    bx, by = (b.box[0] + b.box[2]) / 2, (b.box[1] + b.box[3]) / 2
    return max(abs(ax - bx), abs(ay - by)) < reach
