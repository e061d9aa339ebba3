"""Before and between the jobs: who is there, and what may be scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.counter.commands import Command
from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.parcels import Parcel
from kiosk.domain.staff.overrides import Wanted
from kiosk.ports import Trouble

if TYPE_CHECKING:
    from kiosk.flows.counter.model import Screen


@dataclass(frozen=True, slots=True)
class Starting:
    """The core is still waking up."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nothing may be recorded at the moment. `back` is the screen of whoever is signed in, which
    is up again as soon as something may."""

    trouble: Trouble
    back: Screen | None = field(default=None, repr=False)


class Pad(StrEnum):
    """What is being typed when somebody signs in."""

    BADGE = "badge"  # nothing: a badge is awaited
    STAFF_ID = "staff_id"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who are you? `badge` is a digest; the PIN is shown as dots alone. `wait` counts seconds
    until another try, 0 for now; `until` is the same as monotonic seconds, `typed_at` when a key
    was last touched. `back` is the screen of
    whoever is signed in while somebody else's badge asks for a PIN; None where nobody is."""

    pad: Pad = Pad.BADGE
    badge: str = field(default="", repr=False)
    staff_id: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    wait: int = 0
    until: float = 0.0
    typed_at: float = 0.0
    back: Screen | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """A PIN of one's own, typed twice; `first` is "" until it was typed once. `back` is a job of
    theirs that waits meanwhile."""

    first: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    back: Screen | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Home:
    """Scan anything. What lies in front stands in the session's tiles."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be scanned, labels to print, training, how the screen looks. `unlocks`: whoever is
    signed in may forgive others their wrong PINs."""

    unlocks: bool = False


@dataclass(frozen=True, slots=True)
class Unlocking:
    """Whose wrong PINs are to be forgiven: everybody else of the shop, by name."""

    members: tuple[tuple[str, str], ...]
    """Staff id and name."""
    page: int = 0


@dataclass(frozen=True, slots=True)
class ToSettle:
    """What only a person can settle: parcels that nobody finds, and what two counters told that
    does not go together, the latest first."""

    missing: tuple[Parcel, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class TypeCode:
    """A code is typed that no scanner reads; `back` then gets it as if it had been scanned. What
    is typed is in no log: people type their PIN anywhere."""

    back: Screen
    text: str = field(default="", repr=False)


class Ask(StrEnum):
    """What an override asks for now."""

    REASON = "reason"
    NOTE = "note"
    BADGE = "badge"  # of the second person
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class Overriding:
    """A reason is asked for, and then a second person: `wanted` grows as it is answered. `needs`:
    somebody else must sign. `command` is what is to be done, `back` the screen that asked for it
    and is shown again. `badge` and `pin` are the second person's; `wait`,
    `until` and `typed_at` as `SignIn` has them."""

    wanted: Wanted
    command: Command
    back: Screen
    needs: bool = False
    ask: Ask = Ask.REASON
    badge: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    wait: int = 0
    until: float = 0.0
    typed_at: float = 0.0
