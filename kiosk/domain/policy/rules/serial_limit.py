"""How much one customer may bring back in a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Self

from kiosk.domain.policy import tariff
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.quantity import MOST_UNITS
from kiosk.domain.policy.rules.turning import turn
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.says import Charge
from kiosk.domain.policy.tariff import MOST_MINOR, Tariff
from kiosk.domain.reasons import Why
from kiosk.domain.returns import PastReturn
from kiosk.domain.sentences import Sentence

MOST_DAYS = 3_660


class Then(StrEnum):
    STAFF = "staff"
    REFUSE = "refuse"
    REVIEW = "review"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class SerialLimit(FramedRule):
    """Within `days` (today and those before it, in the merchant's days) a customer may bring
    `returns` returns, `units` units and goods worth `value` (minor units of `currency`); this
    return counts among them, with what of it came before. At least one limit; up to it all is
    well. Beyond: `then` = "refuse" (default), "staff", "review" or "fee", the fee as
    kiosk.domain.policy.tariff.read says, of `kind` "serial".

    Counts what the bundle and this kiosk know of the customer (kiosk.domain.policy.history).
    Amounts in another currency cannot be added up: STAFF.
    """

    tag: ClassVar[str] = "serial_limit"
    days: int
    returns: int
    units: int
    value: int | None
    currency: str
    then: Then
    fee: Tariff | None

    @property
    def of_return(self) -> bool:
        return self.fee is None  # a fee suits the currency of the line

    def speak(self, facts: Facts) -> Finding | Charge | None:
        since = facts.local.date() - timedelta(days=self.days - 1)
        own, together = facts.authorisation.return_id, facts.together
        past: list[PastReturn] = []
        units = together.units_before + together.units
        for one in facts.history:
            if one.on >= since and one.return_id != own:
                past.append(one)
                units += one.units
        beyond = len(past) + 1 > self.returns or units > self.units
        if self.value is not None:
            worth = self._worth(past, facts)
            if worth is None:
                return unknown(self.rule_id)
            beyond = beyond or worth > self.value
        if not beyond:
            return None
        if self.fee is not None:
            suits = self.fee.suits(facts.line.price.currency)
            return Charge("serial", self.fee) if suits else unknown(self.rule_id)
        return turn(Outcome(self.then.value), Why.TOO_MANY_RETURNS, {"days": self.days})

    def _worth(self, past: list[PastReturn], facts: Facts) -> int | None:
        together = facts.together
        if together.currency != self.currency or any(
            one.value.currency != self.currency for one in past
        ):
            return None
        return sum(one.value.minor for one in past) + together.value_before + together.value

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        then = reader.choice("then", Then, Then.REFUSE)
        limited = reader.has("value")
        fee = tariff.read(reader) if then is Then.FEE else None
        if not any(reader.has(key) for key in ("returns", "units", "value")):
            why = Sentence("or {one} or {other} must be given", one="units", other="value")
            reader.wrong("returns", why)
        return cls(
            frame,
            days=reader.integer("days", 1, MOST_DAYS),
            returns=reader.integer("returns", 0, MOST_UNITS, MOST_UNITS),
            units=reader.integer("units", 0, MOST_UNITS, MOST_UNITS),
            value=reader.integer("value", 0, MOST_MINOR) if limited else None,
            currency=reader.currency() if limited else "",
            then=then,
            fee=fee,
        )
