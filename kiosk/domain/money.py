"""Amounts in minor units, so that no sum is ever rounded."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of one currency.

    `minor` counts the currency's minor unit (cents for EUR, whole yen for JPY);
    `currency` is the ISO 4217 alphabetic code.
    """

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.minor
