"""The rules of the shops as they came to be: each bundle of the story, in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.central.demo import DemoShop

Specs = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """At so many per cent of the time: the rules of one shop; `back` takes the last change back
    instead."""

    percent: int
    shop: str = ""
    back: bool = False


CHANGES: Final = (
    Change(18, "linden"),
    Change(40, "voltaro"),
    Change(63, "linden"),
    Change(67, back=True),
    Change(80, "linden"),
)


def at_first(shop: DemoShop) -> Specs:
    """Before anything was learnt: no fee for shoes, no limit of returns, longer windows."""
    unknown = {"fee-shoes", "often"}
    return [
        {**rule, "days": 30} if rule["id"] == "window-14" else rule
        for rule in shop.rules
        if rule["id"] not in unknown
    ]


def after(shop: DemoShop, step: int) -> Specs:
    """The rules of a shop that change number `step` (from 0) sets."""
    match step:
        case 0:
            return [rule for rule in shop.rules if rule["id"] != "often"]
        case 2:  # a slip: 29.50 in place of 2.95, taken back the day after
            return [
                {**rule, "amount": 2950} if rule["id"] == "fee-shoes" else rule
                for rule in shop.rules
                if rule["id"] != "often"
            ]
        case _:
            return shop.rules
