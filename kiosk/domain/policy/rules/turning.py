"""How a rule stands in the way: which outcome, and why."""

from __future__ import annotations

from kiosk.domain.policy.model import Finding, Outcome
from kiosk.domain.reasons import Reason, Why

OUTCOMES = (Outcome.STAFF, Outcome.REFUSE, Outcome.REVIEW)
"""What the `then` of most rules may say."""


def turn(outcome: Outcome, why: Why, values: dict[str, str | int] | None = None) -> Finding:
    """Where the goods are taken all the same (REVIEW) the shopper is told that they are checked
    later; what for stands in `because`."""
    told = dict(values or {})
    if outcome is Outcome.REVIEW:
        return Finding(outcome, Reason(Why.CHECKED_LATER, {"because": why.value, **told}))
    return Finding(outcome, Reason(why, told))
