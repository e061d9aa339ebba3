"""Why something was decided or refused: closed codes with parameters, never sentences.

`kiosk.words` turns each into a sentence in the shopper's language; a test there fails for a
code without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.quick import quick


class Why(StrEnum):
    """Every reason a verdict, a refusal or a hint can carry."""

    # verdicts of a line
    WITHIN_POLICY = "within_policy"
    WINDOW_CLOSED = "window_closed"  # days, closed_on
    NOT_DELIVERED_YET = "not_delivered_yet"
    FINAL_SALE = "final_sale"
    CONDITION_NOT_MET = "condition_not_met"  # answer
    VALUE_ABOVE_LIMIT = "value_above_limit"  # limit
    FEE_APPLIES = "fee_applies"  # fee
    KEEP_IT = "keep_it"
    DONATE_IT = "donate_it"
    RECYCLE_IT = "recycle_it"
    CHECKED_LATER = "checked_later"
    HAZARDOUS = "hazardous"  # hazard
    QUANTITY_EXCEEDED = "quantity_exceeded"  # authorised, dropped
    NOT_RETURNABLE = "not_returnable"
    STAFF_DECIDES = "staff_decides"
    COUNTRY_NOT_SERVED = "country_not_served"  # country
    ZONE_NOT_SERVED = "zone_not_served"  # zone
    CHANNEL_NOT_SERVED = "channel_not_served"  # channel
    SEGMENT_NOT_SERVED = "segment_not_served"
    METHOD_NOT_OFFERED = "method_not_offered"  # method
    REASON_NOT_ACCEPTED = "reason_not_accepted"  # reason
    DISCOUNTED = "discounted"  # discount (basis points)
    TOO_MANY_RETURNS = "too_many_returns"  # days
    TOO_MANY_ITEMS = "too_many_items"  # limit
    TOO_FEW_ITEMS = "too_few_items"  # limit
    ONLY_WHOLE = "only_whole"  # of: return | order
    EVIDENCE_NEEDED = "evidence_needed"  # evidence: photo | serial
    SERIAL_DIFFERS = "serial_differs"
    TOO_LARGE = "too_large"  # limit (mm)
    TOO_HEAVY = "too_heavy"  # limit (g)
    WEIGHT_DIFFERS = "weight_differs"  # expected, measured (g)
    HYGIENE = "hygiene"
    AGE_RESTRICTED = "age_restricted"  # age
    PACKAGING_MISSING = "packaging_missing"  # answer
    BIN_FULL = "bin_full"
    POLICY_OLD = "policy_old"  # hours
    VALUE_UNKNOWN = "value_unknown"  # name, is
    RULE_UNKNOWN = "rule_unknown"  # rule
    NO_RULES = "no_rules"
    # codes
    CODE_UNREADABLE = "code_unreadable"
    CODE_FOREIGN = "code_foreign"  # a web address, a Wi-Fi code, somebody else's
    CODE_TOO_LONG = "code_too_long"
    CODE_AMBIGUOUS = "code_ambiguous"  # forms: two of other networks' that both fit
    CODE_FORGED = "code_forged"
    CODE_EXPIRED = "code_expired"  # expired_on
    CODE_NOT_YET_VALID = "code_not_yet_valid"
    CODE_WRONG_CHECK = "code_wrong_check"
    CODE_NOT_A_BAG = "code_not_a_bag"  # held: "return" where that is what it is
    CODE_NOT_A_RETURN = "code_not_a_return"
    # good codes at the wrong place. `step` says where it goes on: "bag" where a bag's code is
    # awaited, "counter" where staff stand by, "" otherwise
    CODE_CARRIER = "code_carrier"  # carrier: "" where more than one fits
    CODE_MAYBE_CARRIER = "code_maybe_carrier"  # a carrier's form whose check digit fails
    CODE_PRODUCT = "code_product"
    CODE_PICK_UP = "code_pick_up"
    CODE_FOR_STAFF = "code_for_staff"
    CODE_RECEIPT = "code_receipt"  # dropped_on, drop_number: where this kiosk gave it
    CODE_BAG_FIRST = "code_bag_first"  # a bag before its return
    # returns
    RETURN_UNKNOWN = "return_unknown"
    RETURN_NOT_HERE = "return_not_here"  # network: another network's return, and not ours to take
    RETURN_ALREADY_DROPPED = "return_already_dropped"  # dropped_on, drop_number
    RETURN_NOT_AUTHORISED = "return_not_authorised"
    RETURN_CANCELLED = "return_cancelled"
    RETURN_EXPIRED = "return_expired"  # expired_on
    RETURN_OPEN_ELSEWHERE = "return_open_elsewhere"
    NOTHING_BROUGHT = "nothing_brought"
    # bags
    BAG_IN_USE = "bag_in_use"
    # photographs
    PHOTO_FAILED = "photo_failed"
    # the kiosk itself
    POLICY_MISSING = "policy_missing"
    POLICY_EXPIRED = "policy_expired"
    STORE_FAILED = "store_failed"
    TOO_MANY_TRIES = "too_many_tries"
    HELP_WANTED = "help_wanted"  # the shopper pressed the help key


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the values its sentence needs.

    Values are str or int; an ISO date is a str, an amount is two values `<name>` (minor units)
    and `currency`. So a reason survives JSON unchanged.
    """

    why: Why
    values: dict[str, str | int] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.why, tuple(sorted(self.values.items()))))
