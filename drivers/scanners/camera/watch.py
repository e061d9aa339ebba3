"""What a scene does, told from thumbnails: moves, rests, is no picture any more. Pure but for
memory."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np

from drivers.scanners.camera.lens import Lens, share_of_white
from drivers.scanners.pictures import Picture
from kiosk.ports import DeviceFault

_THUMB = (160, 90)
_CHANGED, _CHANGED_MOST = 10.0, 40.0  # grey levels by which a thumbnail's pixel counts as changed
_NOISES = 5.0  # standard deviations of the sensor's own noise that chance does not reach
_MOVING = 40  # changed pixels of 14,400 that are a movement: a finger's breadth
_TILES = (16, 9)
_QUIET = 0.25  # this part of the tiles shows noise and nothing else, whatever moves
_AWAKE_S, _FIRST_S = 3.0, 1.0  # after a movement; after the first sight of a scene
_PATIENCE_S, _REFILL = 4.0, 0.5  # seconds of full attention; a second's rest brings half a one
_GAP_S = 1.5  # frames further apart than this say nothing about what was between them
_GLOW, _FLOOD = 0.02, 0.8  # of the picture: a phone's screen; more is the sun in the lens


class Attention(Enum):
    """How much a frame is worth.

    REST: nothing moves; a glance at some frames. SOME: something moves, and has for some seconds
    without anything that looks like a code, as people who pass do; what reads most for its time,
    at some frames. FULL: a person may be holding something up.
    """

    REST = "rest"
    SOME = "some"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Sight:
    """`moved_at` in seconds of the frames' clock; `fault` is what is wrong with the picture;
    `glowing` is a burnt-out area that was not there while the scene was at rest."""

    attention: Attention
    moved_at: float
    fault: DeviceFault
    glowing: bool = False

    @property
    def blind(self) -> bool:
        """Nothing can be read from such a picture, or nothing of it would be news."""
        return self.fault in (DeviceFault.PICTURE_BLACK, DeviceFault.PICTURE_FROZEN)


class Motion:
    """Tells movement from noise. A dark shop has several times the noise of a lit one, so what
    counts as a change follows the quietest quarter of the picture."""

    def __init__(self) -> None:
        self._thumb: Picture | None = None
        self._noise: float | None = None

    def see(self, thumb: Picture, settled: bool) -> bool:
        """Did something move since the last thumbnail? The first one is news. Not `settled` is a
        picture whose brightness the camera itself changed: it tells nothing about the scene."""
        before, self._thumb = self._thumb, thumb
        if before is None:
            return True
        if not settled:
            return False
        change = cv2.absdiff(thumb, before)
        self._learn(np.asarray(change, np.uint8))
        level = min(_CHANGED_MOST, max(_CHANGED, _NOISES * (self._noise or 0.0)))
        return int(np.count_nonzero(change > level)) >= _MOVING

    def _learn(self, change: Picture) -> None:
        """Up slowly, so that a person who fills the picture is not taken for noise; down fast."""
        tiles = cv2.resize(change.astype(np.float32), _TILES, interpolation=cv2.INTER_AREA).ravel()
        rank = int(tiles.size * _QUIET)
        noise = float(np.partition(tiles, rank)[rank]) / 0.8  # mean distance to deviation
        if self._noise is None:
            self._noise = noise
        else:
            self._noise += (noise - self._noise) * (0.05 if noise > self._noise else 0.3)


class Watch:
    """Follows the frames of one camera; `alive` as of drivers.scanners.camera.sources.Source."""

    def __init__(self, alive: bool) -> None:
        self._lens = Lens(alive)
        self._patience = _PATIENCE_S
        self.restart()

    def restart(self) -> None:
        """Forget what was seen: after a reconnect nothing is known."""
        self._motion = Motion()
        self._lens.restart()
        self._moved_at = self._seen_at = self._awake_until = float("-inf")
        self._burnt: float | None = None

    def see(self, grey: Picture, at: float, settled: bool = True) -> Sight:
        thumb = np.asarray(cv2.resize(grey, _THUMB, interpolation=cv2.INTER_AREA), np.uint8)
        if self._motion.see(thumb, settled):
            began = self._seen_at == float("-inf")
            self._moved_at, self._awake_until = at, at + (_FIRST_S if began else _AWAKE_S)
        fault = self._lens.see(grey, thumb, at, self._moved_at)
        attention = self._attend(at)
        return Sight(attention, self._moved_at, fault, self._glowing(thumb, attention, settled))

    def wake(self, at: float) -> None:
        """Look closely although nothing moved: a new screen waits for something else, or a code
        is seen and not read."""
        self._awake_until = max(self._awake_until, at + _AWAKE_S)
        self._patience = _PATIENCE_S

    def notice(self) -> None:
        """A code was read, or something that looks like one was seen: somebody is there who may
        hold it up, or another. While something moves, that is; a poster alone keeps nobody busy."""
        self._patience = _PATIENCE_S

    def proven(self) -> None:
        """A code was read, so the lens is clear."""
        self._lens.proven()

    def _glowing(self, thumb: Picture, attention: Attention, settled: bool) -> bool:
        burnt = share_of_white(thumb)
        if self._burnt is None or (attention is Attention.REST and settled):
            self._burnt = burnt
        return _GLOW < burnt - self._burnt < _FLOOD

    def _attend(self, at: float) -> Attention:
        gap = at - self._seen_at
        passed = gap if 0 <= gap <= _GAP_S else 0.0
        self._seen_at = at
        if at > self._awake_until:
            self._patience = min(_PATIENCE_S, self._patience + passed * _REFILL)
            return Attention.REST
        self._patience = max(0.0, self._patience - passed)
        return Attention.FULL if self._patience > 0 else Attention.SOME
