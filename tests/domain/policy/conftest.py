"""A return to judge, as one call with the differences that matter to a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Context, Facts, Policy
from kiosk.domain.policy.rules import build
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine


class Situation:
    """Makes facts and policies; the defaults are told at the top of vectors/policy.toml."""

    def facts(
        self,
        *,
        line: Mapping[str, Any] | None = None,
        of_return: Mapping[str, Any] | None = None,
        now: str = "2025-03-10T12:00:00Z",
        timezone: str = "Europe/Berlin",
        brought: int = 1,
        dropped: int = 0,
        answers: Mapping[str, str] | None = None,
        offline: bool = False,
        stale: bool = False,
    ) -> Facts:
        item = self.line(dict(line or {}))
        rest = {"delivered_on": "2025-03-01", "country": "DE", **(of_return or {})}
        delivered = rest["delivered_on"]
        authorisation = Authorisation(
            return_id="R-1",
            merchant_id="M-1",
            order_number="1001",
            postal_code="10115",
            short_code="",
            state=AuthorisationState.AUTHORISED,
            ordered_on=date(2025, 2, 20),
            delivered_on=date.fromisoformat(delivered) if delivered else None,
            expires_at=None,
            lines=(item,),
            country=rest["country"],
        )
        return Facts(
            authorisation=authorisation,
            line=item,
            merchant=Merchant("M-1", "Schuhhaus", "help@example.org", timezone),
            context=Context(datetime.fromisoformat(now), offline, stale),
            brought=brought,
            already_dropped=dropped,
            answers=dict(answers or {}),
        )

    def line(self, changes: dict[str, Any]) -> ReturnLine:
        price = Money(changes.pop("price", 4999), changes.pop("currency", "EUR"))
        tags = frozenset(changes.pop("tags", ()))
        defaults = {
            "line_id": "L-1",
            "sku": "S-1",
            "name": "Shoes",
            "category": "shoes",
            "quantity": 2,
        }
        return ReturnLine(price=price, tags=tags, **{**defaults, **changes})

    def policy(self, *specs: Mapping[str, object]) -> Policy:
        return Policy(7, "M-1", tuple(build(spec) for spec in specs))


@pytest.fixture(scope="session")
def situation() -> Situation:
    return Situation()
