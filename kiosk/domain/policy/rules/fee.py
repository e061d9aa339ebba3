"""What a return costs the shopper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy.condition import MOST_MINOR
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.reasons import Reason, Why

WHOLE = 10_000  # basis points


class Per(StrEnum):
    """What the fee is charged for."""

    LINE = "line"
    ITEM = "item"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Fee(FramedRule):
    """ACCEPT_WITH_FEE, whose fee is `amount` once, `amount` a unit, or `basis_points` of the price.

    Parameters: `per` = "line", "item" or "percent"; `amount` (minor units) and `currency` for
    the first two, `basis_points` (250 is 2.5 %) for the last, rounded half up to the minor unit
    over the units brought; `kind`, a name for what it pays ("return" by default). Of several
    rules of one kind the first by priority counts, so that a fee of 0 waives; kinds add up.
    A line in another currency cannot be charged: STAFF.
    """

    tag: ClassVar[str] = "fee"
    per: Per
    amount: int
    currency: str
    kind: str

    def speak(self, facts: Facts) -> Finding:
        if self.per is not Per.PERCENT and facts.line.price.currency != self.currency:
            return unknown(self.rule_id)
        fee = self._fee(facts)
        values: dict[str, str | int] = {"fee": fee, "currency": facts.line.price.currency}
        reason = Reason(Why.FEE_APPLIES, values)
        return Finding(Outcome.ACCEPT_WITH_FEE, reason, fee=fee, fee_kind=self.kind)

    def _fee(self, facts: Facts) -> int:
        match self.per:
            case Per.LINE:
                return self.amount
            case Per.ITEM:
                return self.amount * facts.brought
            case Per.PERCENT:
                return (facts.line.price.minor * facts.brought * self.amount + WHOLE // 2) // WHOLE

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        per = reader.choice("per", Per)
        percent = per is Per.PERCENT
        return cls(
            frame,
            per=per,
            amount=reader.integer("basis_points", 0, WHOLE)
            if percent
            else reader.integer("amount", 0, MOST_MINOR),
            currency="" if percent else reader.currency(),
            kind=reader.word("kind", "return"),
        )
