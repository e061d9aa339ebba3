"""The core thread: one queue, one step at a time, snapshots out. Of any flow: what a session, an
event, the verbs and the timing are is the flow's own."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from kiosk.ports import ScanHint


class OnScreen(Protocol):
    """What a session is to the runner: its screen has a name."""

    @property
    def screen(self) -> object: ...


S = TypeVar("S", bound=OnScreen)
E = TypeVar("E")
D = TypeVar("D")
T = TypeVar("T")

logger = logging.getLogger(__name__)
_BUSY = 64  # events waiting, from which on hints are dropped


class Runner(Generic[S, E, D, T]):
    """Runs a flow on a thread of its own.

    `show` gets every new session, on the core thread; it must only hand it on. `monotonic` is
    the clock of the ticks, one each `every` seconds: `tick` is posted then. A step that raises is
    logged and leads to what `rescue` answers, a safe screen: the thread itself never dies.
    """

    def __init__(
        self,
        step: Callable[[S, E, D, T], S],
        do: D,
        timing: T,
        show: Callable[[S], None],
        initial: S,
        *,
        tick: E,
        rescue: Callable[[S, D, T], S],
        monotonic: Callable[[], float] = time.monotonic,
        every: float = 0.25,
    ) -> None:
        self._step = step
        self._do = do
        self._timing = timing
        self._show = show
        self._session = initial
        self._tick = tick
        self._rescue = rescue
        self._monotonic = monotonic
        self._every = every
        self._queue: queue.SimpleQueue[E | None] = queue.SimpleQueue()
        self._ticking = threading.Event()
        self._thread = threading.Thread(target=self._run, name="core", daemon=True)

    def start(self) -> None:
        """Shows the first session and begins."""
        self._thread.start()

    def post(self, event: E) -> None:
        """Hand in an event, from any thread. One tick waits at a time, and hints are dropped
        while the core is busy: nothing that only says "still" can fill the queue."""
        if self._is_tick(event):
            if self._ticking.is_set():
                return
            self._ticking.set()
        elif isinstance(event, ScanHint) and self._queue.qsize() >= _BUSY:
            return
        self._queue.put(event)

    def stop(self) -> None:
        """Finish what is queued and end; may be called twice, and before `start`."""
        self._queue.put(None)
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        self._publish()
        due = self._monotonic() + self._every
        while True:
            try:
                event = self._queue.get(timeout=max(0.0, due - self._monotonic()))
            except queue.Empty:
                event = self._tick
            if event is None:
                return
            self._take(event)
            # Ticks come in a crowd of events as well: time-outs must not wait for silence.
            if self._is_tick(event) or self._monotonic() >= due:
                due = self._monotonic() + self._every
                if not self._is_tick(event):
                    self._take(self._tick)

    def _is_tick(self, event: E) -> bool:
        return isinstance(event, type(self._tick))

    def _take(self, event: E) -> None:
        if self._is_tick(event):
            self._ticking.clear()
        before = self._session
        try:
            self._session = self._step(before, event, self._do, self._timing)
        except Exception:
            logger.exception("a step broke: %s in %s", type(event).__name__, _name(before))
            self._session = self._rescued(before)
        if self._session is not before:
            self._publish()

    def _rescued(self, before: S) -> S:
        """A safe screen; the old one where even that breaks, for a later event may do better."""
        try:
            return self._rescue(before, self._do, self._timing)
        except Exception:
            logger.exception("no safe screen after a broken step")
            return before

    def _publish(self) -> None:
        try:
            self._show(self._session)
        except Exception:
            logger.exception("the screen did not take %s", _name(self._session))


def _name(session: OnScreen) -> str:
    """The screen's name: a log holds no shopper's data."""
    return type(session.screen).__name__
