"""Before and between the jobs: who is there, and what may be scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.counter.commands import Command
from kiosk.domain.staff.overrides import Wanted
from kiosk.ports import Trouble

if TYPE_CHECKING:
    from kiosk.flows.counter.model import Screen


@dataclass(frozen=True, slots=True)
class Starting:
    """The core is still waking up."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Nothing may be recorded at the moment."""

    trouble: Trouble


class Pad(StrEnum):
    """What is being typed when somebody signs in."""

    BADGE = "badge"  # nothing: a badge is awaited
    STAFF_ID = "staff_id"
    PIN = "pin"


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who are you? `badge` is a digest; the PIN is shown as dots alone. `wait` counts seconds
    until another try; 0 for now."""

    pad: Pad = Pad.BADGE
    badge: str = ""
    staff_id: str = ""
    pin: str = field(default="", repr=False)
    wait: int = 0


@dataclass(frozen=True, slots=True)
class ChoosePin:
    """A PIN of one's own, typed twice; `first` is "" until it was typed once."""

    first: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Home:
    """Scan anything. What lies in front stands in the session's tiles."""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be scanned, labels to print, training, a supervisor's keys."""


@dataclass(frozen=True, slots=True)
class Overriding:
    """A reason is asked for, and then a second person: `wanted` grows as it is answered. `needs`
    is set once somebody else must sign; then a badge is awaited and a PIN typed. `command` is what
    is to be done, `back` the screen that asked for it and is shown again."""

    wanted: Wanted
    command: Command
    back: Screen
    needs: bool = False
    badge: str = ""
    pin: str = field(default="", repr=False)
