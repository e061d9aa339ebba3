"""What a condition may speak of: one line a dimension, by the kind of value it has.

None is for what nobody knows: no comparison with it holds, and none fails either
(kiosk.domain.policy.condition). A word nobody filled in is no word, which is known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from kiosk.domain.policy.model import Facts

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Words = Callable[[Facts], Collection[str] | None]
Number = Callable[[Facts], int | None]
Amount = Callable[[Facts], tuple[int, str] | None]
Day = Callable[[Facts], date | None]
Flag = Callable[[Facts], bool]


def _one(word: str) -> tuple[str, ...]:
    return (word,) if word else ()


def _chosen(facts: Facts) -> tuple[str, ...] | None:
    """Not chosen yet is not known yet."""
    return _one(facts.resolution) or None


def _part(facts: Facts) -> tuple[str, ...]:
    return ("full",) if full(facts) else ("partial",)


def full(facts: Facts) -> bool:
    """With this visit the whole order has come back; what was authorised of it, where nobody
    knows how large the order was."""
    units = facts.authorisation.order_units
    together = facts.together
    return together.units + together.units_before >= (units or together.units_authorised)


def _returned(facts: Facts) -> tuple[int, str] | None:
    together = facts.together
    return (together.value, together.currency) if together.currency else None


def _order_value(facts: Facts) -> tuple[int, str] | None:
    value = facts.authorisation.order_value
    return None if value is None else (value.minor, value.currency)


def past_returns(facts: Facts) -> int:
    """Other returns of this customer, as far back as the bundle and the ledger go."""
    own = facts.authorisation.return_id
    return sum(1 for past in facts.history if past.return_id != own)


WORDS: dict[str, Words] = {
    "category": lambda facts: _one(facts.line.category),
    "type": lambda facts: _one(facts.line.type),
    "vendor": lambda facts: _one(facts.line.vendor),
    "tag": lambda facts: facts.line.tags,
    "sku": lambda facts: _one(facts.line.sku),
    "hazard": lambda facts: _one(facts.line.hazard),
    "reason": lambda facts: _one(facts.line.reason),
    "country": lambda facts: _one(facts.authorisation.country),
    "zone": lambda facts: _one(facts.authorisation.zone),
    "channel": lambda facts: _one(facts.authorisation.channel),
    "customer": lambda facts: _one(facts.authorisation.customer),
    "segment": lambda facts: facts.authorisation.segments,
    "resolution": _chosen,
    "method": lambda facts: _one(facts.context.method),
    "site": lambda facts: _one(facts.context.site),
    "site_country": lambda facts: _one(facts.context.site_country),
    "part": _part,
    "weekday": lambda facts: (WEEKDAYS[facts.local.weekday()],),
}
NUMBERS: dict[str, Number] = {
    "discount": lambda facts: facts.line.discount,
    "weight": lambda facts: facts.line.weight_g or None,
    "longest": lambda facts: facts.line.longest_mm or None,
    "measured": lambda facts: facts.measured_g,
    "units": lambda facts: facts.brought,
    "return_units": lambda facts: facts.together.units,
    "return_lines": lambda facts: facts.together.lines,
    "order_units": lambda facts: facts.authorisation.order_units or None,
    "past_returns": past_returns,
    "policy_age": lambda facts: facts.context.policy_age_hours,
    "bin_space": lambda facts: facts.context.bin_free_percent,
    "hour": lambda facts: facts.local.hour,
}
AMOUNTS: dict[str, Amount] = {
    "value": lambda facts: (facts.line.price.minor, facts.line.price.currency),
    "line_value": lambda facts: (
        facts.line.price.minor * facts.brought,
        facts.line.price.currency,
    ),
    "return_value": _returned,
    "order_value": _order_value,
}
DAYS: dict[str, Day] = {
    "ordered": lambda facts: facts.authorisation.ordered_on,
    "fulfilled": lambda facts: facts.authorisation.fulfilled_on,
    "delivered": lambda facts: facts.authorisation.delivered_on,
    "today": lambda facts: facts.local.date(),
}
FLAGS: dict[str, Flag] = {
    "offline": lambda facts: facts.context.offline or facts.context.policy_stale,
    "final_sale": lambda facts: facts.line.final_sale,
    "hygiene": lambda facts: facts.line.hygiene,
    "age_restricted": lambda facts: facts.line.age > 0,
    "staffed": lambda facts: facts.context.staffed,
}
CLOSED: dict[str, frozenset[str]] = {
    "weekday": frozenset(WEEKDAYS),
    "part": frozenset({"full", "partial"}),
}
LOCAL = frozenset({"weekday", "hour", "today"})
"""What needs the merchant's time zone, which may be one that nobody knows: LookupError then."""
CLOCK = frozenset({"weekday", "hour", "today", "policy_age", "offline"})
"""What may change by waiting alone. A rule that closes a window must not look at it, or a later
clock could open what an earlier one had closed."""


def known(facts: Facts, dimension: str) -> bool:
    """Whether there is anything to compare with."""
    for table in (WORDS, NUMBERS, AMOUNTS, DAYS, FLAGS):
        if dimension in table:
            value = table[dimension](facts)
            return value is not None and value != ()
    raise LookupError(dimension)
