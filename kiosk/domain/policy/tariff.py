"""How an amount is reckoned: what a fee takes, what a bonus gives."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.policy.reading import Reader
from kiosk.domain.sentences import Sentence

WHOLE = 10_000  # basis points
MOST_MINOR = 10**12


class Per(StrEnum):
    """What the amount comes for."""

    LINE = "line"
    ITEM = "item"
    PERCENT = "percent"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Tariff:
    """`amount` once a line, a unit or a return, and `basis_points` of the price (250 is 2.5 %,
    rounded half up to the minor unit), together at least `at_least` and at most `at_most`.
    `currency` is "" where only a percentage is charged: then any will do."""

    per: Per
    amount: int
    basis_points: int
    currency: str
    at_least: int
    at_most: int

    @property
    def once(self) -> bool:
        """Once for the whole return, over all its visits."""
        return self.per is Per.RETURN

    def suits(self, currency: str) -> bool:
        return self.currency in ("", currency)

    def of(self, base: int, units: int) -> int:
        """For `units` that cost `base` together."""
        flat = self.amount * (units if self.per is Per.ITEM else 1)
        share = (base * self.basis_points + WHOLE // 2) // WHOLE
        return min(self.at_most, max(self.at_least, flat + share))


def read(reader: Reader) -> Tariff:
    """`per` = "line", "item", "percent" or "return".

    `amount` (minor units) and `currency` for a line and an item; `basis_points` for a percentage
    of the line; for a return either or both, the percentage then of all lines it is charged on.
    `at_least` and `at_most` bound what comes out, and need the `currency` too.
    """
    per = reader.choice("per", Per)
    bounded = reader.has("at_least") or reader.has("at_most")
    flat = per in (Per.LINE, Per.ITEM) or (per is Per.RETURN and reader.has("amount"))
    part = per is Per.PERCENT or (per is Per.RETURN and reader.has("basis_points"))
    if not flat and not part:
        reader.wrong("amount", Sentence("or {key} must say how much", key="basis_points"))
    found = Tariff(
        per=per,
        amount=reader.integer("amount", 0, MOST_MINOR) if flat else 0,
        basis_points=reader.integer("basis_points", 0, WHOLE) if part else 0,
        currency=reader.currency() if flat or bounded else "",
        at_least=reader.integer("at_least", 0, MOST_MINOR, 0),
        at_most=reader.integer("at_most", 0, MOST_MINOR, MOST_MINOR),
    )
    if found.at_least > found.at_most:
        reader.wrong("at_least", Sentence("is above {key}", key="at_most"))
    return found
