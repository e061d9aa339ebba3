"""Work that can wait until nobody stands at the kiosk, on a thread of its own.

Python loads modules under its one lock, and a screen that changes meanwhile comes late. So what a
first use would otherwise wait for is loaded a while after the start, and only in a quiet moment.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("takeback")

PAUSE_S = 3.0


class Later:
    """Runs `task` once, on the first look that finds `quiet` true; looks every `pause_s` seconds,
    the first time after as long. What the task raises is logged: whoever needs it does it then."""

    def __init__(
        self, task: Callable[[], None], quiet: Callable[[], bool], pause_s: float = PAUSE_S
    ) -> None:
        self._task = task
        self._quiet = quiet
        self._pause_s = pause_s
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, name="later", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Waits for a task that runs; may be called before `start`."""
        self._leaving.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._leaving.wait(self._pause_s):
            if self._quiet():
                try:
                    self._task()
                except Exception:
                    log.exception("what could have been made ready in a quiet moment was not")
                return
