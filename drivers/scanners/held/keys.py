"""From the event bytes of a scanner that types to its payloads."""

from __future__ import annotations

from collections.abc import Callable

from drivers.scanners.held.evdev import Events, Lost
from drivers.scanners.held.keymap import END_CHARACTERS, MODIFIERS, Keyboard
from drivers.scanners.held.layouts import Layout
from drivers.scanners.held.typed import PATIENCE_S, End, Gathering, Sent

Held = Callable[[], frozenset[int]]


class Keys:
    """Makes payloads of key events: characters until Enter or Tab, or, for a scanner that sends
    neither, until a pause of `gap_s`. `held` tells which keys are down after events were lost."""

    def __init__(self, layout: Layout, gap_s: float | None = None, held: Held = frozenset) -> None:
        self._events = Events()
        self._keyboard = Keyboard(layout)
        self._keyboard.resync(held())
        self._gathering = Gathering()
        self._gap_s = gap_s
        self._held = held

    def feed(self, data: bytes, at: float) -> list[Sent]:
        complete: list[Sent] = []
        for event in self._events.read(data, at):
            complete += self._overdue(event.at)
            if isinstance(event, Lost):
                self._keyboard.resync(self._held())
                self._gathering.spoil(event.at)
            else:
                complete += self._key(event.code, event.value, event.at)
        return complete

    def due(self) -> float | None:
        if not self._gathering.begun:
            return None
        return self._gathering.last_at + (self._gap_s or PATIENCE_S)

    def late(self, at: float) -> list[Sent]:
        return self._overdue(at)

    def _overdue(self, at: float) -> list[Sent]:
        """What lies there since a pause too long to belong to what comes."""
        due = self.due()
        if due is None or at < due:
            return []
        return self._end(End.NONE if self._gap_s is None else End.SILENCE)

    def _key(self, code: int, value: int, at: float) -> list[Sent]:
        self._gathering.key(code, value)
        typed = self._keyboard.event(code, value)
        if not typed and value == 1 and code not in MODIFIERS:
            self._gathering.ignore()
        complete: list[Sent] = []
        for char in typed:
            if char in END_CHARACTERS:
                complete += self._end(End.TAB if char == "\t" else End.ENTER)
            else:
                self._gathering.add(char.encode(), at)
        return complete

    def _end(self, end: End) -> list[Sent]:
        sent = self._gathering.end(end)
        return [] if sent is None else [sent]


class Silent:
    """The media keys of a composite scanner: held, so that nobody gets them, and not heard."""

    def feed(self, data: bytes, at: float) -> list[Sent]:
        del data, at
        return []

    def due(self) -> float | None:
        return None

    def late(self, at: float) -> list[Sent]:
        del at
        return []
