"""Frame after frame within a budget: the cheapest look at each, the dear ones turn by turn.

What one frame has no time for the next ones get, so that two seconds of holding a code up see
every rung. A place where a QR code was seen and not read is looked at alone, from the front, which
is cheaper than another look at the whole frame and stronger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from drivers.scanners.decoders import zxing
from drivers.scanners.decoders.bars import complete
from drivers.scanners.decoders.mended import halves
from drivers.scanners.decoders.patterns import eyes, qr_spots, within
from drivers.scanners.decoders.quads import Quad
from drivers.scanners.decoders.reads import Agreement, Keys, Read, untangle
from drivers.scanners.decoders.regions import Glimpse, matrix_glimpses, mended_glimpses
from drivers.scanners.decoders.rungs import BARE, HALF, LADDER, Rung
from drivers.scanners.formats import Format, rows
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

_REMEMBERED_S = 0.4  # a hand moves on

Work = Callable[[], list[Read]]


class Decoder:
    """The cascade for a camera: keeps what it needs from one frame to the next. One thread.

    `budget_ms` is the time after which no further look at a frame begins; besides the one for QR
    at least one is made.
    """

    def __init__(
        self,
        expected: frozenset[Symbology],
        monotonic: Callable[[], float],
        budget_ms: float = 50.0,
    ) -> None:
        self._monotonic = monotonic
        self._budget_s = budget_ms / 1000
        self._agreement = Agreement()
        self._turn = self._glimpse = 0
        self._late = False
        self._spot: Quad | None = None
        self._spot_at = float("-inf")
        self._wanted: tuple[Format, ...] = ()
        self._first: tuple[Format, ...] = ()
        self._rest: tuple[Format, ...] = ()
        self._others: tuple[Rung, ...] = ()
        self.expect(expected)

    def expect(self, expected: frozenset[Symbology]) -> None:
        """Look for these families only, from the next frame on."""
        self._wanted = rows(expected)
        self._first = tuple(r for r in self._wanted if r.symbology is Symbology.QR)
        self._rest = tuple(r for r in self._wanted if r.symbology is not Symbology.QR)
        self._others = tuple(rung for rung in LADDER[1:] if rung.suits(self._wanted))
        self._agreement.forget()
        self._spot = None

    def look(self, grey: Picture, at: float, known: Keys = frozenset()) -> list[Read]:
        """The codes that frames up to this one prove; `at` is the frame's time in seconds.

        QR comes first and costs little. A code that is not among the `known` ends the look; one
        that is, such as a poster behind the shopper, must not keep the harder ones from being
        looked for. Where the budget ends before the first other rung, that rung goes before the
        rest in the next frame, so that a slow machine still tries everything in turn.
        """
        if not self._wanted:
            return []
        started, looks = self._monotonic(), 0
        first = zxing.look(grey, self._first) if self._first else zxing.Look([], [])
        reads = list(first.reads)
        for work in self._works(grey, at, first):
            if any(read.key not in known for read in untangle(reads)):
                break
            if looks and self._monotonic() - started > self._budget_s:
                break
            reads.extend(read for read in work() if complete(grey, read))
            looks += 1
        if self._rest and looks < 2:
            self._late = not self._late
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

    def _works(self, grey: Picture, at: float, first: zxing.Look) -> Iterator[Work]:
        """What there is to do with a frame after the look for QR, most promising first."""
        turns = self._turns(grey, at, first)
        if self._late:
            yield from (work for work, _ in zip(turns, range(1), strict=False))
        if self._rest:
            yield partial(BARE.climb, grey, self._rest)
        yield from turns

    def _turns(self, grey: Picture, at: float, first: zxing.Look) -> Iterator[Work]:
        """The rungs, each in its turn, between them glimpses of the place where a code seems to
        be: never the same again before all have had theirs."""
        glimpses = self._glimpses(grey, at, first)
        for number in range(max(len(glimpses), len(self._others))):
            if number < len(glimpses):
                self._glimpse = (self._glimpse + 1) % len(glimpses)
                yield partial(glimpses[self._glimpse].reads, self._first)
            if number < len(self._others):
                self._turn = (self._turn + 1) % len(self._others)
                yield partial(self._others[self._turn].climb, grey, self._wanted)

    def _glimpses(self, grey: Picture, at: float, first: zxing.Look) -> list[Glimpse]:
        """Looks at the place of a QR code that was not read, in this frame or a moment ago."""
        if not self._first:
            return []
        read = [one.quad for one in first.reads]
        left = [e for e in eyes(grey) if not any(within(e[:2], q, 0.15) for q in read)]
        spots = first.broken or qr_spots(left)
        if spots:
            self._spot, self._spot_at = spots[0], at
        elif found := halves(grey, left):
            return [glimpse for half in found for glimpse in mended_glimpses(grey, half)]
        elif at - self._spot_at > _REMEMBERED_S:
            self._spot = None
        return [] if self._spot is None else list(matrix_glimpses(grey, self._spot))
