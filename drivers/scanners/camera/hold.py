"""Which codes are in view already: one showing is one scan. Pure but for memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from drivers.scanners.decoders.reads import Key, Keys, Read, box
from kiosk.ports import Symbology

_STEADY = 5  # reads within the rest before the last one: a code that reads well
_GAP_S = 0.5  # frames further apart than this say nothing about what was between them
_MOST = 64  # codes remembered; a wall of labels must not grow without end
_FURNITURE_S, _HIDDEN_S = 60.0, 30.0
_SAME_PLACE = 12.0  # pixels


@dataclass(frozen=True, slots=True)
class Showing:
    """A code in view: its reads of the last `rest_s` seconds, and where it is since when.
    `doubtful` after a short absence of one that read badly: it may have left, or only have been
    missed. Times move on with whatever time nobody looked for it."""

    times: tuple[float, ...]
    place: tuple[float, float]
    placed_at: float
    doubtful: bool = False

    def later(self, seconds: float) -> Showing:
        return replace(
            self,
            times=tuple(t + seconds for t in self.times),
            placed_at=self.placed_at + seconds,
        )


class Hold:
    """Holds a code back while it stays in view.

    A code has left when it went unread for `rest_s` and something moved meanwhile; in a scene at
    rest nothing can have left, however badly it reads. One that read now and then only (too far
    away, blurred by the hand) is not believed to have left so soon: it counts again after three
    times as long, or as soon as it reads well, for then somebody holds it up anew.

    Only looking tells that a code has left: time in which its family was not looked for, or in
    which there were no frames, does not count. So a code that brought up a screen does not fire
    again when a later screen, or the camera after a fault, finds it still there. One that has
    been in the same place for a minute is furniture, such as a poster: people may stand before
    it for half a minute without its being news.
    """

    def __init__(self, rest_s: float = 1.0) -> None:
        self._rest_s = rest_s
        self._seen: dict[Key, Showing] = {}
        self._at: float | None = None

    def admit(
        self,
        reads: list[Read],
        at: float,
        moved_at: float,
        looked_for: Iterable[Symbology] | None = None,
    ) -> list[Read]:
        """Those of the reads that were not in view before. `looked_for` are the families that
        this frame was searched for; None for all."""
        self._pass_over(at, looked_for)
        self._seen = {key: s for key, s in self._seen.items() if not self._left(s, at, moved_at)}
        fresh = [read for read in reads if self._news(read, at, moved_at)]
        while len(self._seen) > _MOST:
            del self._seen[min(self._seen, key=lambda key: self._seen[key].times[-1])]
        return fresh

    @property
    def known(self) -> Keys:
        """The codes that are in view and were reported."""
        return frozenset(self._seen)

    def pause(self) -> None:
        """No frames come; the time until the next one tells nothing."""
        self._at = None

    def _pass_over(self, at: float, looked_for: Iterable[Symbology] | None) -> None:
        """Take out the time in which a code could not have been seen."""
        before, self._at = self._at, at
        if not self._seen:
            return
        if before is None:
            last = max(showing.times[-1] for showing in self._seen.values())
            before, blind = last, True
        else:
            blind = at - before > _GAP_S
        searched = None if looked_for is None else frozenset(looked_for)
        for key, showing in self._seen.items():
            if blind or (searched is not None and key[0] not in searched):
                self._seen[key] = showing.later(max(0.0, at - before))

    def _news(self, read: Read, at: float, moved_at: float) -> bool:
        place = _middle(read)
        before = self._seen.get(read.key)
        if before is None:
            self._seen[read.key] = Showing((at,), place, at)
            return True
        missed = at - before.times[-1] >= self._rest_s and moved_at > before.times[-1]
        recent = (*(t for t in before.times if at - t <= self._rest_s), at)
        stayed = _near(place, before.place)
        furniture = missed and before.times[-1] - before.placed_at >= _FURNITURE_S
        doubtful = (before.doubtful or missed) and not furniture
        back = (furniture and not stayed) or (doubtful and len(recent) >= _STEADY)
        placed_at = before.placed_at if stayed else at
        spot = before.place if stayed else place
        self._seen[read.key] = Showing(recent, spot, placed_at, doubtful and not back)
        return back

    def _left(self, showing: Showing, at: float, moved_at: float) -> bool:
        last = showing.times[-1]
        if last - showing.placed_at >= _FURNITURE_S:
            rest_s = _HIDDEN_S
        else:
            steady = len(showing.times) >= _STEADY and not showing.doubtful
            rest_s = self._rest_s if steady else 3 * self._rest_s
        return at - last >= rest_s and moved_at > last


def _middle(read: Read) -> tuple[float, float]:
    left, top, right, bottom = box(read.quad)
    return (left + right) / 2, (top + bottom) / 2


def _near(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) <= _SAME_PLACE and abs(a[1] - b[1]) <= _SAME_PLACE
