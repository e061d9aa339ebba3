"""What a shopper can do where the kiosk does not simply take the goods.

A rule may name its own ways (`instead` in its specification); otherwise the reason has its usual
ones. Of these only what exists is offered: staff at a staffed site, counter, post and store where
the merchant lists them. Somebody can always ask the merchant.
"""

from __future__ import annotations

from kiosk.domain.policy.model import Facts, Finding, Instead
from kiosk.domain.reasons import Why

S, M = Instead.STAFF, Instead.MERCHANT
USUAL: dict[Why, tuple[Instead, ...]] = {
    Why.WINDOW_CLOSED: (M, Instead.KEEP),
    Why.NOT_DELIVERED_YET: (S, Instead.LATER, M),
    Why.FINAL_SALE: (M, Instead.KEEP),
    Why.CONDITION_NOT_MET: (S, M, Instead.KEEP),
    Why.VALUE_ABOVE_LIMIT: (S, Instead.COUNTER, Instead.POST, M),
    Why.HAZARDOUS: (S, M),
    Why.QUANTITY_EXCEEDED: (Instead.FEWER, S, M),
    Why.RULE_UNKNOWN: (S, M),
    Why.VALUE_UNKNOWN: (S, M),
    Why.NO_RULES: (S, M),
    Why.NOT_RETURNABLE: (M, Instead.KEEP),
    Why.STAFF_DECIDES: (S, Instead.COUNTER, M),
    Why.COUNTRY_NOT_SERVED: (Instead.POST, Instead.STORE, M),
    Why.ZONE_NOT_SERVED: (Instead.POST, Instead.STORE, M),
    Why.CHANNEL_NOT_SERVED: (Instead.STORE, M),
    Why.SEGMENT_NOT_SERVED: (Instead.POST, M),
    Why.METHOD_NOT_OFFERED: (Instead.COUNTER, Instead.POST, Instead.STORE, M),
    Why.REASON_NOT_ACCEPTED: (M, Instead.KEEP),
    Why.DISCOUNTED: (M, Instead.KEEP),
    Why.TOO_MANY_RETURNS: (M, Instead.LATER),
    Why.TOO_MANY_ITEMS: (Instead.FEWER, Instead.COUNTER, M),
    Why.TOO_FEW_ITEMS: (Instead.ALL, M),
    Why.ONLY_WHOLE: (Instead.ALL, M),
    Why.EVIDENCE_NEEDED: (S, Instead.COUNTER, M),
    Why.SERIAL_DIFFERS: (S, M),
    Why.TOO_LARGE: (Instead.COUNTER, Instead.POST, S, M),
    Why.TOO_HEAVY: (Instead.COUNTER, Instead.POST, S, M),
    Why.WEIGHT_DIFFERS: (S, M),
    Why.HYGIENE: (S, M, Instead.KEEP),
    Why.AGE_RESTRICTED: (S, M),
    Why.PACKAGING_MISSING: (S, Instead.LATER, M),
    Why.BIN_FULL: (S, Instead.COUNTER, Instead.LATER, M),
    Why.POLICY_OLD: (S, Instead.LATER, M),
}
STANDING = frozenset({M, Instead.LATER, Instead.FEWER, Instead.ALL, Instead.KEEP})


def ways(finding: Finding, facts: Facts) -> tuple[Instead, ...]:
    """The ways there are, best first, past what `finding` refuses or leaves to a person."""
    there = STANDING | {way for way in Instead if way.value in facts.merchant.instead}
    staffed = facts.context.staffed
    there = there | {S} if staffed else there - {S, Instead.COUNTER}
    wanted = finding.instead or USUAL.get(finding.reason.why, (S, M))
    return tuple(way for way in wanted if way in there) or (M,)
