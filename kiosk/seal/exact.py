"""Deterministic CBOR (RFC 8949, 4.2.1) of the few kinds that our envelopes hold, byte by byte.

What has one exact form is written and taken apart without a general coder: nothing of a foreign
shape ever gets further than its first byte, and it costs a fifth of the time.
"""

from __future__ import annotations

UNSIGNED, NEGATIVE, BYTES, TEXT, MAP = 0, 1, 2, 3, 5
"""Major types (RFC 8949, 3.1)."""
_LEAST = (24, 1 << 8, 1 << 16, 1 << 32)
"""The least value that needs 1, 2, 4 or 8 bytes of its own."""


def head(major: int, value: int) -> bytes:
    """The head of an item: its type with `value`, a number or a length, in the shortest form.
    OverflowError above 64 bits."""
    if value < 24:
        return bytes((major << 5 | value,))
    size = next((place for place in (0, 1, 2) if value < _LEAST[place + 1]), 3)
    return bytes((major << 5 | 24 + size,)) + value.to_bytes(1 << size, "big")


_SHORT = tuple(head(BYTES, size) for size in range(256))
"""Heads of all byte strings that a code held up can contain."""


def byte_string(data: bytes) -> bytes:
    size = len(data)
    return (_SHORT[size] if size < 256 else head(BYTES, size)) + data


def text_string(text: str) -> bytes:
    data = text.encode("utf-8")
    return head(TEXT, len(data)) + data


def read_head(data: bytes, at: int, major: int) -> tuple[int, int]:
    """The value of a head of that type, and where it ends. ValueError for any other type, a form
    that is not the shortest, and an end in the middle."""
    first = data[at] if at < len(data) else -1
    short = first & 31
    if first >> 5 != major or short > 27:
        raise ValueError("no such item")
    if short < 24:
        return short, at + 1
    end = at + 1 + (1 << short - 24)
    value = int.from_bytes(data[at + 1 : end], "big")
    if end > len(data) or value < _LEAST[short - 24]:
        raise ValueError("cut off, or not in its shortest form")
    return value, end


def read_string(data: bytes, at: int, major: int) -> tuple[bytes, int]:
    """The bytes of a byte or text string, and where they end. ValueError as `read_head`."""
    size, begin = read_head(data, at, major)
    end = begin + size
    if end > len(data):
        raise ValueError("cut off")
    return data[begin:end], end
