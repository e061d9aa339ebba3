"""Base45 (RFC 9285): bytes in the 45 characters of a QR code's alphanumeric mode.

Two bytes become three characters, a last single byte two. Decoding is strict: a character
outside the alphabet, a dangling character or a group above its range raises ValueError, so that
every byte string has exactly one text.
"""

from __future__ import annotations

import struct
from functools import cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """A receipt waits for it, so the first two characters of a group are looked up as one."""
    pairs, whole = _pairs(), len(data) // 2
    numbers = struct.unpack(f">{whole}H", data[: 2 * whole])
    parts = [pairs[number % 2025] + ALPHABET[number // 2025] for number in numbers]
    parts += [pairs[byte] for byte in data[2 * whole :]]
    return "".join(parts)


@cache
def _pairs() -> tuple[str, ...]:
    """Every number below 45 times 45 in two characters, the smaller first."""
    return tuple(low + high for high in ALPHABET for low in ALPHABET)


def decode(text: str) -> bytes:
    """The bytes of a Base45 text; ValueError if it is none."""
    if len(text) % 3 == 1:
        raise ValueError("one character too many or too few")
    try:
        values = [_VALUE[character] for character in text]
    except KeyError:
        raise ValueError("a character outside the alphabet") from None
    data = bytearray()
    whole = len(values) - len(values) % 3
    for at in range(0, whole, 3):  # written out: this is most of what reading a code takes
        number = values[at] + 45 * values[at + 1] + 2025 * values[at + 2]
        if number > 0xFFFF:
            raise ValueError("a group beyond its range")
        data.append(number >> 8)
        data.append(number & 0xFF)
    if whole < len(values):
        number = values[whole] + 45 * values[whole + 1]
        if number > 0xFF:
            raise ValueError("a group beyond its range")
        data.append(number)
    return bytes(data)
