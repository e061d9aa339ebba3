"""What is known of earlier visits, from two sources: this kiosk's ledger and the bundle.

The ledger knows what happened here a minute ago, the bundle what happened everywhere else. Both
know what happened here last week, so nothing is ever added up before it is told apart by id:

- drops of this return: one entry a drop id; a drop that both know is the same drop;
- other returns of the customer: one entry a return id; where the two differ (a partial drop here
  that the centre has not heard of), the larger number of units and the larger value count, and
  the later day. So a return counts once, and never for less than either source can prove.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.domain.returns import ChargedOnce, PastDrop, PastReturn


def drops(*sources: Iterable[PastDrop]) -> tuple[PastDrop, ...]:
    """One a drop id, by id. Sources that tell the same id apart are heard in order."""
    if not any(sources):  # as with nearly every return
        return ()
    found: dict[str, PastDrop] = {}
    for source in sources:
        for drop in source:
            found.setdefault(drop.drop_id, drop)
    return tuple(found[drop_id] for drop_id in sorted(found))


def returns(*sources: Iterable[PastReturn]) -> tuple[PastReturn, ...]:
    """One a return id, by id; the order of the sources does not matter."""
    if not any(sources):
        return ()
    found: dict[str, PastReturn] = {}
    for source in sources:
        for one in source:
            other = found.get(one.return_id)
            found[one.return_id] = one if other is None else _joined(one, other)
    return tuple(found[return_id] for return_id in sorted(found))


def _joined(one: PastReturn, other: PastReturn) -> PastReturn:
    value = max(one.value, other.value, key=lambda money: (money.currency, money.minor))
    return PastReturn(one.return_id, max(one.on, other.on), max(one.units, other.units), value)


def units(known: Iterable[PastDrop], line_id: str) -> int:
    """Units of a line that came in earlier drops of its return."""
    return sum(max(0, drop.units.get(line_id, 0)) for drop in known)


def once(parts: Iterable[ChargedOnce]) -> dict[str, ChargedOnce]:
    """What was charged, or given, once a return, by kind: sums over its earlier drops."""
    found: dict[str, ChargedOnce] = {}
    for part in parts:
        before = found.get(part.kind, ChargedOnce(part.kind, 0))
        found[part.kind] = ChargedOnce(
            part.kind, before.minor + part.minor, before.base + part.base
        )
    return found
