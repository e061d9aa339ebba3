"""The rules that a kiosk judged by: those of one shop in one bundle, built again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from kiosk.domain import look
from kiosk.domain.policy.model import Policy
from kiosk.domain.policy.rules import build
from kiosk.domain.returns import Merchant
from sync.central.policy import versions
from sync.central.policy.versions import Lacks


@dataclass(frozen=True, slots=True)
class Built:
    policy: Policy
    merchant: Merchant


class Rules:
    """Of one tenant, each built once as long as this lives."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._known: dict[tuple[int, str], Built | Lacks] = {}

    def of(self, c: sa.Connection, number: int, merchant_id: str) -> Built | Lacks:
        """The rules of a shop as bundle `number` had them, or why nobody has them any more."""
        key = number, merchant_id
        if key not in self._known:
            self._known[key] = self._build(c, number, merchant_id)
        return self._known[key]

    def _build(self, c: sa.Connection, number: int, merchant_id: str) -> Built | Lacks:
        shop = versions.shop(c, self._tenant, number, merchant_id)
        if isinstance(shop, Lacks):
            return shop
        made = tuple(build(spec) for spec in shop.rules)
        merchant = replace(shop.merchant, look=_asking(shop.look))
        return Built(Policy(number, merchant_id, made), merchant)


def _asking(told: Mapping[str, Any]) -> look.Look:
    """Of a shop's look its questions in its own words, as shoppers read them."""
    questions = {"questions": told["questions"]} if "questions" in told else {}
    return look.read(questions, {})[0]
