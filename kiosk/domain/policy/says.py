"""What a rule can say of a line, by type of action.

Each type is resolved for itself: of outcomes the weightiest counts, of everything else the rule
of the highest priority, then of the first id (kiosk.domain.policy.evaluate).
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.policy.model import Finding, RefundMethod
from kiosk.domain.policy.tariff import Tariff
from kiosk.domain.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Charge:
    """A fee. Kinds add up; within a kind one rule counts, so that a fee of 0 waives."""

    kind: str
    tariff: Tariff


@dataclass(frozen=True, slots=True)
class Bonus:
    """Something on top of the refund, for whoever takes it by `method`. Kinds as with fees."""

    kind: str
    tariff: Tariff
    method: RefundMethod


@dataclass(frozen=True, slots=True)
class Methods:
    """The refund methods there are for this line, never empty."""

    allowed: tuple[RefundMethod, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the goods go."""

    place: str


@dataclass(frozen=True, slots=True)
class Lift:
    """The rules of these ids are to be passed over."""

    rule_ids: frozenset[str]


Say = Finding | Charge | Bonus | Methods | Destination | Lift
