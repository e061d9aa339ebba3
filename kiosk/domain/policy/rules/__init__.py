"""The policy's rules: one small frozen class each, chosen by the `rule` tag of a specification.

    {"rule": "window", "id": "window-30", "days": 30, "from": "delivery",
     "when": {"category": ["shoes", "coats"]}, "unless": {"reason": ["faulty"]}, "priority": 0}

`kiosk.domain.policy.frame` says what every specification may carry; each rule's docstring gives
its own parameters. What a kiosk does not understand, it does not guess: see `build`.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.policy import frame
from kiosk.domain.policy.frame import Frame, FramedRule
from kiosk.domain.policy.model import Rule
from kiosk.domain.policy.reading import Reader
from kiosk.domain.policy.rules.age_restricted import AgeRestricted
from kiosk.domain.policy.rules.allow import Allow
from kiosk.domain.policy.rules.allow_list import AllowList
from kiosk.domain.policy.rules.bin_space import BinSpace
from kiosk.domain.policy.rules.bonus import Bonus
from kiosk.domain.policy.rules.bundle_age import BundleAge
from kiosk.domain.policy.rules.channel import Channel
from kiosk.domain.policy.rules.condition import Condition
from kiosk.domain.policy.rules.country import Country
from kiosk.domain.policy.rules.destination import Destination
from kiosk.domain.policy.rules.discount import Discount
from kiosk.domain.policy.rules.evidence import Evidence
from kiosk.domain.policy.rules.fee import Fee
from kiosk.domain.policy.rules.final_sale import FinalSale
from kiosk.domain.policy.rules.hazmat import Hazmat
from kiosk.domain.policy.rules.hygiene import Hygiene
from kiosk.domain.policy.rules.items import Items
from kiosk.domain.policy.rules.method import Method
from kiosk.domain.policy.rules.oversize import Oversize
from kiosk.domain.policy.rules.packaging import Packaging
from kiosk.domain.policy.rules.quantity import Quantity
from kiosk.domain.policy.rules.reason import ReasonCode
from kiosk.domain.policy.rules.refund_method import RefundMethods
from kiosk.domain.policy.rules.refuse import Refuse
from kiosk.domain.policy.rules.returnless import Returnless
from kiosk.domain.policy.rules.review import Review
from kiosk.domain.policy.rules.segment import Segment
from kiosk.domain.policy.rules.serial_limit import SerialLimit
from kiosk.domain.policy.rules.staff import Staff
from kiosk.domain.policy.rules.unknown import Unknown
from kiosk.domain.policy.rules.value import Value
from kiosk.domain.policy.rules.weight import Weight
from kiosk.domain.policy.rules.whole import Whole
from kiosk.domain.policy.rules.window import Window
from kiosk.domain.policy.rules.zone import Zone

KINDS: tuple[type[FramedRule], ...] = (
    AgeRestricted,
    Allow,
    AllowList,
    BinSpace,
    Bonus,
    BundleAge,
    Channel,
    Condition,
    Country,
    Destination,
    Discount,
    Evidence,
    Fee,
    FinalSale,
    Hazmat,
    Hygiene,
    Items,
    Method,
    Oversize,
    Packaging,
    Quantity,
    ReasonCode,
    RefundMethods,
    Refuse,
    Returnless,
    Review,
    Segment,
    SerialLimit,
    Staff,
    Value,
    Weight,
    Whole,
    Window,
    Zone,
)
RULES: dict[str, type[FramedRule]] = {kind.tag: kind for kind in KINDS}
UNNAMED = "unnamed"


def _read(spec: Mapping[str, object]) -> tuple[FramedRule, list[str]]:
    reader = Reader(spec)
    tag = spec.get("rule")
    found = frame.read(reader)
    framed_well = not reader.problems
    kind = RULES.get(tag, Unknown) if isinstance(tag, str) else Unknown
    rule = kind.read(found, reader)
    if kind.timeless:
        frame.check_timeless(reader, found)
    if kind is not Unknown:  # of an unknown rule no parameter can be judged
        reader.finish()
    if not reader.problems:
        return rule, []
    # A frame that reads well still says where the rule would have applied; one that does not
    # may have meant anything, so it stands everywhere.
    stands = found if framed_well else Frame(found.rule_id or UNNAMED)
    return Unknown(stands), reader.problems


def build(spec: Mapping[str, object]) -> Rule:
    """The rule of a specification. Never raises: an unknown tag, a missing or wrong parameter or
    one too many gives a rule that says STAFF with RULE_UNKNOWN wherever it would have applied."""
    return _read(spec)[0]


def problems(spec: Mapping[str, object]) -> list[str]:
    """Why `build` would fail closed: "path: what is wrong", for whoever writes the policy."""
    return _read(spec)[1]
