"""The check digits and dates inside GS1 data (GS1 General Specifications, 7.9 and 7.12).

biip splits element strings and looks at GTIN, SSCC and GLN only; every other check is here, and
those three once more, as the library puts an error where the value should be instead of refusing.
"""

from __future__ import annotations

from collections.abc import Callable

# How many characters, from the first, the check digit closes (mod 10, weights 3 and 1).
_MOD_10 = {
    "00": 18,
    "01": 14,
    "02": 14,
    "03": 14,
    "253": 13,
    "255": 13,
    "402": 17,
    **{f"41{place}": 13 for place in range(8)},
    "8003": 14,
    "8006": 14,
    "8017": 18,
    "8018": 18,
    "8026": 14,
}
_CHARACTERS = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_PAIR = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def mod_10(digits: str) -> bool:
    """Whether the last digit is the check digit of the others: GTIN, SSCC, GLN and their kin."""
    weights = (3 if place % 2 else 1 for place in range(len(digits)))
    pairs = zip(reversed(digits), weights, strict=True)
    return sum(int(digit) * weight for digit, weight in pairs) % 10 == 0


def pair(value: str) -> bool:
    """Whether the last two characters are the check pair of the others (GMN, M-UDI-DI):
    characters by their place among the 82, times primes from the right, modulo 1021."""
    body, check = value[:-2], value[-2:]
    if not 0 < len(body) <= len(_PRIMES) or any(c not in _CHARACTERS for c in body):
        return False
    products = (_CHARACTERS.index(c) * p for c, p in zip(reversed(body), _PRIMES, strict=False))
    total = sum(products) % 1021
    return check == _PAIR[total >> 5] + _PAIR[total & 31]


def iban(value: str) -> bool:
    """ISO 13616: country and check moved to the end, letters as two digits, modulo 97 is 1."""
    moved = value[4:] + value[:4]
    if len(value) < 5 or not moved.isalnum() or moved != moved.upper():
        return False
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def day(value: str, open_day: bool = True) -> bool:
    """YYMMDD; with `open_day` 00 may stand for the last of the month. A leap day needs its year:
    GS1's hundred years around today have 2000 in them and neither 1900 nor 2100."""
    year, month, on = int(value[:2]), int(value[2:4]), int(value[4:6])
    if not 1 <= month <= 12 or (on == 0 and not open_day) or on > _DAYS[month - 1]:
        return False
    return (month, on) != (2, 29) or year % 4 == 0


def clock(value: str) -> bool:
    """HHMM, or 9999 for none."""
    return value == "9999" or (value[:2] < "24" and value[2:4] < "60")


def _piece(value: str) -> bool:
    """Piece and total, two digits each: neither is nought, nor the piece more than the total."""
    return "00" < value[-4:-2] <= value[-2:]


_OTHERS: dict[str, Callable[[str], bool]] = {
    **dict.fromkeys(("11", "12", "13", "15", "16", "17"), day),
    "4324": lambda value: day(value) and clock(value[6:]),
    "4325": lambda value: day(value) and clock(value[6:]),
    "4326": lambda value: day(value, open_day=False),
    "7003": lambda value: day(value, open_day=False) and clock(value[6:]),
    "7006": lambda value: day(value, open_day=False),
    "7007": lambda value: all(day(one, open_day=False) for one in (value[:6], value[6:]) if one),
    "7011": lambda value: day(value, open_day=False) and clock(value[6:] or "0000"),
    "8006": _piece,
    "8007": iban,
    "8008": lambda value: day(value, open_day=False),
    "8013": pair,
    "8014": pair,
    "8026": _piece,
}


def good(ai: str, value: str) -> bool:
    """Whether a value that has its identifier's form passes what the form does not show."""
    closed = _MOD_10.get(ai)
    if closed is not None and not mod_10(value[:closed]):
        return False
    other = _OTHERS.get(ai)
    return other is None or other(value)
