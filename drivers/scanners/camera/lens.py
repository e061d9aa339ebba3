"""Whether a camera still sees: its picture went black, stands still, is washed out or lost its
detail. Pure but for memory; the times are those of the frames.

Each finding must last before it is believed, since a false alarm sends shoppers to the keys:
a switched lamp is dark for a moment, a coat fills the picture for some seconds.
"""

from __future__ import annotations

import cv2
import numpy as np

from drivers.scanners.pictures import Picture
from kiosk.ports import DeviceFault

_BLACK_MEAN, _BLACK_SPREAD = 20.0, 6.0
_WHITE, _WHITE_SHARE = 250, 0.9
_BLACK_S, _WHITE_S, _FROZEN_S = 1.5, 3.0, 3.0
# Steepest edges of a thumbnail of 160 x 90, in grey levels: a plain wall with a sensor's grain has
# 3 to 4, a shop out of focus 20, the same shop through grease or a milky sticker 5.
_PLAIN, _DETAILED = 7.0, 12.0
_KEPT = 0.4  # of the usual detail
_LOST_S = 20.0
_MEASURE_S = 1.0
_LEARN = 0.03  # grey levels a second: what lies on a plain counter for minutes is not the counter
_REST_S = 3.0
_NEVER_S = 1800.0  # a plain picture in which nothing ever moved


class Lens:
    """Judges the picture of one camera. `alive` as of drivers.scanners.camera.sources.Source.

    Lost detail is told where there was detail before. Where there never was any, a covered lens
    and a plain counter look alike: that is told only after half an hour without any movement.
    """

    def __init__(self, alive: bool) -> None:
        self._alive = alive
        self._usual = 0.0
        self.restart()

    def restart(self) -> None:
        """Forget the pictures; how much detail this camera usually shows is kept."""
        self._before: Picture | None = None
        self._changed_at = self._light_at = self._shade_at = float("-inf")
        self._measured_at = float("-inf")
        self._plain_since: float | None = None
        self._lost = False

    def proven(self) -> None:
        """A code was read, so the lens is clear, whatever the picture looks like."""
        if self._lost:
            self._usual = 0.0
        self._lost, self._plain_since = False, None

    def see(self, grey: Picture, thumb: Picture, at: float, moved_at: float) -> DeviceFault:
        """What is wrong with the picture now. `moved_at` is when something last moved in it."""
        first = self._before is None
        mean, spread = (float(value[0][0]) for value in cv2.meanStdDev(thumb))
        dark = mean < _BLACK_MEAN and spread < _BLACK_SPREAD
        white = mean > _WHITE * _WHITE_SHARE and share_of_white(thumb) >= _WHITE_SHARE
        # Pitch black and burnt white have no grain: such pictures are alike to the last bit.
        if first or dark or white or not self._same(grey):
            self._changed_at = at
        if first or not dark:
            self._light_at = at
        if first or not white:
            self._shade_at = at
        self._before = grey
        if at - self._light_at >= _BLACK_S:
            return DeviceFault.PICTURE_BLACK
        if self._alive and at - self._changed_at >= _FROZEN_S:
            return DeviceFault.PICTURE_FROZEN
        if at - self._shade_at >= _WHITE_S:
            return DeviceFault.PICTURE_DAZZLED
        if not dark and not white and at - self._measured_at >= _MEASURE_S:
            self._measure(thumb, at, moved_at)
        return DeviceFault.PICTURE_BLURRED if self._lost and self._alive else DeviceFault.NONE

    def _same(self, grey: Picture) -> bool:
        before = self._before
        if before is None or before.shape != grey.shape:
            return False
        sampled = np.array_equal(before[::16, ::16], grey[::16, ::16])
        return sampled and np.array_equal(before, grey)

    def _measure(self, thumb: Picture, at: float, moved_at: float) -> None:
        passed = min(at - self._measured_at, 10.0)
        self._measured_at = at
        detail = detail_of(thumb)
        if detail > max(_PLAIN, _KEPT * self._usual):
            if at - moved_at > _REST_S:  # whoever passes is no part of the scene
                reach = _LEARN * passed
                self._usual += max(-reach, min(reach, detail - self._usual))
            self._plain_since, self._lost = None, False
            return
        if self._plain_since is None:
            self._plain_since = at
        never = at - max(self._plain_since, moved_at) >= _NEVER_S
        self._lost = never or (self._usual >= _DETAILED and at - self._plain_since >= _LOST_S)


def detail_of(thumb: Picture) -> float:
    """How steep the steepest edges of a thumbnail are, in grey levels; grain counts little."""
    soft = cv2.GaussianBlur(thumb, (3, 3), 0)
    edges = np.abs(cv2.Laplacian(soft, cv2.CV_16S)).ravel()
    rank = int(edges.size * 0.98)
    return float(np.partition(edges, rank)[rank])


def share_of_white(thumb: Picture) -> float:
    """The part of a picture that is burnt out, 0 to 1."""
    return int(np.count_nonzero(thumb >= _WHITE)) / thumb.size
