"""Whether SVG path data can be drawn to its end (SVG 1.1, 8.3.9; without exponents).

A renderer draws broken data up to the fault and leaves out the rest, so half a logo would show.
"""

from __future__ import annotations

import re
from typing import Final

NUMBERS: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
"""How many each command takes, or a multiple of it."""
ARC: Final = 7
FLAGS: Final = (3, 4)
"""Of an arc's numbers; each is one digit, and the next number may follow at once."""

_COMMAND: Final = re.compile(r" *([MmZzLlHhVvCcSsQqTtAa])([^MmZzLlHhVvCcSsQqTtAa]*)")
_FIRST: Final = re.compile(r" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_NEXT: Final = re.compile(r" *,? *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_FLAG: Final = re.compile(r" *,? *[01]")


def whole(path: str) -> bool:
    """Whether nothing of it is left out."""
    at, first = 0, True
    while found := _COMMAND.match(path, at):
        letter = found[1].upper()
        if (first and letter != "M") or not _takes(letter, found[2]):
            return False
        at, first = found.end(), False
    return not first and at == len(path)


def _takes(letter: str, told: str) -> bool:
    """Whether a command can use what follows it."""
    count = at = 0
    while found := _pattern(letter, count).match(told, at):
        count, at = count + 1, found.end()
    if told[at:].strip(" "):
        return False
    each = NUMBERS[letter]
    return count == 0 if each == 0 else count > 0 and count % each == 0


def _pattern(letter: str, count: int) -> re.Pattern[str]:
    if letter == "A" and count % ARC in FLAGS:
        return _FLAG
    return _NEXT if count else _FIRST
