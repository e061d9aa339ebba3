"""A drop while it is in the shopper's hands, and what it becomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.domain.money import Money
from kiosk.domain.policy.model import Ask, Context, RefundMethod, Verdict
from kiosk.domain.quick import quick
from kiosk.domain.reasons import Reason
from kiosk.domain.returns import Authorisation, Merchant, PastDrop, PastReturn, ReturnLine


class IdentifiedBy(StrEnum):
    """How the return was named at the kiosk."""

    SIGNED = "signed"
    SHORT = "short"
    ORDER = "order"
    THIRD_PARTY = "third_party"


@quick
@dataclass(frozen=True, slots=True)
class Item:
    """One line in this visit. `decision` holds for `brought` units and these answers."""

    line: ReturnLine
    brought: int
    decision: Verdict | Ask
    already_dropped: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def present(self) -> bool:
        return self.brought > 0


@dataclass(frozen=True, slots=True)
class OpenDrop:
    """A return that was found and judged, nothing promised yet. `history` and `drops` are what
    this kiosk's ledger knew when it was presented; the bundle's stand in the authorisation.
    `context` is the kiosk's situation that the decisions were taken in."""

    drop_id: str
    visit_id: str
    authorisation: Authorisation
    merchant: Merchant
    items: tuple[Item, ...]
    identified_by: IdentifiedBy
    code_id: str
    policy_number: int
    offline: bool
    history: tuple[PastReturn, ...] = ()
    drops: tuple[PastDrop, ...] = ()
    context: Context | None = None

    def asking(self) -> tuple[Item, Ask] | None:
        """The first brought item whose question is still open."""
        for item in self.items:
            if item.present and isinstance(item.decision, Ask):
                return item, item.decision
        return None

    def verdicts(self) -> tuple[tuple[Item, Verdict], ...]:
        """The brought items that are decided."""
        return tuple(
            (i, i.decision) for i in self.items if i.present and isinstance(i.decision, Verdict)
        )

    @property
    def needs_bag(self) -> bool:
        return any(v.takes_goods for _, v in self.verdicts())


@quick
@dataclass(frozen=True, slots=True)
class CommittedDrop:
    """The promise, as the receipt and the last screens tell it."""

    drop_id: str
    drop_number: str
    visit_id: str
    return_id: str
    order_number: str
    merchant: Merchant
    items: tuple[Item, ...]
    bag_id: str
    committed_at: datetime
    refund: Money
    provisional: bool
    proof: str  # text of the receipt's QR: verifiable without the kiosk
    link: str = ""  # hash of the drop's event (kiosk.domain.chain); "" for drops of before

    @property
    def bonus(self) -> Money:
        """What comes on top of `refund`."""
        return Money(bonus_of(self.items), self.refund.currency)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one answer to an open question would bring for the whole return: the refund and, as
    part of `total`, the bonus. Both None where the answer alone does not settle it."""

    answer: str
    total: Money | None = None
    bonus: Money | None = None


def bonus_of(items: Iterable[Item]) -> int:
    """The bonuses of what is brought and decided, in minor units."""
    verdicts = (i.decision for i in items if i.present and isinstance(i.decision, Verdict))
    return sum(v.bonus.minor for v in verdicts if v.bonus is not None)


def methods_of(items: Iterable[Item]) -> frozenset[RefundMethod]:
    """The ways in which what is brought and refunded at once is paid back."""
    verdicts = (i.decision for i in items if i.present and isinstance(i.decision, Verdict))
    return frozenset(v.method for v in verdicts if v.refund.minor)


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not this code, not now: why."""

    reason: Reason


class AbandonCause(StrEnum):
    """Why an open drop was given up."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class TypedOrder:
    """An order looked up by hand, as the shopper typed it."""

    order_number: str
    postal_code: str
