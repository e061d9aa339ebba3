"""How bright the next picture should be: other exposures are tried while a code is seen unread.

A phone's screen is many times brighter than the shop behind it. A camera that sets its exposure
for the whole picture burns the screen out, code and all; one that sets it for the screen loses a
label in the shade. Pure but for memory; the times are those of the frames.
"""

from __future__ import annotations

from drivers.scanners.camera.unread import Trouble

_SURE_S = 0.3  # unread for so long; most codes read before
_STEP_S = 0.4  # a few settled frames at each exposure
_KEEP_S = 2.0  # after a read, for the codes that come next in the same light
_LONGEST_S, _PAUSE_S = 6.0, 3.0
_GONE_S = 1.2

_DARKER, _BRIGHTER, _BOTH = (-1, 0, -2, 0), (1, 0, 2, 0), (-1, 0, 1, 0)


class Bracket:
    """Chooses a step: 0 is the exposure as it is set, each step below a third of the light, each
    above three times as much."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._seen_at = self._since = self._began = float("-inf")
        self._read_at = float("-inf")
        self._good = 0
        self._order: tuple[int, ...] = _DARKER

    def see(self, at: float, step: int, read: bool, trouble: Trouble | None, glowing: bool) -> int:
        """The step for the next frames. This frame was taken at `step`; `trouble` is why a code in
        view does not read, None without one; `glowing` is a burnt-out area that is new here."""
        if read:
            self._read_at, self._good = at, step
            self._since = self._began = float("-inf")
        if at - self._read_at <= _KEEP_S:
            return self._good
        self._notice(at, step, trouble, glowing)
        if at - self._seen_at > _GONE_S:
            self._since = self._began = float("-inf")
            return 0
        if at - self._since < _SURE_S:
            return 0
        if self._began == float("-inf") or at - self._began >= _LONGEST_S + _PAUSE_S:
            self._began = at
        passed = at - self._began
        if passed >= _LONGEST_S:
            return 0
        return self._order[int(passed / _STEP_S) % len(self._order)]

    def _notice(self, at: float, step: int, trouble: Trouble | None, glowing: bool) -> None:
        # A glow is judged at the usual exposure alone: at others it is gone, or everywhere.
        if trouble is None and not (glowing and step == 0):
            return
        if at - self._seen_at > _GONE_S:
            self._since = at
        self._seen_at = at
        if step == 0:
            self._order = _DARKER if glowing else _order(trouble)


def _order(trouble: Trouble | None) -> tuple[int, ...]:
    match trouble:
        case Trouble.DIM:
            return _BRIGHTER
        case Trouble.GLARE | Trouble.BLURRED | None:  # a shorter exposure also blurs less
            return _DARKER
        case Trouble.SMALL | Trouble.LARGE | Trouble.DAMAGED:
            return _BOTH
