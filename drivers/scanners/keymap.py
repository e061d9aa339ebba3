"""Key codes of Linux (linux/input-event-codes.h) as a US keyboard types them.

Scanners that type do so as a US keyboard unless programmed otherwise. Of all control characters
only the three separators of ISO/IEC 15434 and GS1 are let through: a barcode can spell any key,
and a code must never press one.
"""

from __future__ import annotations

from dataclasses import dataclass

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)
PLAIN = {first + i: char for first, plain, _ in _ROWS for i, char in enumerate(plain)}
SHIFTED = {first + i: char for first, _, upper in _ROWS for i, char in enumerate(upper)}
KEYPAD = dict(
    zip((71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83), "789-456+1230.", strict=True)
) | {55: "*", 98: "/"}
CONTROL = {27: "\x1d", 7: "\x1e", 32: "\x04"}  # Ctrl+] is GS, Ctrl+6 is RS, Ctrl+D is EOT
SHIFT, CTRL, CAPS = frozenset({42, 54}), frozenset({29, 97}), 58
ENDS = frozenset({28, 96, 15})  # Enter, keypad Enter, Tab


@dataclass(slots=True)
class Keyboard:
    """Follows which modifiers are down. `press` gives what a key types, "" for nothing."""

    shift: int = 0
    ctrl: int = 0
    caps: bool = False

    def event(self, code: int, value: int) -> str:
        """A key going down (1), up (0) or repeating (2), which a scanner never means."""
        if code in SHIFT or code in CTRL:
            step = (value == 1) - (value == 0)
            if code in SHIFT:
                self.shift = max(0, self.shift + step)
            else:
                self.ctrl = max(0, self.ctrl + step)
            return ""
        if value != 1:
            return ""
        if code == CAPS:
            self.caps = not self.caps
            return ""
        return self._typed(code)

    def _typed(self, code: int) -> str:
        if self.ctrl:
            return CONTROL.get(code, "")
        if code in KEYPAD:
            return KEYPAD[code]
        plain = PLAIN.get(code, "")
        upper = (self.shift > 0) is not (self.caps and plain.isalpha())
        return SHIFTED.get(code, "") if upper else plain
