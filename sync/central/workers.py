"""Several processes behind one address: a parent that serves nothing, and children that do.

The parent holds the socket, forks, starts again who ends of itself, and at the end asks all to end
and waits. It has no threads and opens no database, so that a child that is forked later finds
nothing half done. Children end when the parent does, however that ends: they hear a pipe close.

The first child begins alone: what keeps a centre from serving is said once, and the schema is
brought up to date once. `Child.work` is called in the child; it calls `ready` once it serves, and
returns after `leave` is set.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from typing import Final

_LOG = logging.getLogger(__name__)
_FORK: Final = multiprocessing.get_context("fork")

Ready = Callable[[], None]
PATIENCE_S: Final = 60.0  # until a child serves, and until it has ended
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
_WELL_S: Final = 60.0  # whoever lived so long is started again at once
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Child:
    name: str
    work: Callable[[threading.Event, Ready], None]
    ended: Callable[[], None] = lambda: None
    """In the parent, before it is started again."""


@dataclass(slots=True)
class _Place:
    """A child's place, and who is in it."""

    child: Child
    process: BaseProcess | None = None
    began: float = 0.0
    pause_s: float = field(default_factory=lambda: FIRST_PAUSE_S)
    due: float = 0.0


@dataclass(slots=True)
class Workers:
    """`run` once, on the main thread. `until` is a file to read: the end of it is the end."""

    children: Sequence[Child]
    until: int | None = None
    _places: list[_Place] = field(init=False)
    _held: tuple[int, int] = field(init=False)
    _told: tuple[int, int] = field(init=False)
    _ears: selectors.BaseSelector = field(init=False)

    def run(self, serving: Callable[[], None]) -> int:
        """Until a signal; the exit status. `serving` is called once all serve."""
        self._places = [_Place(child) for child in self.children]
        self._held, self._told, self._ears = os.pipe(), os.pipe(), selectors.DefaultSelector()
        os.set_blocking(self._told[1], False)
        self._ears.register(self._told[0], selectors.EVENT_READ)
        if self.until is not None:
            self._ears.register(self.until, selectors.EVENT_READ)
        before = [signal.signal(number, self._signalled) for number in _SIGNALS]
        try:
            for place in self._places:
                if not self._first(place):
                    return self._status(place)
            serving()
            self._watch()
        finally:
            self._end()
            for number, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(number, handler)
            self._ears.close()
            for one in (*self._held, *self._told):
                os.close(one)
        return 0

    def _signalled(self, *_: object) -> None:
        os.write(self._told[1], b".")

    # --- children ---

    def _first(self, place: _Place) -> bool:
        """Whether a child came to serve; False where it ended, or somebody asked to end."""
        ready, tell = os.pipe()
        self._start(place, (ready, tell))
        os.close(tell)
        assert place.process is not None
        self._ears.register(ready, selectors.EVENT_READ)
        try:
            ends = time.monotonic() + PATIENCE_S
            while (left := ends - time.monotonic()) > 0:
                heard = {key.fd for key, _ in self._ears.select(left)}
                if self._asked(heard):
                    return False
                if ready in heard:
                    return os.read(ready, 1) != b""
            _LOG.error("%s did not come up", place.child.name)
            return False
        finally:
            self._ears.unregister(ready)
            os.close(ready)

    def _start(self, place: _Place, pipe: tuple[int, int] | None = None) -> None:
        sys.stdout.flush()
        place.process = _FORK.Process(
            target=self._be, args=(place.child, pipe), name=place.child.name
        )
        # A child that is asked to end before it can hear would not end.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            place.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        place.began = time.monotonic()

    def _be(self, child: Child, pipe: tuple[int, int] | None) -> None:
        """In the child."""
        self._ears.close()
        for one in (self._held[1], *self._told, *(pipe[:1] if pipe else ())):
            os.close(one)
        leave = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: leave.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it, too
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        threading.Thread(target=self._until_alone, args=(leave,), daemon=True).start()

        def ready() -> None:
            if pipe is not None:
                os.write(pipe[1], b".")
                os.close(pipe[1])

        child.work(leave, ready)

    def _until_alone(self, leave: threading.Event) -> None:
        os.read(self._held[0], 1)  # nobody writes: it returns when the parent is no more
        leave.set()

    # --- the parent's day ---

    def _watch(self) -> None:
        while True:
            sentinels = {
                place.process.sentinel: place for place in self._places if place.process is not None
            }
            for one in sentinels:
                self._ears.register(one, selectors.EVENT_READ)
            due = [place.due for place in self._places if place.process is None]
            wait = max(0.0, min(due) - time.monotonic()) if due else None
            heard = {key.fd for key, _ in self._ears.select(wait)}
            for one in sentinels:
                self._ears.unregister(one)
            if self._asked(heard):
                return
            for one in heard & set(sentinels):
                self._fell(sentinels[one])
            for place in self._places:
                if place.process is None and place.due <= time.monotonic():
                    place.child.ended()
                    self._start(place)

    def _asked(self, heard: set[int]) -> bool:
        """Whether somebody asks to end: a signal, or what we were to read until its end."""
        if self._told[0] in heard:
            return True
        return self.until is not None and self.until in heard and not os.read(self.until, 4096)

    def _fell(self, place: _Place) -> None:
        process, now = place.process, time.monotonic()
        assert process is not None
        process.join()
        lived = now - place.began
        place.pause_s = FIRST_PAUSE_S if lived > _WELL_S else min(LONGEST_PAUSE_S, place.pause_s)
        place.due = now + (0.0 if lived > _WELL_S else place.pause_s)
        place.pause_s *= 2
        _LOG.error(
            "%s ended of itself with status %s; it is started again", process.name, process.exitcode
        )
        place.process = None

    # --- the end ---

    def _end(self) -> None:
        """Ask all, wait, and end by force who does not."""
        here = [place.process for place in self._places if place.process is not None]
        for process in here:
            if process.is_alive():
                process.terminate()
        ends = time.monotonic() + PATIENCE_S / 2
        for process in here:
            process.join(max(0.1, ends - time.monotonic()))
            if process.is_alive():
                _LOG.error("%s did not end in time", process.name)
                process.kill()
                process.join()

    @staticmethod
    def _status(place: _Place) -> int:
        """What the first one that failed ended with; 0 where somebody asked to end."""
        process = place.process
        assert process is not None
        process.join(PATIENCE_S)
        return process.exitcode or 0
