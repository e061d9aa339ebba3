"""Where a rule applies: what a `when` or an `unless` may say about a line.

Every dimension given must hold (AND); a dimension with several values holds for any of them;
`any` is a short list of such conditions, one of which must hold (OR). An empty condition holds
always.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.policy.model import Facts
from kiosk.domain.policy.reading import Reader

MOST_ALTERNATIVES = 20
MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class ValueRange:
    """The price of one unit, in minor units, both ends included. A line in another currency is
    outside every range: use one rule a currency."""

    low: int
    high: int
    currency: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One `when`. An empty tuple or None means that this dimension does not matter.

    `offline` holds while the kiosk cannot reach the centre or its policy has gone stale.
    """

    category: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    value: ValueRange | None = None
    offline: bool | None = None
    any: tuple[Condition, ...] = ()

    @property
    def empty(self) -> bool:
        return self == Condition()

    def holds(self, facts: Facts) -> bool:
        line = facts.line
        return (
            (not self.category or line.category in self.category)
            and (not self.tag or not line.tags.isdisjoint(self.tag))
            and (not self.sku or line.sku in self.sku)
            and (not self.country or facts.authorisation.country in self.country)
            and (not self.reason or line.reason in self.reason)
            and self._value_holds(facts)
            and self._offline_holds(facts)
            and (not self.any or any(part.holds(facts) for part in self.any))
        )

    def _value_holds(self, facts: Facts) -> bool:
        if self.value is None:
            return True
        price = facts.line.price
        return (
            price.currency == self.value.currency
            and self.value.low <= price.minor <= self.value.high
        )

    def _offline_holds(self, facts: Facts) -> bool:
        if self.offline is None:
            return True
        context = facts.context
        return self.offline == (context.offline or context.policy_stale)


def _value(reader: Reader) -> ValueRange | None:
    child = reader.child("value")
    if child is None:
        return None
    found = ValueRange(
        child.integer("min", 0, MOST_MINOR, 0),
        child.integer("max", 0, MOST_MINOR, MOST_MINOR),
        child.currency(),
    )
    if found.low > found.high:
        child.wrong("min", "is above max")
    reader.absorb(child)
    return found


def read(reader: Reader, nested: bool = False) -> Condition:
    """The condition an object spells; `any` goes one level deep."""
    alternatives = () if nested else reader.children("any", MOST_ALTERNATIVES)
    parts = tuple(read(part, nested=True) for part in alternatives)
    for part in alternatives:
        reader.absorb(part)
    return Condition(
        category=reader.words("category"),
        tag=reader.words("tag"),
        sku=reader.words("sku"),
        country=reader.words("country"),
        reason=reader.words("reason"),
        value=_value(reader),
        offline=reader.flag("offline"),
        any=parts,
    )
