"""Above which worth the goods are not taken without a second look."""

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


class Per(StrEnum):
    """What is compared with the limit: one unit, or the whole return as authorised."""

    ITEM = "item"
    RETURN = "return"


class Then(StrEnum):
    STAFF = "staff"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Value(FramedRule):
    """STAFF or REVIEW above `limit` (minor units of `currency`); at the limit all is well.

    Parameters: `limit`, `currency`; `per` = "item" (default) or "return"; `then` = "staff"
    (default) or "review". `"when": {"offline": true}` makes it the offline cap. An amount in
    another currency cannot be compared: STAFF.
    """

    tag: ClassVar[str] = "value"
    limit: int
    currency: str
    per: Per
    then: Then

    def speak(self, facts: Facts) -> Finding | None:
        lines = (facts.line,) if self.per is Per.ITEM else facts.authorisation.lines
        if any(line.price.currency != self.currency for line in lines):
            return unknown(self.rule_id)
        if self.per is Per.ITEM:
            worth = facts.line.price.minor
        else:
            worth = sum(line.price.minor * line.quantity for line in lines)
        if worth <= self.limit:
            return None
        if self.then is Then.REVIEW:  # taken all the same: the limit is no reason to turn back
            return Finding(Outcome.REVIEW, Reason(Why.CHECKED_LATER))
        values: dict[str, str | int] = {"limit": self.limit, "currency": self.currency}
        return Finding(Outcome.STAFF, Reason(Why.VALUE_ABOVE_LIMIT, values))

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            limit=reader.integer("limit", 0, MOST_MINOR),
            currency=reader.currency(),
            per=reader.choice("per", Per, Per.ITEM),
            then=reader.choice("then", Then, Then.STAFF),
        )
