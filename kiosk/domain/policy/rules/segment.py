"""Which customers are served here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Segment(Membership):
    """What the merchant calls its customers, as "vip" or "member:gold". A customer has any number
    of them: one of `only` is enough, one of `never` is too many. `then` as with
    kiosk.domain.policy.rules.membership."""

    tag: ClassVar[str] = "segment"
    dimension: ClassVar[str] = "segment"
    why: ClassVar[Why] = Why.SEGMENT_NOT_SERVED
