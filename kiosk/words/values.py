"""A reason's values as text; "" where a reason came without, so that no sentence ever fails."""

from __future__ import annotations

from kiosk.domain.money import Money
from kiosk.domain.reasons import Reason
from kiosk.words.voice import Voice


def day(voice: Voice, reason: Reason, name: str) -> str:
    """The value `name` as a written day."""
    value = reason.values.get(name, "")
    return voice.day(value) if isinstance(value, str) and value else ""


def amount(voice: Voice, reason: Reason, name: str) -> str:
    """The value `name` (minor units) with the reason's currency."""
    minor = reason.values.get(name)
    currency = reason.values.get("currency")
    if isinstance(minor, int) and isinstance(currency, str) and currency:
        return voice.money(Money(minor, currency))
    return ""


def text(reason: Reason, name: str) -> str:
    """The value `name` as it stands."""
    return str(reason.values.get(name, ""))


def name(reason: Reason, value: str) -> str:
    """A name that stays on one line."""
    return text(reason, value).replace(" ", "\u00a0")
