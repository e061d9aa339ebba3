"""A return that may be brought, and a drop of it, made up."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from kiosk.domain.events import DropCommitted, LineFact
from kiosk.domain.money import Money
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.world import SystemIds

IDS = SystemIds()


def authorisation(return_id: str, quantity: int = 1) -> Authorisation:
    line = ReturnLine(
        line_id="L1",
        sku="SKU-1",
        name="Linen dress",
        category="clothing",
        quantity=quantity,
        price=Money(7990, "EUR"),
    )
    return Authorisation(
        return_id=return_id,
        merchant_id="linden",
        order_number=f"ORDER-{return_id}",
        postal_code="10115",
        short_code="",
        state=AuthorisationState.AUTHORISED,
        ordered_on=date(2026, 4, 20),
        delivered_on=date(2026, 4, 25),
        expires_at=None,
        lines=(line,),
    )


MERCHANT = Merchant("linden", "Linden & Row", "help@linden-row.example", "Europe/Berlin")
_numbers = itertools.count(1)


def drop(
    return_id: str = "R1", bag_id: str = "BAG-1", brought: int = 1, **changes: Any
) -> DropCommitted:
    """A committed drop of one accepted line."""
    line = LineFact(
        line_id="L1",
        sku="SKU-1",
        outcome="accept",
        reason="within_policy",
        reason_values={},
        brought=brought,
        price=7990 * brought,
        refund=7990 * brought,
        fee=0,
        withheld=0,
        currency="EUR",
        disposal="none",
        provisional=False,
        rule_ids=("window-30",),
        answers={},
        state="accepted",
    )
    values: dict[str, Any] = {
        "drop_id": IDS.uuid(),
        "drop_number": f"K1-{next(_numbers):04d}",
        "visit_id": IDS.uuid(),
        "return_id": return_id,
        "merchant_id": "linden",
        "bag_id": bag_id,
        "policy_number": 1,
        "offline": False,
        "identified_by": "signed",
        "code_id": "",
        "lines": (line,),
    }
    return DropCommitted(**{**values, **changes})
