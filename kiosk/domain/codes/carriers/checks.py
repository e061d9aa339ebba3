"""Check digits as carriers define them: pure functions, each with what it promises to catch.

A check is told the body (every character it covers, in order) and answers the character that must
follow. `Promise` states as data which slips of one character, and which exchanges of two
neighbours, may pass unseen; everything else is caught, always. The tests hold both sides: nothing
outside the lists passes, and every entry of the lists does happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHANUMERIC = DIGITS + LETTERS

Apart = frozenset[int]
NEVER: Apart = frozenset()


@dataclass(frozen=True, slots=True)
class Promise:
    """What a check lets pass: how far apart (in value) two characters are that it may confuse.

    `slip` by the weight of the place: one character read as another. `swap` by the weights of two
    neighbours of the body: read in the wrong order. `last` by the weight of the body's last
    place: that character and the check exchanged, as (character's value, check's value). A weight
    that is not listed lets nothing pass.
    """

    slip: Mapping[int, Apart] = field(default_factory=dict)
    swap: Mapping[tuple[int, int], Apart] = field(default_factory=dict)
    last: Mapping[int, frozenset[tuple[int, int]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Check:
    """One algorithm. `weights` gives each place of a body of so many characters its weight (for
    the promise); `outcomes` is how many check characters there are: the bigger, the stronger."""

    name: str
    expected: Callable[[str], str]
    weights: Callable[[int], tuple[int, ...]]
    promise: Promise
    outcomes: int = 10
    value: Callable[[str], int] = int

    def good(self, body: str, check: str) -> bool:
        """Whether the check is the one that belongs to the body."""
        return self.expected(body) == check


def _products(values: Iterable[int], weights: Iterable[int]) -> int:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def _from_right(*cycle: int) -> Callable[[int], tuple[int, ...]]:
    """Weights that repeat from the last place on."""
    return lambda length: tuple(cycle[(length - 1 - i) % len(cycle)] for i in range(length))


def _from_left(*cycle: int) -> Callable[[int], tuple[int, ...]]:
    """Weights that repeat from the first place on."""
    return lambda length: tuple(cycle[i % len(cycle)] for i in range(length))


def letter_value(character: str) -> int:
    """A letter counts as a digit: A is 2, B is 3, ... H is 9, I is 0 (UPS)."""
    return int(character) if character.isdigit() else (ord(character) - 3) % 10


def ascii_value(character: str) -> int:
    """A letter counts as the last digit of its ASCII code: A is 5, B is 6 (Australia Post)."""
    return int(character) if character.isdigit() else ord(character) % 10


def _ten_complement(
    weights: Callable[[int], tuple[int, ...]], value: Callable[[str], int] = int, start: int = 0
) -> Callable[[str], str]:
    def expected(body: str) -> str:
        total = start + _products((value(c) for c in body), weights(len(body)))
        return str(-total % 10)

    return expected


def _sevens(body: str) -> str:
    return str(int(body) % 7)


def _elevens_to_ten(weights: Callable[[int], tuple[int, ...]]) -> Callable[[str], str]:
    def expected(body: str) -> str:
        return str(_products(map(int, body), weights(len(body))) % 11 % 10)

    return expected


def _s10(body: str) -> str:
    check = 11 - _products(map(int, body), (8, 6, 4, 2, 3, 5, 9, 7)) % 11
    return str({10: 0, 11: 5}.get(check, check))


def _luhn(body: str) -> str:
    total = 0
    for i, digit in enumerate(map(int, reversed(body))):
        doubled = digit * 2 if i % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _iso_7064_37_36(body: str) -> str:
    """ISO/IEC 7064 MOD 37,36, the hybrid system."""
    carried = 36
    for character in body:
        carried = (carried + ALPHANUMERIC.index(character)) % 36 or 36
        carried = carried * 2 % 37
    return ALPHANUMERIC[(37 - carried) % 36]


_FIVE: Apart = frozenset({5})
_ANY: Apart = frozenset(range(10))
_GS1 = _from_right(3, 1)
_UPS = _from_left(1, 2)
_IDENT = _from_right(4, 9)
_FEDEX = _from_right(1, 3, 7)

GS1_MOD_10 = Check(
    "mod 10, weights 3 and 1",
    _ten_complement(_GS1),
    _GS1,
    Promise(swap={(3, 1): _FIVE, (1, 3): _FIVE}),
)
UPS_MOD_10 = Check(
    "mod 10, weights 1 and 2, letters as digits",
    _ten_complement(_UPS, letter_value),
    _UPS,
    Promise(),
    value=letter_value,
)
GLS = Check("mod 10, weights 3 and 1, one added", _ten_complement(_GS1, start=1), _GS1, Promise())
AUSPOST = Check(
    "mod 10, weights 3 and 1, letters by their ASCII code",
    _ten_complement(_GS1, ascii_value),
    _GS1,
    Promise(),
    value=ascii_value,
)
IDENTCODE = Check("mod 10, weights 4 and 9", _ten_complement(_IDENT), _IDENT, Promise())
MOD_7 = Check("mod 7 of the number", _sevens, _from_right(1), Promise(), outcomes=7)
FEDEX_MOD_11 = Check("mod 11, weights 1, 3 and 7", _elevens_to_ten(_FEDEX), _FEDEX, Promise())
S10 = Check("UPU S10, mod 11", _s10, lambda _: (8, 6, 4, 2, 3, 5, 9, 7), Promise())
LUHN = Check("Luhn", _luhn, _from_right(2, 1), Promise())
ISO_7064_37_36 = Check(
    "ISO 7064 mod 37,36",
    _iso_7064_37_36,
    _from_right(1),
    Promise(),
    outcomes=36,
    value=ALPHANUMERIC.index,
)
