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


def _chosen(facts: Facts) -> tuple[str, ...] | None:
    """Not chosen yet is not known yet."""
    chosen = facts.resolution
    return (chosen,) if chosen else None


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


# Written out, each with its own `if`: these are looked at for every line of every return.
WORDS: dict[str, Words] = {
    "category": lambda facts: (word,) if (word := facts.line.category) else (),
    "type": lambda facts: (word,) if (word := facts.line.type) else (),
    "vendor": lambda facts: (word,) if (word := facts.line.vendor) else (),
    "tag": lambda facts: facts.line.tags,
    "sku": lambda facts: (word,) if (word := facts.line.sku) else (),
    "hazard": lambda facts: (word,) if (word := facts.line.hazard) else (),
    "reason": lambda facts: (word,) if (word := facts.line.reason) else (),
    "country": lambda facts: (word,) if (word := facts.authorisation.country) else (),
    "zone": lambda facts: (word,) if (word := facts.authorisation.zone) else (),
    "channel": lambda facts: (word,) if (word := facts.authorisation.channel) else (),
    "customer": lambda facts: (word,) if (word := facts.authorisation.customer) else (),
    "segment": lambda facts: facts.authorisation.segments,
    "resolution": _chosen,
    "method": lambda facts: (word,) if (word := facts.context.method) else (),
    "site": lambda facts: (word,) if (word := facts.context.site) else (),
    "site_country": lambda facts: (word,) if (word := facts.context.site_country) else (),
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
OF_RETURN = frozenset(
    {"country", "zone", "channel", "customer", "segment", "method", "site", "site_country"}
    | {"part", "return_units", "return_lines", "return_value", "order_units", "order_value"}
    | {"past_returns", "policy_age", "bin_space", "ordered", "fulfilled", "delivered"}
    | {"offline", "staffed", *LOCAL}
)
"""What is the same for all lines of a return: it looks at the authorisation, the merchant, the
kiosk's situation, the customer's history and what is brought together, at nothing of a line."""
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
