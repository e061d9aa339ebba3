"""A check character over Crockford's Base32 that catches what fingers do.

Each character is an element of GF(32) (polynomials over two elements modulo x^5 + x^2 + 1). A
text is good when the sum of its characters, each times another power of x, is zero. The weights
are all different and none is zero, so every single wrong character and every exchange of two
characters, adjacent or not, gives another sum: certain, not merely likely, up to 31 characters.
The alphabet is the one of the data, so the check character prints and types like the others.
"""

from __future__ import annotations

from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U
VALUE = {character: value for value, character in enumerate(ALPHABET)}
LONGEST = 31

_MODULUS = 0b100101
_FOLD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _MODULUS if value & 0b100000 else value


_TIMES_X = tuple(_times_x(value) for value in range(len(ALPHABET)))


def _sum(values: Iterable[int]) -> int:
    """Horner's rule: the first character ends with the highest power, the last with x^0."""
    total = 0
    for value in values:
        total = _TIMES_X[total] ^ value
    return total


def check_character(data: str) -> str:
    """What to append to `data`; KeyError for a character outside the alphabet."""
    return ALPHABET[_sum([*(VALUE[c] for c in data), 0])]


def with_check(data: str) -> str:
    return data + check_character(data)


def spell(value: int, bits: int) -> str:
    """A number of `bits` bits (a multiple of five) in the alphabet, highest first. ValueError
    outside the range."""
    if not 0 <= value < 1 << bits:
        raise ValueError(f"it holds {bits} bits")
    return "".join(ALPHABET[value >> shift & 31] for shift in range(bits - 5, -1, -5))


def fold(text: str) -> str:
    """What a person typed, in capitals, with the alphabet's own forgiveness: hyphens and spaces
    are nothing, O is zero, I and L are one."""
    return text.translate(_FOLD)


def good(text: str) -> bool:
    """Whether a text, check character last, is as it was made."""
    if not 1 < len(text) <= LONGEST or any(character not in VALUE for character in text):
        return False
    return _sum(VALUE[character] for character in text) == 0
