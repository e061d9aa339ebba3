"""Which of the merchant's own zones are served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Zone(Membership):
    """The merchant's names for parts of the world. Parameters: `only`, `never`, `then`
    (kiosk.domain.policy.rules.membership)."""

    tag: ClassVar[str] = "zone"
    dimension: ClassVar[str] = "zone"
    why: ClassVar[Why] = Why.ZONE_NOT_SERVED
