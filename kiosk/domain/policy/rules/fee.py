"""What a return costs the shopper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy import tariff
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.says import Charge
from kiosk.domain.policy.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Fee(FramedRule):
    """A fee of `kind`, a name for what it pays ("return" by default, "restock" ...).

    Parameters: those of kiosk.domain.policy.tariff.read: `per` = "line", "item", "percent" or
    "return", with `amount` and `currency` or `basis_points`, and bounds. Of several rules of one
    kind the first by priority counts, so that a fee of 0 waives; kinds add up. It grants nothing:
    another rule must take the goods. A line in another currency cannot be charged: STAFF.
    """

    tag: ClassVar[str] = "fee"
    kind: str
    tariff: Tariff

    def speak(self, facts: Facts) -> Charge | Finding:
        if not self.tariff.suits(facts.line.price.currency):
            return unknown(self.rule_id)
        return Charge(self.kind, self.tariff)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(frame, kind=reader.word("kind", "return"), tariff=tariff.read(reader))
