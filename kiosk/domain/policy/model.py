"""The words of the policy: facts it looks at, what a rule may say, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Protocol
from zoneinfo import ZoneInfo

from kiosk.domain.money import Money
from kiosk.domain.quick import quick
from kiosk.domain.reasons import Reason
from kiosk.domain.returns import Authorisation, Merchant, PastDrop, PastReturn, ReturnLine

if TYPE_CHECKING:
    from kiosk.domain.policy.says import Say

REFUND_METHOD = "refund_method"
RETURN_WIDE = frozenset({REFUND_METHOD})
"""Questions asked once for a whole return."""


class Outcome(StrEnum):
    """What the policy says of a line (product.md, Verdict)."""

    ACCEPT = "accept"
    ACCEPT_WITH_FEE = "accept_with_fee"
    RETURNLESS = "returnless"
    REVIEW = "review"
    STAFF = "staff"
    REFUSE = "refuse"


class Disposal(StrEnum):
    """What happens to goods that need not come back."""

    NONE = "none"
    KEEP = "keep"
    DONATE = "donate"
    RECYCLE = "recycle"


class RefundMethod(StrEnum):
    """How the shopper is paid back; the closed list of what a `resolution` may say."""

    ORIGINAL = "original"  # to what was paid with
    STORE_CREDIT = "store_credit"
    EXCHANGE = "exchange"  # worth it in other goods


class Instead(StrEnum):
    """What a shopper can do where the kiosk does not take, or not simply take, the goods."""

    STAFF = "staff"  # a person at this site decides
    COUNTER = "counter"  # hand it in at the counter of this site
    POST = "post"  # send it with a label
    STORE = "store"  # a shop of the merchant
    MERCHANT = "merchant"  # ask the merchant
    LATER = "later"  # come back another time; `Verdict.until` is the last day, if there is one
    FEWER = "fewer"  # bring fewer items
    ALL = "all"  # bring all items together
    KEEP = "keep"


class EvidenceKind(StrEnum):
    """What a shopper may have to show."""

    PHOTO = "photo"
    SERIAL = "serial"


@quick
@dataclass(frozen=True, slots=True)
class Context:
    """The kiosk's own situation when it decides.

    `now` is an aware instant that never runs backwards (the store keeps the highest seen).
    None is for what the kiosk cannot tell. The centre, judging a drop again, fills in what the
    kiosk recorded.
    """

    now: datetime
    offline: bool = False
    policy_stale: bool = False
    policy_age_hours: int | None = None  # whole hours since the bundle was issued
    bin_free_percent: int | None = None  # 0 is full
    opening_mm: int = 0  # the longest item that fits through the opening; 0 for no limit
    method: str = "kiosk"  # how the goods come: kiosk, counter, post, store ...
    site: str = ""
    site_country: str = ""  # ISO 3166-1 alpha-2
    evidence: frozenset[EvidenceKind] = frozenset()  # what can be shown here
    staffed: bool = True  # a person is at this site


@lru_cache(maxsize=256)  # all lines of a return are judged at one instant
def _local(now: datetime, fold: int, timezone: str) -> datetime:
    """`fold` tells instants apart that are equal otherwise."""
    del fold
    return now.astimezone(ZoneInfo(timezone))


@quick
@dataclass(frozen=True, slots=True)
class Whole:
    """What is brought together: all lines of one return in one visit. kiosk.domain.policy.whole
    reckons it; no caller needs to."""

    units: int  # brought now
    units_before: int  # dropped in earlier visits
    units_authorised: int
    lines: int  # brought now
    value: int  # of what is brought now, in minor units of `currency`
    currency: str  # "" where lines differ: then no sum is comparable
    value_before: int = 0  # of what was dropped in earlier visits

    @property
    def of_return(self) -> bool:
        """With this visit everything that was authorised has come back."""
        return self.units + self.units_before >= self.units_authorised


@quick
@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one line's verdict depends on; nothing else may influence it.

    `brought` and `already_dropped` count units of this line. `answers` maps question ids to the
    answer chosen for this line; the answer to a question of the whole return may stand with any
    of its lines. `history` and `drops` are what this kiosk's own ledger knows; what the bundle
    knows stands in the authorisation, and the evaluator merges the two by id, counting nothing
    twice (kiosk.domain.policy.history). `measured_g` is the weight of the units brought.
    """

    authorisation: Authorisation
    line: ReturnLine
    merchant: Merchant
    context: Context
    brought: int
    already_dropped: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    history: tuple[PastReturn, ...] = ()
    drops: tuple[PastDrop, ...] = ()
    measured_g: int | None = None
    whole: Whole | None = None  # the evaluator fills it in

    @property
    def local(self) -> datetime:
        """Now, in the merchant's days. LookupError for a zone nobody knows."""
        now = self.context.now
        return _local(now, now.fold, self.merchant.timezone)

    @property
    def together(self) -> Whole:
        """`whole`, or this line alone where nobody reckoned it."""
        return self.whole or self.alone(self.already_dropped)

    def alone(self, before: int) -> Whole:
        """The whole where this line is all there is, and `before` units of it were dropped."""
        price, brought = self.line.price, max(0, self.brought)
        return Whole(
            brought,
            before,
            self.line.quantity,
            1 if brought else 0,
            price.minor * brought,
            price.currency,
            price.minor * before,
        )

    @property
    def resolution(self) -> str:
        """The refund method chosen: here, for the line, or for the return; "" for none yet."""
        here = self.answers.get(REFUND_METHOD, "")
        return here or self.line.resolution or self.authorisation.resolution


class AnswerKind(StrEnum):
    """How a question is answered."""

    CHOICE = "choice"  # one of `answers`
    PHOTO = "photo"  # pictures: their SHA-256 in hex, joined by commas; or one of `answers`
    SERIAL = "serial"  # a number, scanned or typed; or one of `answers`


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked before a rule can judge; ids name texts in `kiosk.words`.

    `probes` are answers to try when asking whether it matters, for questions that take more
    than their `answers`. `count` is how many pictures are wanted.
    """

    question_id: str
    answers: tuple[str, ...]
    kind: AnswerKind = AnswerKind.CHOICE
    probes: tuple[str, ...] = ()
    count: int = 1

    @property
    def of_the_return(self) -> bool:
        """Asked once, for all lines."""
        return self.question_id in RETURN_WIDE


@quick
@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says is to happen with one line. `until` is the last day of a window that
    lets it pass; `instead` is what the rule knows to offer, () for the usual."""

    outcome: Outcome
    reason: Reason
    disposal: Disposal = Disposal.NONE
    until: date | None = None
    instead: tuple[Instead, ...] = ()


class Rule(Protocol):
    """A small frozen class, tagged; registered in `rules.RULES`.

    `judge` answers what it has to say (kiosk.domain.policy.says), a Question it needs answered
    first, or None where the rule has nothing to say. It must not look at anything but `facts`.
    """

    tag: ClassVar[str]

    @property
    def rule_id(self) -> str: ...

    @property
    def priority(self) -> int: ...

    def judge(self, facts: Facts) -> Say | Question | None: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """One merchant's rules out of a numbered bundle."""

    number: int
    merchant_id: str
    rules: tuple[Rule, ...]


@quick
@dataclass(frozen=True, slots=True)
class Share:
    """One line's part of a fee or a bonus, in minor units. What is `once` a return is split over
    the lines taken; `base` is the price of this line's units that it was reckoned on. Kept with
    the drop, `kind`, `minor` and `base` of those that are `once` are what a later visit must know
    (kiosk.domain.returns.ChargedOnce)."""

    kind: str
    minor: int
    rule_id: str
    once: bool = False
    base: int = 0


@quick
@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one line, with all that explains it.

    refund + fee + withheld == price of the units brought. `provisional` marks a decision taken
    without the centre. `rule_ids` are those that spoke, the deciding one first.
    `fees` add up to `fee` and say what for; `bonus` comes on top of the refund and is no part of
    the sum. `inputs` are the facts that the deciding rules looked at, by their path in Facts.
    `until` is the last day on which it may still be returned, where a window says so.
    """

    outcome: Outcome
    reason: Reason
    refund: Money
    fee: Money
    withheld: Money
    disposal: Disposal
    provisional: bool
    policy_number: int
    rule_ids: tuple[str, ...]
    fees: tuple[Share, ...] = ()
    method: RefundMethod = RefundMethod.ORIGINAL
    bonus: Money | None = None
    bonuses: tuple[Share, ...] = ()
    destination: str = ""  # where the goods go; "" is the merchant's usual place
    instead: tuple[Instead, ...] = ()
    until: date | None = None
    inputs: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    @property
    def takes_goods(self) -> bool:
        """Whether the item goes into the bag."""
        return self.outcome in (Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Ask:
    """No verdict yet: this question must be answered first."""

    question: Question
    rule_id: str
