"""What a shopper gets on top for leaving the money in the shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self

from kiosk.domain.policy import tariff
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, RefundMethod
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.says import Bonus as Given
from kiosk.domain.policy.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Bonus(FramedRule):
    """For whoever is paid back by `method` ("store_credit" by default): an amount reckoned as
    kiosk.domain.policy.tariff.read says, on top of the refund. `kind` ("bonus" by default) as
    with fees: within one the first by priority counts, kinds add up. A line in another currency
    cannot be reckoned: STAFF. It grants nothing."""

    tag: ClassVar[str] = "bonus"
    kind: str
    method: RefundMethod
    tariff: Tariff

    def speak(self, facts: Facts) -> Given | Finding:
        if not self.tariff.suits(facts.line.price.currency):
            return unknown(self.rule_id)
        return Given(self.kind, self.tariff, self.method)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            kind=reader.word("kind", "bonus"),
            method=reader.choice("method", RefundMethod, RefundMethod.STORE_CREDIT),
            tariff=tariff.read(reader),
        )
