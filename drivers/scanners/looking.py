"""What a camera makes of its frames: scans, hints and an account of itself. Knows no threads."""

from __future__ import annotations

import logging
from collections.abc import Callable

from drivers.scanners.decoders import Decoder, grey_of
from drivers.scanners.frames import Frame, Gone
from drivers.scanners.hints import Hinter
from drivers.scanners.link import Account, Emit
from drivers.scanners.reads import Read
from drivers.scanners.rungs import Picture
from drivers.scanners.watch import Hold, Sight, Watch
from kiosk.ports import DeviceFault, ScanHint, Scanned, Symbology

_SILENT_S = 2.5  # a newest frame older than this means that the camera does not answer
_WELL_S = 2.0  # without a broken look; one that breaks now and then must not flap in the ledger
_FULL_LOOK_S = 1.0  # in a scene at rest the whole search still comes round this often

log = logging.getLogger(__name__)


class Looking:
    """The looking side of one camera, called from one thread, frame after frame.

    `alive` as of the source. Reports through `emit`: Scanned with the frame's own time, ScanHint,
    DeviceStatus when it changes.
    """

    def __init__(self, name: str, alive: bool, monotonic: Callable[[], float], emit: Emit) -> None:
        self._name = name
        self._emit = emit
        self._monotonic = monotonic
        self._account = Account(name, emit)
        self._expected: frozenset[Symbology] = frozenset()
        self._decoder = Decoder(self._expected, monotonic)
        self._hinter = Hinter()
        self._watch = Watch(alive)
        self._hold = Hold()
        self._searched_at = float("-inf")
        self._flowing = True
        self._came_at = monotonic()
        self.frozen = False
        self._broke = ""
        self._broke_at = float("-inf")

    def frame(self, frame: Frame, expected: frozenset[Symbology]) -> None:
        """Look at a frame for what is expected now."""
        grey = grey_of(frame.picture)
        if expected != self._expected:
            self._expect(expected, frame.at)
        sight = self._watch.see(grey, frame.at)
        self._flowing, self._came_at = True, frame.at
        self.frozen = sight.frozen
        if sight.black or sight.frozen:
            self._account.report(_fault(sight))
            return
        reads = self._reads(grey, frame.at, sight)
        if frame.at - self._broke_at >= _WELL_S:
            self._account.report(DeviceFault.NONE)
        for read in self._hold.admit(reads, frame.at, sight.moved_at):
            self._emit(self._scanned(read, frame.at))
        if reads:
            self._hinter.forget()
        elif sight.awake and (hint := self._hinter.look(grey, frame.at)) is not None:
            self._emit(ScanHint(hint, self._name, frame.at))

    def gone(self, gone: Gone) -> None:
        """The source failed; whatever was in view is forgotten with it."""
        self._flowing = False
        self._watch.restart()
        self._hinter.forget()
        self._account.report(gone.fault)

    def silence(self, at: float) -> None:
        """No frame came for a while: old frames are no frames."""
        if self._flowing and at - self._came_at > _SILENT_S:
            self._account.report(DeviceFault.NOT_ANSWERING)

    def broken(self, error: Exception) -> bool:
        """A look failed for reasons of its own; the next frame may well be fine. Whether that is
        news: one frame after the other may break in the same way."""
        told = f"{type(error).__name__}: {error}"
        news, self._broke, self._broke_at = told != self._broke, told, self._monotonic()
        try:
            self._account.report(DeviceFault.INTERNAL, told)
        except Exception:
            log.exception("scanner %s: nobody takes its reports", self._name)
        return news

    def _expect(self, expected: frozenset[Symbology], at: float) -> None:
        self._expected = expected
        self._decoder.expect(expected)
        self._hinter.expect(expected)
        self._watch.wake(at)

    def _reads(self, grey: Picture, at: float, sight: Sight) -> list[Read]:
        due = at - self._searched_at >= _FULL_LOOK_S
        if sight.awake or due or self._decoder.waiting:
            self._searched_at = at
            return self._decoder.look(grey, at, self._hold.known)
        return self._decoder.glance(grey, at)

    def _scanned(self, read: Read, at: float) -> Scanned:
        return Scanned(read.text, read.raw, read.symbology, read.aim, self._name, at)


def _fault(sight: Sight) -> DeviceFault:
    if sight.frozen:
        return DeviceFault.PICTURE_FROZEN
    return DeviceFault.PICTURE_BLACK if sight.black else DeviceFault.NONE
