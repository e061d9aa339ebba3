"""Fees and bonuses of the lines taken together: each kind reckoned once, split to the last cent.

What is charged a line or a unit is each line's own. What is charged once a return is reckoned on
all lines that carry it, less what earlier visits paid of it, and split over them in proportion
to what is left to take (largest remainder), so that the parts always add up to the whole and no
line ever pays more than its price.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from kiosk.domain.policy.hearing import Counted
from kiosk.domain.policy.model import Share
from kiosk.domain.quick import quick
from kiosk.domain.returns import ChargedOnce

NOTHING = ChargedOnce("", 0)


@quick
@dataclass(frozen=True, slots=True)
class Payer:
    """A line that pays, or is given. `counting` has what counts of each kind, the weightiest rule
    first, as they were said."""

    price: int  # of the units brought, in minor units
    units: int
    currency: str
    counting: Mapping[str, Counted]
    before: Mapping[str, ChargedOnce]  # of what comes once a return, by kind


def split(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts in proportion to `weights` (largest remainder; of equal remainders
    the earlier). All zeros where no weight is above zero."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    if len(weights) == 1:
        return [total]
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place)
    )
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def share(payers: Sequence[Payer], capped: bool) -> list[tuple[Share, ...]]:
    """Each payer's parts, by kind. `capped` keeps all kinds together within each price."""
    rooms: list[int] = []
    parts: list[list[Share]] = []
    carriers: dict[tuple[str, str], list[int]] = {}
    for place, payer in enumerate(payers):
        room, own = payer.price, list[Share]()
        for kind, one in payer.counting.items():
            if one.tariff.once:
                if payer.price > 0:
                    carriers.setdefault((kind, payer.currency), []).append(place)
                continue
            due = one.tariff.of(payer.price, payer.units)
            if capped:
                due = min(due, room)
                room -= due
            own.append(Share(kind, due, one.said.rule_id))
        rooms.append(room)
        parts.append(own)
    for (kind, _), places in _weightiest(carriers, payers):
        _deal(kind, places, payers, rooms if capped else None, parts)
    for own in parts:
        if len(own) > 1:
            own.sort(key=_kind)
    return [tuple(own) for own in parts]


def _deal(
    kind: str,
    places: Sequence[int],
    payers: Sequence[Payer],
    rooms: list[int] | None,
    parts: list[list[Share]],
) -> None:
    """What comes once a return, dealt to the lines at `places`; out of their `rooms`, if any."""
    one = min([payers[place].counting[kind] for place in places], key=_first)
    before = payers[places[0]].before.get(kind, NOTHING)
    base = sum([payers[place].price for place in places])
    due = max(0, one.tariff.of(base + before.base, 1) - before.minor)
    weights = [payers[place].price if rooms is None else rooms[place] for place in places]
    dealt = split(due if rooms is None else min(due, sum(weights)), weights)
    for place, minor in zip(places, dealt, strict=True):
        parts[place].append(
            Share(kind, minor, one.said.rule_id, once=True, base=payers[place].price)
        )
        if rooms is not None:
            rooms[place] -= minor


_kind = attrgetter("kind")
_first = attrgetter("said.order")


def _weightiest(
    carriers: Mapping[tuple[str, str], list[int]], payers: Sequence[Payer]
) -> Iterable[tuple[tuple[str, str], list[int]]]:
    """Which lines carry what comes once a return, by kind and currency, weightiest rule first."""
    if len(carriers) < 2:
        return carriers.items()

    def order(item: tuple[tuple[str, str], list[int]]) -> tuple[object, ...]:
        (kind, currency), places = item
        return (*min(payers[place].counting[kind].said.order for place in places), kind, currency)

    return sorted(carriers.items(), key=order)
