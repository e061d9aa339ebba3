"""Merchants in their own looks, as far as those are good.

The centre checked every look before it signed. The kiosk checks again: it may know other limits,
and a kiosk that shows what it was told unseen could be made unreadable from afar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk import house
from kiosk.domain import look
from kiosk.domain.events import LookRefused
from kiosk.domain.policy.bundle import PolicyContent
from kiosk.domain.returns import Merchant

MOST_TOLD = 20
LONGEST_TOLD = 200


@dataclass(frozen=True, slots=True)
class Dressed:
    """Every merchant by id, and why a part of its look is not used, by its id."""

    merchants: dict[str, Merchant]
    left_out: dict[str, tuple[str, ...]]


def dress(content: PolicyContent) -> Dressed:
    """Merchants of a bundle; a look of nobody is passed over."""
    merchants: dict[str, Merchant] = {}
    left_out: dict[str, tuple[str, ...]] = {}
    for merchant in content.merchants:
        name = merchant.merchant_id
        told = content.looks.get(name)
        found, problems = (look.Look(), ()) if told is None else look.read(told, house.schemes())
        merchants[name] = replace(merchant, look=found)
        if problems:
            left_out[name] = tuple(one[:LONGEST_TOLD] for one in problems[:MOST_TOLD])
    return Dressed(merchants, left_out)


def news(now: Dressed, before: Dressed | None, number: int) -> list[LookRefused]:
    """What is left out of bundle `number`, unless the bundle before it lacked the very same."""
    known = {} if before is None else before.left_out
    return [
        LookRefused(number, merchant_id, problems)
        for merchant_id, problems in sorted(now.left_out.items())
        if known.get(merchant_id) != problems
    ]
