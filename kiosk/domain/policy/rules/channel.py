"""Goods of which sales channels may come back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kiosk.domain.policy.rules.membership import Membership
from kiosk.domain.reasons import Why


@dataclass(frozen=True, slots=True)
class Channel(Membership):
    """Web, app, store, marketplace ..., as the merchant calls them. Parameters: `only`, `never`,
    `then` (kiosk.domain.policy.rules.membership)."""

    tag: ClassVar[str] = "channel"
    dimension: ClassVar[str] = "channel"
    why: ClassVar[Why] = Why.CHANNEL_NOT_SERVED
