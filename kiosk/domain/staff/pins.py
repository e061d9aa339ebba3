"""Which PINs are too easy. The PIN itself is passed through and never kept.

Six digits at least: of a million, the 20 tries that a week allows (tries.py) find one in 50,000
times; of four digits, one in 500 times.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from kiosk.domain.staff.saying import Because, Refused, Then

_DIGITS = frozenset("0123456789")
_FEWEST_DIFFERENT = 3


@dataclass(frozen=True, slots=True)
class PinRule:
    """How many digits a PIN has, both ends included."""

    least: int = 6
    most: int = 12


def weak(pin: str, rule: PinRule, staff_id: str = "") -> Refused | None:
    """Why a PIN cannot be chosen; None where it can. Too easy are runs (345678, 876543), halves or
    thirds that repeat (123123, 121212), fewer than three different digits, and one's own id."""
    if not set(pin) <= _DIGITS:
        return Refused(Because.PIN_NOT_DIGITS, Then.CHOOSE_PIN)
    if not rule.least <= len(pin) <= rule.most:
        sizes: dict[str, str | int] = {"least": rule.least, "most": rule.most}
        return Refused(Because.PIN_LENGTH, Then.CHOOSE_PIN, sizes)
    if len(set(pin)) < _FEWEST_DIFFERENT or _runs(pin) or _repeats(pin) or pin == staff_id:
        return Refused(Because.PIN_TOO_EASY, Then.CHOOSE_PIN)
    return None


def _runs(pin: str) -> bool:
    """Whether each digit is the next one, up or down; 9 and 0 are neighbours."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return steps in ({1}, {9})


def _repeats(pin: str) -> bool:
    """Whether it is one shorter piece again and again: then it lies in itself, moved."""
    return pin in (pin + pin)[1:-1]
