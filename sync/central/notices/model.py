"""The words of this package: kinds of notices, ways, states, and what a sending ends in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import Final

import msgspec


@unique
class Kind(StrEnum):
    """What somebody is told."""

    ARRIVED = "arrived"
    REMINDER = "reminder"
    LAST_DAY = "last_day"
    COLLECTED = "collected"
    DROPPED_OFF = "dropped_off"
    REFUNDED = "refunded"


@unique
class Thing(StrEnum):
    """What it is about."""

    PARCEL = "parcel"
    RETURN = "return"


@unique
class Way(StrEnum):
    """By what people are reached. One channel of a tenant serves each."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    SIGNAL = "signal"
    WEBHOOK = "webhook"


@unique
class State(StrEnum):
    """SENDING is held by a worker and nothing was handed over; HANDING may have been taken by the
    provider already. FAILED waits for a person until its time is over."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDING = "handing"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


WAITING: Final = (State.QUEUED, State.SENDING, State.HANDING, State.FAILED)
"""What somebody may still be sent."""
SETTLED: Final = (State.SENT, State.DROPPED)


@unique
class Why(StrEnum):
    """Why a notice was not sent."""

    TOO_LATE = "too_late"
    """Its time was over before it could be sent."""
    UNSURE = "unsure"
    """The centre or the line failed in the one moment in which it may have been taken."""
    REFUSED = "refused"
    """Every address was refused for good."""
    UNWANTED = "unwanted"
    """They asked not to be told."""
    GONE = "gone"
    """The parcel had left, or the return was called off."""
    NO_WAY = "no_way"
    """Nobody set up a channel for any of their addresses."""
    WORDS = "words"
    """The template could not be filled in."""
    SEALED = "sealed"
    """What was sealed cannot be read: a key is missing."""
    TOGETHER = "together"
    """Another message told of it as well."""
    BY_HAND = "by_hand"


class Address(msgspec.Struct, frozen=True):
    """One way to somebody: an e-mail address, a number, a name."""

    way: Way
    to: str


class Hidden(msgspec.Struct, frozen=True):
    """What is sealed. `to` in the order of wish; `code` as its QR holds it, "" for none."""

    to: tuple[Address, ...]
    code: str = ""
    name: str = ""


PATIENCE: Final = {
    Kind.ARRIVED: timedelta(days=3),
    Kind.REMINDER: timedelta(days=1),
    Kind.LAST_DAY: timedelta(hours=14),
    Kind.COLLECTED: timedelta(days=1),
    Kind.DROPPED_OFF: timedelta(days=2),
    Kind.REFUNDED: timedelta(days=3),
}
"""How long a notice is tried, from when it is due. A day later most of them are untrue."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice that somebody should be sent. The same kind, thing, recipient and occasion is the
    same notice, however often it is asked for."""

    kind: Kind
    thing: Thing
    about: str
    occasion: str
    language: str
    hidden: Hidden
    due_at: datetime
    not_after: datetime
    recipient: str = ""
    site: str = ""
    merchant_id: str = ""
    told: dict[str, str] = field(default_factory=dict)


# --- what one sending ends in --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it."""

    answer: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It was not taken, and may be another time."""

    answer: str


@dataclass(frozen=True, slots=True)
class Never:
    """This address will not be taken: the next one may."""

    answer: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """The channel itself fails; nothing was handed over, and nothing else would be taken either."""

    answer: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It was handed over, and nobody said whether it was taken."""

    answer: str


Outcome = Taken | Later | Never | Trouble | Unsure
