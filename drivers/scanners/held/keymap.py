"""From key events to characters, as a computer of the scanner's layout would make them.

Scanners have four ways to type what no key types: Ctrl with a letter or sign (Ctrl+] is GS),
a dead key and a letter, ALT with a number on the keypad (ALT+0029 is GS), and function keys (F8
is GS for Honeywell scanners whose Control+X mode is off). Of all control characters only the
separators of GS1 and ISO/IEC 15434 are let through: a barcode can spell any key, and a code must
never press one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.scanners.held.layouts import LAYOUTS, Layout

SHIFTS, CTRLS, ALT, ALT_GR = frozenset({42, 54}), frozenset({29, 97}), 56, 100
METAS = frozenset({125, 126})
CAPS, NUM = 58, 69
ENDS = {28: "\r", 96: "\r", 15: "\t"}  # Enter, keypad Enter, Tab
MODIFIERS = SHIFTS | CTRLS | METAS | {ALT, ALT_GR, CAPS, NUM}
SEPARATORS = "\x1c\x1d\x1e\x1f\x04"  # FS GS RS US, and EOT that ends an ISO/IEC 15434 message
END_CHARACTERS = "\r\n\t"

_FUNCTION = {65: "\x1c", 66: "\x1d", 67: "\x1e", 68: "\x1f"}  # F7 to F10
_DIGITS = dict(zip((82, 79, 80, 81, 75, 76, 77, 71, 72, 73), "0123456789", strict=True))
# Num Lock is not looked at: a scanner that uses the keypad means its digits.
_KEYPAD = _DIGITS | {74: "-", 78: "+", 83: ".", 55: "*", 98: "/"}
_CTRL_WITHOUT_SHIFT = {"6": "\x1e", "-": "\x1f"}  # a scanner's Ctrl+6 stands for Ctrl+^


@dataclass(slots=True)
class Keyboard:
    """Follows which keys are down. `event` gives what a key types: "" for nothing, several
    characters where an accent joined with nothing, one of END_CHARACTERS for an end."""

    layout: Layout = field(default_factory=lambda: LAYOUTS["us"])
    caps: bool = False
    down: set[int] = field(default_factory=set)
    _accent: str = ""
    _number: str = ""

    def event(self, code: int, value: int) -> str:
        """A key going down (1), up (0), or repeating (2), which a scanner never means."""
        if value == 0:
            self.down.discard(code)
            return self._numbered() if code == ALT else ""
        if value != 1:
            return ""
        self.down.add(code)
        if code == CAPS:
            self.caps = not self.caps
        if code in MODIFIERS:
            return ""
        return self._accented(*self._typed(code))

    def resync(self, down: frozenset[int]) -> None:
        """Events were lost: these keys are held now, and whatever was half typed is void."""
        self.down = set(down)
        self._accent = self._number = ""

    def _typed(self, code: int) -> tuple[str, bool]:
        """The character of a key, and whether it is a dead one."""
        ctrl, alt = bool(self.down & CTRLS), ALT in self.down
        if self.down & METAS:
            return "", False
        if alt and not ctrl:
            self._number += _DIGITS.get(code, "")
            return "", False
        # Windows takes Ctrl and Alt together for AltGr, and some scanners press just these.
        third = ALT_GR in self.down or (ctrl and alt)
        if ctrl and not alt:
            return self._control(code, third), False
        if code in ENDS:
            return ENDS[code], False
        if code in _FUNCTION:
            return _FUNCTION[code], False
        if code in _KEYPAD:
            return _KEYPAD[code], False
        level = self._level(code, third)
        return self.layout.typed(code, level), (code, level) in self.layout.dead

    def _level(self, code: int, third: bool) -> int:
        shift = bool(self.down & SHIFTS)
        plain = self.layout.typed(code, 0)
        if self.caps and plain.isalpha() and len(plain.upper()) == 1 and not third:
            shift = not shift
        return 2 * third + shift

    def _control(self, code: int, third: bool) -> str:
        """Ctrl and a sign, found at its place in the scanner's layout or on a US board."""
        level = 2 * third + bool(self.down & SHIFTS)
        boards = (self.layout, LAYOUTS["us"])
        for sign in [board.typed(code, at) for board in boards for at in (level, 2 * third)]:
            if "@" <= sign <= "_" or (sign.isascii() and sign.isalpha()):
                typed = chr(ord(sign) & 0x1F)
                if typed in SEPARATORS + END_CHARACTERS:
                    return typed
            if sign in _CTRL_WITHOUT_SHIFT:
                return _CTRL_WITHOUT_SHIFT[sign]
        return ""

    def _accented(self, char: str, dead: bool) -> str:
        """Joins a waiting accent with the character; an accent before a space is itself."""
        accent, self._accent = self._accent, char if dead else ""
        if not accent:
            return "" if dead else char
        if dead:
            return accent
        if char == " ":
            return accent
        return self.layout.joined.get(accent, {}).get(char, accent + char)

    def _numbered(self) -> str:
        """ALT was let go: the number typed meanwhile is a character, as on Windows. With a leading
        zero it counts in Windows-1252, without in the old code page; beyond a byte in Unicode."""
        number, self._number = self._number, ""
        if not number:
            return ""
        value = int(number[-7:])
        if value < 32:
            char = chr(value)
            return char if char in SEPARATORS + END_CHARACTERS else ""
        if value > 255:
            return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 else ""
        page = "cp1252" if number.startswith("0") else self.layout.codepage
        return bytes([value]).decode(page, "ignore")
