"""Photographs go to the centre after everything else, a part at a time.

One part a step, so that a drop never waits longer than for one: parts shrink where the line is
slow and grow where it is fast. The centre says how much it has; so it goes on where it stopped,
after a restart of either side as well, and a photograph that is there already is done at once. One
that the centre does not take stays here, is offered again ever more rarely and holds up no other;
one that no event at the centre names is set aside in the end (sync.agent.unwanted). One that cannot
be read any more holds up no other either, and is told as lost (sync.agent.lost_photos).
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kiosk.store import StoreFailed
from kiosk.store.photos import PhotoFiles
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.lost_photos import CHANGED, UNREADABLE, Lost
from sync.agent.pushing import Nothing, Shut, Went
from sync.agent.unwanted import PATIENCE, Unwanted
from sync.wire import codec
from sync.wire.messages import PhotoHeld

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)

FIRST, LEAST, MOST = 16 << 10, 4 << 10, 64 << 10  # bytes of a part
_SLOW_S, _QUICK_S = 1.0, 0.25
_NOT_EXPECTED: Final = "not_expected"
_NOT_THE_PHOTO: Final = frozenset({401, 403, 407, 421, 426, 451})

Step = Nothing | Went | Shut | Busy | Away


@dataclass(slots=True)
class Sending:
    """`files` are None where none are ever taken; `again_s` is the patience with a photograph
    that the centre did not take once, `store` remembers how often and tells what was lost."""

    files: PhotoFiles | None
    client: Client
    again_s: float
    store: Store | None = None
    _part: int = FIRST
    _have: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _rests_until: float = -math.inf
    _unwanted: Unwanted = field(init=False)
    _not_expected: set[str] = field(default_factory=set)
    _lost: Lost | None = field(init=False)

    def __post_init__(self) -> None:
        self._unwanted = Unwanted(self.again_s, None if self.store is None else self.store.meta)
        self._lost = None if self.files is None else Lost(self.files, self.store)

    def waits(self) -> bool:
        """Whether one may be sent now."""
        return self._next() is not None

    def step(self) -> Step:
        """Send one part. A folder that cannot be read or written is told in the log and tried
        again later: it is no reason for drops to wait."""
        try:
            return self._step()
        except StoreFailed as failure:
            self._troubled(failure)
            return Nothing()

    def _step(self) -> Step:
        if self.files is None or self._lost is None:
            return Nothing()
        while (name := self._next()) is not None:
            jpeg = self._read(self.files, self._lost, name)
            if jpeg is not None:
                return self._send(self.files, name, jpeg)
        return Nothing()

    def _read(self, files: PhotoFiles, lost: Lost, name: str) -> bytes | None:
        """None for one that cannot be read: it rests, or is lost, and the next one has its turn."""
        try:
            jpeg = files.read(name)
        except StoreFailed as failure:
            _LOG.error("photograph %s: %s", name[:8], failure)
            jpeg, enough = None, UNREADABLE
        else:
            enough = CHANGED
        if jpeg is not None:
            lost.well(name)
        elif lost.look(name, enough):
            self._forget(name)
        else:
            _LOG.error("photograph %s cannot be read; it is looked at again", name[:8])
            self._not_before[name] = self.client.clock.monotonic() + self.again_s
        return jpeg

    def _send(self, files: PhotoFiles, name: str, jpeg: bytes) -> Step:
        start = min(self._have.get(name, 0), len(jpeg))
        answer = self._put(name, start, jpeg[start : start + self._part])
        match answer:
            case Ok():
                return self._held(files, name, len(jpeg), answer.body)
            case Refused(status=status) if status in _NOT_THE_PHOTO:
                return Shut(status)
            case Refused(status=status, problem=problem):
                _LOG.warning("photograph %s: %d %s", name[:8], status, problem.kind)
                return self._refused(files, name, problem.kind == _NOT_EXPECTED)
            case Busy():
                return answer
            case Away():
                self._part = max(LEAST, self._part // 2)
                return answer

    def rest(self, seconds: float) -> None:
        """None of them for so long, whatever else goes well meanwhile."""
        self._rests_until = self.client.clock.monotonic() + seconds

    def missing(self, names: tuple[str, ...]) -> None:
        """What the centre says it lacks."""
        try:
            for name in self._not_expected.intersection(names):
                self._not_expected.discard(name)  # its event has come, or its body
                self._not_before.pop(name, None)
                self._unwanted.drop(name)
            if names and self.files is not None and self.files.unsend(names):
                _LOG.warning("the centre asks for photographs that are here; they are sent again")
            if self._lost is not None:
                self._lost.asked(names)
        except StoreFailed as failure:
            self._troubled(failure)

    def tidy(self, now: datetime) -> None:
        """Forget what the centre has had for long enough."""
        try:
            if self.files is not None:
                self.files.prune(now)
        except StoreFailed as failure:
            self._troubled(failure)

    def _troubled(self, failure: StoreFailed) -> None:
        _LOG.error("photographs rest: %s", failure)
        self.rest(self.again_s)

    def _next(self) -> str | None:
        if self.files is None:
            return None
        now = self.client.clock.monotonic()
        if now < self._rests_until:
            return None
        try:
            found = self.files.waiting()
        except StoreFailed as failure:
            self._troubled(failure)
            return None
        return next((one for one in found if self._not_before.get(one, now) <= now), None)

    def _put(self, name: str, start: int, part: bytes) -> Ok | Refused | Busy | Away:
        path = f"/v1/devices/{self.client.device_id}/photos/{name}/{start}"
        began = self.client.clock.monotonic()
        answer = self.client.put(path, part)
        took = self.client.clock.monotonic() - began
        if took > _SLOW_S:
            self._part = max(LEAST, self._part // 2)
        elif took < _QUICK_S:
            self._part = min(MOST, self._part * 2)
        return answer

    def _held(self, files: PhotoFiles, name: str, size: int, body: bytes) -> Step:
        told = codec.decode(body, PhotoHeld)
        if told is None or not 0 <= told.have <= size or (told.done and told.have != size):
            return Away("an answer that is not the centre's")
        if not told.done:
            self._have[name] = told.have
            return Went()
        # The later of the two clocks: one that is wrong may make us keep longer, never shorter.
        here = self.client.clock.now()
        files.sent(name, max(here, told.server_time) if told.server_time.tzinfo else here)
        self._forget(name)
        return Went()

    def _refused(self, files: PhotoFiles, name: str, not_expected: bool) -> Step:
        """Perhaps its event has not come, or was set apart; perhaps something on the way takes
        offence."""
        self._have.pop(name, None)
        times = self._unwanted.refused(name, files.waiting())
        self._not_before[name] = self.client.clock.monotonic() + self._unwanted.patience(name)
        if not_expected and times >= PATIENCE:
            _LOG.error("photograph %s: no event at the centre names it; set aside", name[:8])
            here = self.client.clock.now()
            files.set_aside(name, max(here, here + self.client.offset))
            self._forget(name)
        elif not_expected:
            self._not_expected.add(name)
        return Went()

    def _forget(self, name: str) -> None:
        self._have.pop(name, None)
        self._not_before.pop(name, None)
        self._not_expected.discard(name)
        self._unwanted.drop(name)
