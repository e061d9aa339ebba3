"""For which reasons goods may come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class ReasonCode(Membership):
    """The merchant's reason codes. Parameters: `only`, `never`, `then`
    (kiosk.domain.policy.rules.membership)."""

    tag: ClassVar[str] = "reason"
    dimension: ClassVar[str] = "reason"
    why: ClassVar[Why] = Why.REASON_NOT_ACCEPTED
