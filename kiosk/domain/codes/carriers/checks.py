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
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


@dataclass(frozen=True, slots=True)
class Promise:
    """What a check may let pass: how far apart, in value, two characters are that it may confuse.

    `slip` by the weight of the place: one character read as another. `swap` by the weights of two
    neighbours of the body: read in the wrong order. `last` by the weight of the body's last
    place: that character and the check exchanged. A weight that is not listed lets nothing pass.
    A check that is wrong by itself is always caught.
    """

    slip: Mapping[int, Apart] = field(default_factory=dict)
    swap: Mapping[tuple[int, int], Apart] = field(default_factory=dict)
    last: Mapping[int, Apart] = field(default_factory=dict)


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
    check = 11 - _products(map(int, body), _S10_WEIGHTS) % 11
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


def _apart(*values: int) -> Apart:
    return frozenset(values)


_GS1 = _from_right(3, 1)
_UPS = _from_left(1, 2)
_IDENT = _from_right(4, 9)
_FEDEX = _from_right(1, 3, 7)
_FIVE = _apart(5)

GS1_MOD_10 = Check(
    "mod 10, weights 3 and 1",
    _ten_complement(_GS1),
    _GS1,
    Promise(swap={(3, 1): _FIVE, (1, 3): _FIVE}, last={3: _FIVE}),
)
GLS = Check(
    "mod 10, weights 3 and 1, one added",
    _ten_complement(_GS1, start=1),
    _GS1,
    Promise(swap={(3, 1): _FIVE, (1, 3): _FIVE}, last={3: _FIVE}),
)
# Letters that count alike (A and 5) are one to these two checks: they are 0 apart.
AUSPOST = Check(
    "mod 10, weights 3 and 1, letters by their ASCII code",
    _ten_complement(_GS1, ascii_value),
    _GS1,
    Promise(
        slip={1: _apart(0), 3: _apart(0)},
        swap={(3, 1): _apart(0, 5), (1, 3): _apart(0, 5)},
        last={3: _FIVE},
    ),
    value=ascii_value,
)
# The doubled places take d and d + 5 for the same. The last place of a 1Z number has the weight
# of the check itself: the two may be exchanged unseen.
UPS_MOD_10 = Check(
    "mod 10, weights 1 and 2, letters as digits",
    _ten_complement(_UPS, letter_value),
    _UPS,
    Promise(
        slip={1: _apart(0), 2: _apart(0, 5)},
        swap={(1, 2): _apart(0), (2, 1): _apart(0)},
        last={1: _apart(*range(1, 10))},
    ),
    value=letter_value,
)
# 4 - 9 and 10 share the factor 5: neighbours an even distance apart change places unseen.
IDENTCODE = Check(
    "mod 10, weights 4 and 9",
    _ten_complement(_IDENT),
    _IDENT,
    Promise(
        slip={4: _FIVE},
        swap={(4, 9): _apart(2, 4, 6, 8), (9, 4): _apart(2, 4, 6, 8)},
    ),
)
MOD_7 = Check(
    "mod 7 of the number",
    _sevens,
    _from_right(1),
    Promise(slip={1: _apart(7)}, swap={(1, 1): _apart(7)}),
    outcomes=7,
)
# Eleven remainders share ten digits: 10 is written 0. Only sums that leave 0 or 10 can be confused.
FEDEX_MOD_11 = Check(
    "mod 11, weights 1, 3 and 7",
    _elevens_to_ten(_FEDEX),
    _FEDEX,
    Promise(
        slip={1: _apart(1), 3: _apart(4, 7), 7: _apart(3, 8)},
        swap={(1, 7): _apart(2, 9), (7, 3): _apart(3, 8), (3, 1): _apart(5, 6)},
        last={1: _FIVE},
    ),
)
# The same with 11 - 0, which is written 5 as 11 - 6 is.
S10 = Check(
    "UPU S10, mod 11",
    _s10,
    lambda _: _S10_WEIGHTS,
    Promise(
        slip={
            2: _apart(3, 8),
            3: _apart(2, 9),
            4: _apart(4, 7),
            5: _apart(1),
            6: _apart(1),
            7: _apart(4, 7),
            8: _apart(2, 9),
            9: _apart(3, 8),
        },
        swap={
            (8, 6): _apart(3, 8),
            (6, 4): _apart(3, 8),
            (4, 2): _apart(3, 8),
            (2, 3): _apart(5, 6),
            (3, 5): _apart(3, 8),
            (5, 9): _apart(4, 7),
            (9, 7): _apart(3, 8),
        },
        last={7: _apart(1, 2)},
    ),
)
LUHN = Check(
    "Luhn",
    _luhn,
    _from_right(2, 1),
    Promise(swap={(2, 1): _apart(9), (1, 2): _apart(9)}, last={2: _apart(9)}),
)
ISO_7064_37_36 = Check(
    "ISO 7064 mod 37,36",
    _iso_7064_37_36,
    _from_right(1),
    Promise(swap={(1, 1): _apart(1, 35)}, last={1: _apart(1)}),
    outcomes=36,
    value=ALPHANUMERIC.index,
)
