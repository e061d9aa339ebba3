"""Photographs go to the centre after everything else, a part at a time.

One part a step, so that a drop never waits longer than for one: parts shrink where the line is
slow and grow where it is fast. The centre says how much it has; so it goes on where it stopped,
after a restart of either side as well, and a photograph that is there already is done at once. One
that the centre does not take stays here, is offered again later and holds up no other.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kiosk.store import StoreFailed
from kiosk.store.photos import PhotoFiles
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pushing import Nothing, Shut, Went
from sync.wire import codec
from sync.wire.messages import PhotoHeld

_LOG = logging.getLogger(__name__)

FIRST, LEAST, MOST = 16 << 10, 4 << 10, 64 << 10  # bytes of a part
_SLOW_S, _QUICK_S = 1.0, 0.25
_NOT_THE_PHOTO: Final = frozenset({401, 403, 407, 421, 426, 451})

Step = Nothing | Went | Shut | Busy | Away


@dataclass(slots=True)
class Sending:
    """`files` are None where none are ever taken; `again_s` is the patience with a photograph
    that the centre did not take."""

    files: PhotoFiles | None
    client: Client
    again_s: float
    _part: int = FIRST
    _have: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)
    _rests_until: float = -math.inf

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
        name = self._next()
        if self.files is None or name is None:
            return Nothing()
        jpeg = self.files.read(name)
        if jpeg is None:
            _LOG.error("photograph %s is not whole any more; it stays for an engineer", name[:8])
            self._later(name)
            return Nothing()
        start = min(self._have.get(name, 0), len(jpeg))
        answer = self._put(name, start, jpeg[start : start + self._part])
        match answer:
            case Ok():
                return self._held(self.files, name, len(jpeg), answer.body)
            case Refused(status=status) if status in _NOT_THE_PHOTO:
                return Shut(status)
            case Refused(status=status, problem=problem):
                _LOG.warning("photograph %s: %d %s", name[:8], status, problem.kind)
                return self._later(name)
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
            if names and self.files is not None and self.files.unsend(names):
                _LOG.warning("the centre lacks photographs that it had; they are sent again")
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
        at = max(here, told.server_time) if told.server_time.tzinfo else here
        files.sent(name, at)
        self._have.pop(name, None)
        self._not_before.pop(name, None)
        return Went()

    def _later(self, name: str) -> Step:
        """Perhaps its event is not there yet, or was kept apart."""
        self._have.pop(name, None)
        self._not_before[name] = self.client.clock.monotonic() + self.again_s
        return Went()
