"""What the two sides of a difference say, as a case's page lays them beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, assert_never

from sync.central.cases import Compared
from sync.central.cases import Kind as CaseKind
from sync.central.reconcile.differences import Found
from sync.central.reconcile.evidence import numbers
from sync.central.reconcile.model import Kind, Unit

Row = Mapping[str, Any]
Sides = tuple[str, str]
_SIDE: Final = {
    Kind.CONTAINED: "contained",
    Kind.HANDED_OVER: "handed_over",
    Kind.ACKNOWLEDGED: "carrier",
    Kind.RECEIVED: "hub",
    Kind.GRADED: "hub",
    Kind.DISPOSED: "hub",
    Kind.REFUNDED: "refunded",
}
_STAGES: Final = (
    ("handed_over", "handed_over"),
    ("acknowledged", "carrier"),
    ("received", "hub"),
)


def found(kind: CaseKind, unit: Unit, row: Row, stages: Sequence[Kind | None]) -> Found:
    """A difference out of a unit's standing; `stages` are those of the rules that found it."""
    sides, compared = _compared(kind, unit, row, stages)
    return Found(
        kind,
        unit,
        row["unit_id"],
        row.get("part_id", ""),
        site=row["site"],
        numbers=numbers(row) | {"stage": " ".join(sorted(map(_named, stages)))},
        sides=sides,
        compared=compared,
        amount=_at_stake(unit, row),
        currency=row.get("currency", ""),
    )


def _named(stage: Kind | None) -> str:
    return "dropped" if stage is None else stage.value


def _at_stake(unit: Unit, row: Row) -> int:
    return abs(row["promised"] - row["refunded"]) if unit is Unit.RETURN else 0


def _compared(
    kind: CaseKind, unit: Unit, row: Row, stages: Sequence[Kind | None]
) -> tuple[Sides, tuple[Compared, ...]]:
    stage = next((one for one in stages if one is not None), Kind.RECEIVED)
    match unit:
        case Unit.BAG if kind is CaseKind.DUPLICATE_DROP:
            return ("authorised", "dropped"), (Compared("drops", 1, row["drops"]),)
        case Unit.BAG if kind is CaseKind.COUNT_DIFFERS:
            return ("dropped", "hub"), (Compared("units", row["units"], row["received"]),)
        case Unit.BAG:
            return ("dropped", _SIDE[stage]), _one("bags", kind)
        case Unit.CONTAINER if kind is CaseKind.COUNT_DIFFERS:
            return _first_other("contained", "bags", row["bags"], row)
        case Unit.CONTAINER:
            return ("contained", _SIDE[stage]), _one("containers", kind)
        case Unit.MANIFEST if kind is CaseKind.COUNT_DIFFERS:
            return _first_other("handed_over", "containers", row["listed"], row)
        case Unit.MANIFEST:
            return ("handed_over", _SIDE[stage]), _one("manifests", kind)
        case Unit.LINE:
            units = Compared("units", row["dropped"], row["received"], row["part_id"])
            return ("dropped", "hub"), (units,)
        case Unit.RETURN:
            money = row["currency"]
            sums = Compared("refund", row["promised"], row["refunded"], currency=money)
            return ("dropped", "refunded"), (sums,)
        case Unit.DEVICE | Unit.BOOK:
            raise ValueError(f"{unit} has no standing")
    assert_never(unit)


def _one(what: str, kind: CaseKind) -> tuple[Compared, ...]:
    there = kind is CaseKind.MISSING
    return (Compared(what, int(there), int(not there)),)


def _first_other(side: str, what: str, known: int, row: Row) -> tuple[Sides, tuple[Compared, ...]]:
    """The first stage that counted otherwise; the others are among the numbers."""
    told = [(name, other) for name, other in _STAGES if row[name] not in (None, known)]
    name, other = told[0] if told else _STAGES[-1]
    return (side, other), (Compared(what, known, row[name] or 0),)
