"""Text from outside that may stand on paper and screen: plain characters, few, in order."""

from __future__ import annotations

import unicodedata
from typing import Final

from kiosk.domain.sentences import Sentence

MOST_MARKS: Final = 4
"""Marks on one character: Vietnamese needs two, pointed Hebrew three. More climb over the lines
above."""
# Zero-width joiner and non-joiner: Persian and the scripts of India are not written without.
_JOINERS: Final = "\u200c\u200d"


def unprintable(text: str) -> str:
    """Why this must not stand in a line of ours, "" where it may.

    No control characters, which would steer a printer; no line ends; no marks of direction,
    which could turn an amount round; nothing that has no shape.
    """
    if text != text.strip():
        return Sentence("begins or ends with white space")
    marks = 0
    for char in text:
        kind = unicodedata.category(char)
        if kind in ("Mn", "Me"):
            marks += 1
            if marks > MOST_MARKS:
                return Sentence("has more than {most} marks on one character", most=MOST_MARKS)
            continue
        marks = 0
        if (kind[0] == "C" and char not in _JOINERS) or kind in ("Zl", "Zp"):
            return Sentence("holds {sign}, which cannot be printed", sign=f"U+{ord(char):04X}")
    return ""
