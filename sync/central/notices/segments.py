"""How long a short message is: one of 160 characters, or several that are billed each.

3GPP TS 23.038, 6.2.1: the GSM 7-bit default alphabet and its extension, whose characters take two
places. What has any other character goes as UCS-2. A message of several parts has a header in
each (3GPP TS 23.040, 9.2.3.24.1).
"""

from __future__ import annotations

from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE: Final = frozenset("^{}\\[~]|€\f")
MOST: Final = 4
"""More parts than that nobody reads, and somebody pays for."""


def segments(text: str) -> int:
    """How many parts a text is sent in."""
    if all(sign in _BASIC or sign in _TWICE for sign in text):
        length = sum(2 if sign in _TWICE else 1 for sign in text)
        return 1 if length <= 160 else -(-length // 153)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)
