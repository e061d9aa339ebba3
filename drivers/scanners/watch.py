"""What a scene does, told from thumbnails: moves, rests, went black, froze. Pure but for memory."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from drivers.scanners.reads import Key, Keys, Read
from drivers.scanners.rungs import Picture

_THUMB = (160, 90)
_CHANGED = 10  # grey levels by which a thumbnail's pixel counts as changed; noise stays below
_MOVING = 40  # changed pixels of 14,400 that are a movement: a finger's breadth
_STEADY = 5  # reads within the rest before the last one: a code that reads well
_BLACK_MEAN, _BLACK_SPREAD = 20.0, 6.0


@dataclass(frozen=True, slots=True)
class Sight:
    """`moved_at` in seconds of the frames' clock; `awake` while something moved lately."""

    awake: bool
    black: bool
    frozen: bool
    moved_at: float


class Watch:
    """Follows the frames of one camera.

    A real sensor never gives the same frame twice, so one that repeats to the last bit for
    `frozen_s` seconds is a driver's old picture; a photograph shown as a camera is excused by
    `alive=False`. Black must last `black_s`, or every switched lamp would raise an alarm.
    """

    def __init__(
        self, alive: bool, awake_s: float = 3.0, black_s: float = 1.5, frozen_s: float = 3.0
    ) -> None:
        self._alive = alive
        self._awake_s = awake_s
        self._black_s = black_s
        self._frozen_s = frozen_s
        self.restart()

    def restart(self) -> None:
        """Forget what was seen: after a reconnect nothing is known."""
        self._before: Picture | None = None
        self._thumb: Picture | None = None
        self._moved_at = self._changed_at = self._light_at = float("-inf")

    def see(self, grey: Picture, at: float) -> Sight:
        thumb = np.asarray(cv2.resize(grey, _THUMB, interpolation=cv2.INTER_AREA), np.uint8)
        first = self._thumb is None
        if self._moving(thumb):
            self._moved_at = at
        if first or not self._same(grey):
            self._changed_at = at
        if first or not _dark(thumb):
            self._light_at = at
        self._before, self._thumb = grey, thumb
        return Sight(
            awake=at - self._moved_at <= self._awake_s,
            black=at - self._light_at >= self._black_s,
            frozen=self._alive and at - self._changed_at >= self._frozen_s,
            moved_at=self._moved_at,
        )

    def wake(self, at: float) -> None:
        """Look closely again although nothing moved: a new screen waits for something else."""
        self._moved_at = max(self._moved_at, at)

    def _moving(self, thumb: Picture) -> bool:
        if self._thumb is None:
            return True
        return int(np.count_nonzero(cv2.absdiff(thumb, self._thumb) > _CHANGED)) >= _MOVING

    def _same(self, grey: Picture) -> bool:
        before = self._before
        if before is None or before.shape != grey.shape:
            return False
        sampled = np.array_equal(before[::16, ::16], grey[::16, ::16])
        return sampled and np.array_equal(before, grey)


def _dark(thumb: Picture) -> bool:
    mean, spread = cv2.meanStdDev(thumb)
    return float(mean[0][0]) < _BLACK_MEAN and float(spread[0][0]) < _BLACK_SPREAD


@dataclass(frozen=True, slots=True)
class Showing:
    """A code in view: its reads of the last `rest_s` seconds. `doubtful` after a short absence of
    one that read badly: it may have left, or only have been missed."""

    times: tuple[float, ...]
    doubtful: bool = False


class Hold:
    """Holds a code back while it stays in view: one showing is one scan.

    A code has left when it went unread for `rest_s` and something moved meanwhile; in a scene at
    rest nothing can have left, however badly it reads. One that read now and then only (too far
    away, blurred by the hand) is not believed to have left so soon: it counts again after three
    times as long, or as soon as it reads well, for then somebody holds it up anew.
    """

    def __init__(self, rest_s: float = 1.0) -> None:
        self._rest_s = rest_s
        self._seen: dict[Key, Showing] = {}

    def admit(self, reads: list[Read], at: float, moved_at: float) -> list[Read]:
        """Those of the reads that were not in view before."""
        self._seen = {key: s for key, s in self._seen.items() if not self._left(s, at, moved_at)}
        return [read for read in reads if self._news(read.key, at, moved_at)]

    @property
    def known(self) -> Keys:
        """The codes that are in view and were reported."""
        return frozenset(self._seen)

    def _news(self, key: Key, at: float, moved_at: float) -> bool:
        before = self._seen.get(key)
        if before is None:
            self._seen[key] = Showing((at,))
            return True
        missed = at - before.times[-1] >= self._rest_s and moved_at > before.times[-1]
        recent = (*(t for t in before.times if at - t <= self._rest_s), at)
        doubtful = before.doubtful or missed
        back = doubtful and len(recent) >= _STEADY
        self._seen[key] = Showing(recent, doubtful and not back)
        return back

    def _left(self, showing: Showing, at: float, moved_at: float) -> bool:
        steady = len(showing.times) >= _STEADY and not showing.doubtful
        rest_s = self._rest_s if steady else 3 * self._rest_s
        return at - showing.times[-1] >= rest_s and moved_at > showing.times[-1]
