"""What a camera makes of its frames: scans, hints and an account of itself. Knows no threads."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum, auto

from drivers.scanners.camera.clues import Clues
from drivers.scanners.camera.exposure import Bracket
from drivers.scanners.camera.frames import Frame, Gone
from drivers.scanners.camera.hints import Hinter
from drivers.scanners.camera.hold import Hold
from drivers.scanners.camera.unread import Trouble
from drivers.scanners.camera.watch import Attention, Sight, Watch
from drivers.scanners.decoders import Decoder
from drivers.scanners.decoders.quads import centre
from drivers.scanners.decoders.reads import Read
from drivers.scanners.formats import rows
from drivers.scanners.link import Account, Emit
from drivers.scanners.pictures import Picture, grey_of
from kiosk.ports import DeviceFault, HintKind, ScanHint, Scanned, Symbology

# What is older than this before a look, or after it, is no news: the screen may be another by now.
STALE_S, SLOW_S = 1.0, 2.0
_SILENT_S = 2.5  # a newest frame older than this means that the camera does not answer
_WELL_S = 2.0  # without a broken look; one that breaks now and then must not flap in the ledger
_FULL_LOOK_S = 5.0  # in a scene at rest the whole search still comes round this often
_EVERY_OTHER = 2  # frame is glanced at where nothing moves
_SOFT_SPELLS = 3  # codes held up in vain, one after the other, all of them blurred

log = logging.getLogger(__name__)


class Look(Enum):
    """How thoroughly a frame is searched, as of drivers.scanners.decoders.Decoder."""

    NONE = auto()
    GLANCE = auto()
    SKIM = auto()
    BRIEF = auto()
    WHOLE = auto()


class Looking:
    """The looking side of one camera, called from one thread, frame after frame.

    `alive` as of the source. Reports through `emit`: Scanned with the frame's own time, ScanHint,
    DeviceStatus when it changes. `attention` and `step` are wishes: how much the next frames are
    worth, and the exposure they should have. `blind` tells that nothing is seen, before that is
    reported: the picture is black or stands still, or none comes. `account` is told with the
    camera's good states.
    """

    def __init__(self, name: str, alive: bool, monotonic: Callable[[], float], emit: Emit) -> None:
        self._name = name
        self._emit = emit
        self._monotonic = monotonic
        self._account = Account(name, emit)
        self._expected: frozenset[Symbology] = frozenset()
        self._searched: frozenset[Symbology] = frozenset()
        self._decoder = Decoder(self._expected, monotonic)
        self._hinter = Hinter()
        self._watch = Watch(alive)
        self._clues = Clues()
        self._hold = Hold()
        self._bracket = Bracket()
        self._looked = False
        self._searched_at = float("-inf")
        self._turn = 0
        self._began = False
        self._flowing = True
        self._came_at = monotonic()
        self._broke = ""
        self._broke_at = float("-inf")
        self._spells = 0
        self._spell = False
        self.frozen = self.blind = False
        self.attention = Attention.FULL
        self.step = 0
        self.account = ""
        self.looks = self.stale = 0

    def frame(self, frame: Frame, expected: frozenset[Symbology]) -> None:
        """Look at a frame for what is expected now."""
        if self._late(frame, STALE_S):
            self.silence(self._monotonic())  # where all are late, nothing is seen either
            return
        grey = grey_of(frame.picture)
        if expected != self._expected:
            self._expect(expected, frame.at)
        sight = self._watch.see(grey, frame.at, frame.settled)
        self._began = True
        self._flowing, self._came_at = True, frame.at
        self.frozen = sight.fault is DeviceFault.PICTURE_FROZEN
        self.blind = sight.blind
        self.attention = sight.attention
        if sight.blind:
            self._hold.pause()
            self._report(sight.fault)
            return
        reads = self._reads(grey, frame.at, sight)
        if self._late(frame, SLOW_S):
            self._hold.pause()
            return
        self._attend(reads, frame.at)
        if self._looked and frame.at - self._broke_at >= _WELL_S:
            self._report(self._fault(sight, reads))
        fresh = self._hold.admit(reads, frame.at, sight.moved_at, self._searched)
        for read in fresh:
            self._emit(self._scanned(read, frame.at))
        hint = self._hint(grey, frame, sight, reads)
        if hint is not None:
            self._emit(ScanHint(hint, self._name, frame.at))

    def gone(self, gone: Gone) -> None:
        """The source failed. The codes in view are remembered: one that is still held up when the
        camera is back was scanned already."""
        self._flowing, self.blind = False, True
        self._watch.restart()
        self._hinter.forget()
        self._bracket.restart()
        self._hold.pause()
        self.step, self.attention = 0, Attention.FULL
        self._report(gone.fault)

    def silence(self, at: float) -> None:
        """No frame came for a while: old frames are no frames."""
        if self._flowing and at - self._came_at > _SILENT_S:
            self.blind = True
            self._hold.pause()
            self._report(DeviceFault.NOT_ANSWERING)

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

    def _late(self, frame: Frame, patience_s: float) -> bool:
        """Has it waited too long, or did the look at it take too long, to be acted upon?"""
        late = self._monotonic() - frame.at > patience_s
        self.stale += late
        return late

    def _report(self, fault: DeviceFault) -> None:
        self._account.report(fault, self.account if fault is DeviceFault.NONE else "")

    def _expect(self, expected: frozenset[Symbology], at: float) -> None:
        self._expected = expected
        self._decoder.expect(expected)
        self._hinter.expect(expected)
        if self._began:
            self._watch.wake(at)

    def _reads(self, grey: Picture, at: float, sight: Sight) -> list[Read]:
        wanted = bool(rows(self._expected))
        look = self._look(at, sight) if wanted else Look.NONE
        self._searched, self._looked = frozenset(), look is not Look.NONE or not wanted
        if look is Look.NONE:
            return []
        self.looks += 1
        reads = self._decoded(look, grey, at)
        self._searched = self._decoder.searched
        return reads

    def _decoded(self, look: Look, grey: Picture, at: float) -> list[Read]:
        match look:
            case Look.NONE:
                return []
            case Look.GLANCE:
                return self._decoder.glance(grey, at)
            case Look.SKIM:
                return self._decoder.skim(grey, at)
            case Look.BRIEF | Look.WHOLE:
                self._searched_at = at
                return self._decoder.look(grey, at, self._hold.known, look is Look.BRIEF)

    def _look(self, at: float, sight: Sight) -> Look:
        if self._decoder.waiting:
            return Look.WHOLE
        due = at - self._searched_at >= _FULL_LOOK_S
        match sight.attention:
            case Attention.FULL:
                return Look.WHOLE
            case Attention.SOME:
                return Look.BRIEF if due else Look.SKIM
            case Attention.REST:
                self._turn = (self._turn + 1) % _EVERY_OTHER
                seldom = Look.GLANCE if self._turn == 0 else Look.NONE
                return Look.BRIEF if due else seldom

    def _attend(self, reads: list[Read], at: float) -> None:
        """Codes, and what looks like one, are worth a closer look as long as they are news."""
        places = [centre(read.quad) for read in reads]
        clue = self._decoder.clue if self._looked and not reads else None
        places += [] if clue is None else [clue]
        news = [self._clues.news(place, at) for place in places]  # each is to be remembered
        if any(news):
            self._watch.notice()

    def _fault(self, sight: Sight, reads: list[Read]) -> DeviceFault:
        """A code that reads disproves whatever the picture looks like."""
        if reads:
            self._spells, self._spell = 0, False
            self._watch.proven()
            return DeviceFault.NONE
        soft = self._spells >= _SOFT_SPELLS and sight.fault is DeviceFault.NONE
        return DeviceFault.PICTURE_BLURRED if soft else sight.fault

    def _hint(
        self, grey: Picture, frame: Frame, sight: Sight, reads: list[Read]
    ) -> HintKind | None:
        hint = None
        if reads:
            self._hinter.forget()
        elif sight.attention is not Attention.REST and rows(self._expected):
            seen = self._decoder.sighting if self._looked else None
            seldom = sight.attention is Attention.SOME
            hint = self._hinter.look(grey, frame.at, seen, seldom)
        trouble = None if sight.attention is Attention.REST else self._hinter.trouble
        if trouble is not None:
            self._watch.wake(frame.at)
        self._count_spells(trouble, hint)
        self.step = self._bracket.see(
            frame.at, frame.step, bool(reads), trouble, sight.glowing and bool(self._expected)
        )
        return hint

    def _count_spells(self, trouble: Trouble | None, hint: HintKind | None) -> None:
        """One code after the other that stays blurred until its owner is sent to the keys: then
        it is not their hands that are at fault."""
        if trouble is None:
            self._spell = False
        elif hint is HintKind.TYPE_INSTEAD and trouble is Trouble.BLURRED and not self._spell:
            self._spells, self._spell = self._spells + 1, True

    def _scanned(self, read: Read, at: float) -> Scanned:
        return Scanned(read.text, read.raw, read.symbology, read.aim, self._name, at)
