"""The words of the policy: facts it looks at, what a rule may say, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from kiosk.domain.money import Money
from kiosk.domain.reasons import Reason
from kiosk.domain.returns import Authorisation, Merchant, ReturnLine


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


@dataclass(frozen=True, slots=True)
class Context:
    """The kiosk's own situation when it decides.

    `now` is an aware instant that never runs backwards (the store keeps the highest seen).
    """

    now: datetime
    offline: bool = False
    policy_stale: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything one line's verdict depends on; nothing else may influence it.

    `brought` and `already_dropped` count units of this line. `answers` maps question ids to the
    answer chosen for this line.
    """

    authorisation: Authorisation
    line: ReturnLine
    merchant: Merchant
    context: Context
    brought: int
    already_dropped: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked before a rule can judge; ids name texts in `kiosk.words`."""

    question_id: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of one line. `fee` counts once for the line, in minor units; of several
    findings of one `fee_kind` only the first by priority counts."""

    outcome: Outcome
    reason: Reason
    fee: int = 0
    disposal: Disposal = Disposal.NONE
    fee_kind: str = ""


class Rule(Protocol):
    """A small frozen class, tagged; registered in `rules.RULES`.

    `judge` answers a Finding, a Question it needs answered first, or None where the rule has
    nothing to say. It must not look at anything but `facts`.
    """

    tag: ClassVar[str]

    @property
    def rule_id(self) -> str: ...

    @property
    def priority(self) -> int: ...

    def judge(self, facts: Facts) -> Finding | Question | None: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """One merchant's rules out of a numbered bundle."""

    number: int
    merchant_id: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision about one line, with all that explains it.

    refund + fee + withheld == price of the units brought. `provisional` marks a decision taken
    without the centre. `rule_ids` are those that spoke, the deciding one first.
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

    @property
    def takes_goods(self) -> bool:
        """Whether the item goes into the bag."""
        return self.outcome in (Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.REVIEW)


@dataclass(frozen=True, slots=True)
class Ask:
    """No verdict yet: this question must be answered first."""

    question: Question
    rule_id: str
