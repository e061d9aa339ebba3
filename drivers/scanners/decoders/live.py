"""Frame after frame within a budget: what reads most for its time at each, the dear looks by turns.

What one frame has no time for the next ones get, so that two seconds of holding a code up see
every rung. A place where a QR code was seen and not read is looked at alone, from the front, which
is cheaper than another look at the whole frame and stronger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from drivers.scanners.decoders.bars import complete
from drivers.scanners.decoders.mended import halves
from drivers.scanners.decoders.quads import Point, Quad, centre
from drivers.scanners.decoders.reads import Agreement, Keys, Read, untangle
from drivers.scanners.decoders.regions import (
    Glimpse,
    hard_glimpses,
    mended_glimpses,
    place,
    quick_glimpses,
)
from drivers.scanners.decoders.rungs import BARE, BULLSEYES, GLOBAL, HALF, LADDER, SWIFT, Rung
from drivers.scanners.decoders.squares import Sighting
from drivers.scanners.formats import Format, rows
from drivers.scanners.pictures import Picture
from kiosk.ports import Symbology

_REMEMBERED_S = 0.4  # a hand moves on
_CLUE = 2  # squares that are no chance
_BULLSEYE_TURN = 3  # every third frame, and each that may prove what one has shown

Work = Callable[[], list[Read]]


class Decoder:
    """The cascade for a camera: keeps what it needs from one frame to the next. One thread.

    `budget_ms` is the time after which no further look at a frame begins; besides the quick ones
    for QR at least one is made. `searched` are the families that the last frame was searched for,
    `sighting` is what it showed of QR codes; None where nobody asked.
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
        self._turn = self._glimpse = self._skims = self._frames = 0
        self._late = False
        self._spot: Quad | None = None
        self._spot_at = float("-inf")
        self._wanted: tuple[Format, ...] = ()
        self._first: tuple[Format, ...] = ()
        self._rest: tuple[Format, ...] = ()
        self._maxicode: tuple[Format, ...] = ()
        self._others: tuple[tuple[Rung, tuple[Format, ...]], ...] = ()
        self._parts: tuple[tuple[Format, ...], ...] = ()
        self.searched: frozenset[Symbology] = frozenset()
        self.sighting: Sighting | None = None
        self.expect(expected)

    def expect(self, expected: frozenset[Symbology]) -> None:
        """Look for these families only, from the next frame on."""
        self._wanted = rows(expected)
        self._first = tuple(r for r in self._wanted if r.symbology is Symbology.QR)
        self._rest = tuple(r for r in self._wanted if r.symbology is not Symbology.QR)
        self._maxicode = BULLSEYES[0].suits(self._wanted)
        bars, squares = (tuple(r for r in self._rest if r.linear is flag) for flag in (True, False))
        self._parts = tuple(part for part in (bars, squares) if part)
        self._others = tuple(_shares(self._first, self._rest))
        self._agreement.forget()
        self._spot = self.sighting = None

    def look(
        self, grey: Picture, at: float, known: Keys = frozenset(), briefly: bool = False
    ) -> list[Read]:
        """The codes that frames up to this one prove; `at` is the frame's time in seconds.

        QR comes first and costs little. A code that is not among the `known` ends the look; one
        that is, such as a poster behind the shopper, must not keep the harder ones from being
        looked for. Where the budget ends before the first other rung, that rung goes before the
        rest in the next frame, so that a slow machine still tries everything in turn; `briefly`
        is without a budget.
        """
        if not self._wanted:
            return []
        started, looks = self._monotonic(), 0
        seen = self._see(grey, self._wanted)
        reads = list(seen.look.reads)
        for work in self._quick(seen, at):
            if _news(reads, known):
                break
            reads.extend(work())
        for work in self._works(seen, at):
            if _news(reads, known):
                break
            if looks and (briefly or self._monotonic() - started > self._budget_s):
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

    @property
    def clue(self) -> Point | None:
        """Where the last frame shows a QR code that was not read; None where it shows none, or
        where its squares were not looked for."""
        seen = self.sighting
        if seen is None or not (seen.look.broken or seen.squared):
            return None
        if seen.spots:
            return centre(seen.spots[0])
        return seen.eyes[0][:2] if len(seen.eyes) >= _CLUE else None

    def skim(self, grey: Picture, at: float) -> list[Read]:
        """For a scene in which something moves and nothing looks like a code: QR, and by turns
        the other families and the search for squares, which is a small part of a look's time."""
        self._skims += 1
        turn, squares = divmod(self._skims, 2) if self._first else (self._skims, 0)
        others = self._parts[turn % len(self._parts)] if self._parts and not squares else ()
        seen = self._see(grey, (*self._first, *others))
        reads = list(seen.look.reads)
        if others:
            reads += [read for read in BARE.climb(grey, others) if complete(grey, read)]
        elif self._first:
            _ = seen.eyes
        return self._agreement.admit(untangle(reads), at)

    def glance(self, grey: Picture, at: float) -> list[Read]:
        """The cheapest look, for a scene in which nothing moves: half size, QR if expected."""
        formats = self._first or self._wanted
        self.searched, self.sighting = frozenset(row.symbology for row in formats), None
        reads = HALF.climb(grey, formats) if formats else []
        return self._agreement.admit(untangle(reads), at)

    def _see(self, grey: Picture, searched: Sequence[Format]) -> Sighting:
        self.searched = frozenset(row.symbology for row in searched)
        seen = Sighting(grey, self._first)
        self.sighting = seen if self._first else None
        return seen

    def _quick(self, seen: Sighting, at: float) -> Iterator[Work]:
        """The looks for QR codes that read nearly all that any look reads, for a few
        milliseconds together."""
        if self._first:
            yield partial(GLOBAL.climb, seen.grey, self._first)
            for glimpse in self._glimpses(seen, at)[0]:
                yield partial(glimpse.reads, self._first)

    def _works(self, seen: Sighting, at: float) -> Iterator[Work]:
        """What there is to do with a frame after the quick looks, most promising first."""
        turns = self._turns(seen, at)
        if self._late:
            yield from (work for work, _ in zip(turns, range(1), strict=False))
        if self._rest:
            yield partial(BARE.climb, seen.grey, self._rest)
        yield from turns

    def _turns(self, seen: Sighting, at: float) -> Iterator[Work]:
        """The rungs, each in its turn, between them glimpses of the place where a code seems to
        be: never the same again before all have had theirs."""
        if self._maxicode:
            self._frames += 1
            asked = any(key[0] is Symbology.MAXICODE for key in self._agreement.waiting)
            if asked or self._frames % _BULLSEYE_TURN == 0:
                rung = BULLSEYES[self._frames // _BULLSEYE_TURN % 2]
                yield partial(rung.climb, seen.grey, self._maxicode)
        glimpses = self._glimpses(seen, at)[1]
        for number in range(max(len(glimpses), len(self._others))):
            if number < len(glimpses):
                self._glimpse = (self._glimpse + 1) % len(glimpses)
                yield partial(glimpses[self._glimpse].reads, self._first)
            if number < len(self._others):
                self._turn = (self._turn + 1) % len(self._others)
                rung, formats = self._others[self._turn]
                yield partial(rung.climb, seen.grey, formats)

    def _glimpses(self, seen: Sighting, at: float) -> tuple[list[Glimpse], list[Glimpse]]:
        """Looks at the place of a QR code that was not read, in this frame or a moment ago: the
        quick ones and the hard ones."""
        if not self._first:
            return [], []
        if seen.spots:
            self._spot, self._spot_at = seen.spots[0], at
        elif found := halves(seen.grey, seen.eyes):
            pairs = [mended_glimpses(seen.grey, half) for half in found]
            return [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        elif at - self._spot_at > _REMEMBERED_S:
            self._spot = None
        if self._spot is None:
            return [], []
        there = place(seen.grey, self._spot)
        return list(quick_glimpses(there)), list(hard_glimpses(there))


def _news(reads: Iterable[Read], known: Keys) -> bool:
    return any(read.key not in known for read in untangle(reads))


def _shares(
    first: tuple[Format, ...], rest: tuple[Format, ...]
) -> Iterator[tuple[Rung, tuple[Format, ...]]]:
    """The rungs above the first with what each is to look for: QR codes alone, a hundredth of a
    second's work, apart from the rest, which is a tenth's. zbar takes as long for one family as
    for all."""
    known = {rung.name for rung in SWIFT}
    own = {rung.name for rung in BULLSEYES}
    for rung in SWIFT[1:]:
        yield from ((rung, formats) for formats in [rung.suits(first)] if formats)
    for rung in LADDER[1:]:
        if rung.name in own:
            continue
        if rung.name.startswith("zbar"):
            shares = [rung.suits((*first, *rest))]
        else:
            shares = [rung.suits(rest), () if rung.name in known else rung.suits(first)]
        yield from ((rung, formats) for formats in shares if formats)
