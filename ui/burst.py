"""A scanner that types into the window: told from a person by its speed, and kept from the screen.

The drivers take typing scanners away from the window system. This is for the one that is in no
settings, or types while no driver holds it. Every key is held back until it is clear who types:
a person's go on to the screen after HOLD_MS, a scanner's never do.

Whoever types, keys with Ctrl, Alt or Windows and the function keys do nothing here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, cast

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWindow

GAP_MS: Final = 35  # a scanner's pauses are shorter, a person's longer
HOLD_MS: Final = 60
LEAST: Final = 6  # characters; nobody types six in a row that fast
LONGEST: Final = 7_200
QUIET_MS: Final = 200  # what follows a broken burst so soon is the rest of it

_ENDS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_COMMANDS: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
# As drivers.scanners.held.keymap has them: the separators of GS1 and ISO/IEC 15434.
_SEPARATORS: Final = "\x1c\x1d\x1e\x1f\x04"
_FUNCTION: Final = {
    Qt.Key.Key_F7: "\x1c",
    Qt.Key.Key_F8: "\x1d",
    Qt.Key.Key_F9: "\x1e",
    Qt.Key.Key_F10: "\x1f",
}

_log = logging.getLogger(__name__)
Time = Callable[[QKeyEvent], float]


class Bursts(QObject):
    """Stands before a window. `taken` gets what a scanner typed, without its Enter or Tab. GUI
    thread. `time` gives a key's milliseconds; by default the window system's own."""

    def __init__(
        self, window: QWindow, taken: Callable[[str], None], time: Time | None = None
    ) -> None:
        super().__init__(window)
        self._window = window
        self._taken = taken
        self._clock = QElapsedTimer()
        self._clock.start()
        self._time = time or self._system_time
        self._held: list[QKeyEvent] = []
        self._swallowed: set[int] = set()
        self._text = ""
        self._last = self._ended = self._quiet = float("-inf")
        self._passing = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HOLD_MS)
        # Keys that already wait in the queue come first, however late the timer is.
        self._timer.timeout.connect(lambda: QTimer.singleShot(0, self, self._late))
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if self._passing:
            return False
        if event.type() == QEvent.Type.KeyPress:
            return self._press(cast("QKeyEvent", event))
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(cast("QKeyEvent", event))
        return False

    def _press(self, key: QKeyEvent) -> bool:
        """True for a key that the screen does not get now."""
        char = _char(key)
        if not char and _is_command(key):
            self._swallowed.add(key.key())
            return True
        if key.isAutoRepeat():
            # A finger that rests on a key repeats it as fast as a scanner types.
            self._over()
            return False
        at = self._time(key)
        pause = at - self._last
        if pause > GAP_MS:
            self._over()
        self._last = at
        if self._is_rest(key, at, pause):
            self._swallowed.add(key.key())
            return True
        if key.key() in _ENDS and len(self._text) >= LEAST:
            self._complete(at)
            self._swallowed.add(key.key())
            return True
        self._hold(key)
        self._text = (self._text + char)[: LONGEST + 1]
        return True

    def _is_rest(self, key: QKeyEvent, at: float, pause: float) -> bool:
        """Does it belong to what was taken, as LF after CR, or to what broke off?"""
        if at <= self._quiet:
            if pause <= HOLD_MS:
                self._quiet = at + QUIET_MS
            return True
        return key.key() in _ENDS and at - self._ended <= HOLD_MS

    def _release(self, key: QKeyEvent) -> bool:
        if key.key() in self._swallowed:
            if not key.isAutoRepeat():
                self._swallowed.discard(key.key())
            return True
        if not self._held:
            return False
        self._hold(key)
        return True

    def _hold(self, key: QKeyEvent) -> None:
        # A copy: Qt takes its own back. Of a burst beyond any code nothing need be kept.
        if len(self._held) < 4 * LONGEST:
            self._held.append(key.clone())
        self._timer.start()

    def _complete(self, at: float) -> None:
        text = self._text
        self._forget()
        self._ended = at
        if len(text) > LONGEST:
            _log.warning("something types without end; dropped")
        else:
            self._taken(text)

    def _late(self) -> None:
        if not self._timer.isActive():
            self._over()

    def _over(self) -> None:
        """No burst any more: a person's keys go on, a broken one's do not."""
        held, text = self._held, self._text
        self._forget()
        if len(text) >= LEAST:
            # Not the text: it may be somebody's secret.
            _log.warning("a scanner typed %d characters without Enter; dropped", len(text))
            self._quiet = self._last + QUIET_MS
            return
        self._passing = True
        try:
            for key in held:
                QCoreApplication.sendEvent(self._window, key)
        finally:
            self._passing = False

    def _forget(self) -> None:
        self._held, self._text = [], ""
        self._timer.stop()

    def _system_time(self, key: QKeyEvent) -> float:
        return float(key.timestamp() or self._clock.elapsed())


def _char(key: QKeyEvent) -> str:
    """What a key types: a printable character, a separator, or ""."""
    if key.key() in _FUNCTION and not key.modifiers() & _COMMANDS:
        return _FUNCTION[Qt.Key(key.key())]
    text = key.text()
    if len(text) != 1 or text in _SEPARATORS:
        return text if len(text) == 1 else ""
    return "" if key.modifiers() & _COMMANDS or not text.isprintable() else text


def _is_command(key: QKeyEvent) -> bool:
    function = Qt.Key.Key_F1.value <= key.key() <= Qt.Key.Key_F35.value
    return function or bool(key.modifiers() & _COMMANDS)
