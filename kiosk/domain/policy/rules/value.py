"""Above which worth the goods are not taken without a second look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Self, assert_never

from kiosk.domain.policy.dimensions import AMOUNTS
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Facts, Finding, Outcome
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.unknown import finding as unknown
from kiosk.domain.policy.tariff import MOST_MINOR
from kiosk.domain.reasons import Reason, Why


class Per(StrEnum):
    """What is compared with the limit."""

    ITEM = "item"  # one unit
    LINE = "line"  # the units brought of this line
    BROUGHT = "brought"  # all that is brought of the return in this visit
    RETURN = "return"  # the whole return as authorised
    ORDER = "order"  # the whole order


class Then(StrEnum):
    STAFF = "staff"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Value(FramedRule):
    """STAFF or REVIEW above `limit` (minor units of `currency`); at the limit all is well.

    Parameters: `limit`, `currency`; `per` = "item" (default), "line", "brought", "return" or
    "order"; `then` = "staff" (default) or "review". `"when": {"offline": true}` makes it the
    offline cap. An amount that is in another currency, or not known, cannot be compared: STAFF.
    """

    tag: ClassVar[str] = "value"
    limit: int
    currency: str
    per: Per
    then: Then

    @property
    def of_return(self) -> bool:
        return self.per not in (Per.ITEM, Per.LINE)

    def speak(self, facts: Facts) -> Finding | None:
        worth = self._worth(facts)
        if worth is None or worth[1] != self.currency:
            return unknown(self.rule_id)
        if worth[0] <= self.limit:
            return None
        if self.then is Then.REVIEW:  # taken all the same: the limit is no reason to turn back
            return Finding(Outcome.REVIEW, Reason(Why.CHECKED_LATER))
        values: dict[str, str | int] = {"limit": self.limit, "currency": self.currency}
        return Finding(Outcome.STAFF, Reason(Why.VALUE_ABOVE_LIMIT, values))

    def _worth(self, facts: Facts) -> tuple[int, str] | None:
        match self.per:
            case Per.ITEM:
                return AMOUNTS["value"](facts)
            case Per.LINE:
                return AMOUNTS["line_value"](facts)
            case Per.BROUGHT:
                return AMOUNTS["return_value"](facts)
            case Per.ORDER:
                return AMOUNTS["order_value"](facts)
            case Per.RETURN:
                lines = facts.authorisation.lines
                worth = sum(line.price.minor * line.quantity for line in lines)
                currencies = {line.price.currency for line in lines}
                return (worth, currencies.pop()) if len(currencies) == 1 else None
            case _:
                assert_never(self.per)

    @classmethod
    def read(cls, frame: Frame, reader: Reader) -> Self:
        return cls(
            frame,
            limit=reader.integer("limit", 0, MOST_MINOR),
            currency=reader.currency(),
            per=reader.choice("per", Per, Per.ITEM),
            then=reader.choice("then", Then, Then.STAFF),
        )
