"""The core thread: one queue, one step at a time, snapshots out."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from kiosk.flows.faults import after_fault
from kiosk.flows.model import Do, FlowEvent, Session, Tick, Timing
from kiosk.ports import ScanHint

Step = Callable[[Session, FlowEvent, Do, Timing], Session]

logger = logging.getLogger(__name__)
_BUSY = 64  # events waiting, from which on hints are dropped


class Runner:
    """Runs a flow on a thread of its own.

    `show` gets every new session, on the core thread; it must only hand it on. `monotonic` is
    the clock of the ticks, one each `every` seconds. A step that raises is logged and leads to
    a safe screen: the thread itself never dies.
    """

    def __init__(
        self,
        step: Step,
        do: Do,
        timing: Timing,
        show: Callable[[Session], None],
        initial: Session,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        every: float = 0.25,
    ) -> None:
        self._step = step
        self._do = do
        self._timing = timing
        self._show = show
        self._session = initial
        self._monotonic = monotonic
        self._every = every
        self._queue: queue.SimpleQueue[FlowEvent | None] = queue.SimpleQueue()
        self._ticking = threading.Event()
        self._thread = threading.Thread(target=self._run, name="core", daemon=True)

    def start(self) -> None:
        """Shows the first session and begins."""
        self._thread.start()

    def post(self, event: FlowEvent) -> None:
        """Hand in an event, from any thread. One tick waits at a time, and hints are dropped
        while the core is busy: nothing that only says "still" can fill the queue."""
        match event:
            case Tick():
                if self._ticking.is_set():
                    return
                self._ticking.set()
            case ScanHint() if self._queue.qsize() >= _BUSY:
                return
            case _:
                pass
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
                event = Tick()
            if event is None:
                return
            self._take(event)
            # Ticks come in a crowd of events as well: time-outs must not wait for silence.
            if isinstance(event, Tick) or self._monotonic() >= due:
                due = self._monotonic() + self._every
                if not isinstance(event, Tick):
                    self._take(Tick())

    def _take(self, event: FlowEvent) -> None:
        if isinstance(event, Tick):
            self._ticking.clear()
        before = self._session
        try:
            self._session = self._step(before, event, self._do, self._timing)
        except Exception:
            logger.exception("a step broke: %s in %s", type(event).__name__, _name(before))
            self._session = self._rescued(before)
        if self._session is not before:
            self._publish()

    def _rescued(self, before: Session) -> Session:
        """A safe screen; the old one where even that breaks, for a later event may do better."""
        try:
            return after_fault(before, self._do, self._timing)
        except Exception:
            logger.exception("no safe screen after a broken step")
            return before

    def _publish(self) -> None:
        try:
            self._show(self._session)
        except Exception:
            logger.exception("the screen did not take %s", _name(self._session))


def _name(session: Session) -> str:
    """The screen's name: a log holds no shopper's data."""
    return type(session.screen).__name__
