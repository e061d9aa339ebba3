"""What is recorded of staff: facts as `kiosk.domain.events` has them.

Never a PIN, a verifier or a badge, and of a failed sign-in never what was typed: people type their
PIN where their id belongs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, get_args


class Slip(StrEnum):
    """Why a sign-in failed: for the audit, not for the screen."""

    UNKNOWN = "unknown"
    WRONG_PIN = "wrong_pin"
    LOCKED = "locked"
    NOT_HERE = "not_here"  # revoked, not yet, no longer
    PIN_NEEDED = "pin_needed"
    BADGE_NEEDED = "badge_needed"


class Ended(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    SWITCHED = "switched"
    IDLE = "idle"
    ABSOLUTE = "absolute"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class StaffSignedIn:
    type: ClassVar[str] = "takeback.staff.signed_in.v1"
    staff_id: str
    badge: bool
    pin: bool
    roster: int


@dataclass(frozen=True, slots=True)
class StaffSessionEnded:
    type: ClassVar[str] = "takeback.staff.session_ended.v1"
    staff_id: str
    ended: str  # Ended


@dataclass(frozen=True, slots=True)
class SignInFailed:
    """`staff_id` is "" where nobody is known by what was shown."""

    type: ClassVar[str] = "takeback.staff.sign_in_failed.v1"
    staff_id: str
    slip: str  # Slip


@dataclass(frozen=True, slots=True)
class PinChosen:
    """A member chose a PIN at this counter. Its verifier lies in the sealed store alone."""

    type: ClassVar[str] = "takeback.staff.pin_chosen.v1"
    staff_id: str
    pin_round: int


@dataclass(frozen=True, slots=True)
class PinUnlocked:
    type: ClassVar[str] = "takeback.staff.pin_unlocked.v1"
    staff_id: str
    by: str


@dataclass(frozen=True, slots=True)
class RosterTaken:
    type: ClassVar[str] = "takeback.staff.roster_taken.v1"
    number: int
    people: int


@dataclass(frozen=True, slots=True)
class BookRejected:
    """A counter book that came and was not taken; the one before it goes on serving. `number` is
    0 where none can be read."""

    type: ClassVar[str] = "takeback.staff.book_rejected.v1"
    number: int
    cause: str


@dataclass(frozen=True, slots=True)
class Overridden:
    """A rule was set aside. `about` is what it was about (a parcel, a drop); `minor` is None where
    no amount is known; `second` is "" where one person was enough; `limit` is what one person
    may, None where none is set."""

    type: ClassVar[str] = "takeback.staff.overridden.v1"
    act: str
    about: str
    reason: str
    note: str
    by: str
    second: str
    minor: int | None
    currency: str
    limit: int | None


StaffFact = (
    StaffSignedIn
    | StaffSessionEnded
    | SignInFailed
    | PinChosen
    | PinUnlocked
    | RosterTaken
    | BookRejected
    | Overridden
)
STAFF_FACTS: dict[str, type] = {kind.type: kind for kind in get_args(StaffFact)}
