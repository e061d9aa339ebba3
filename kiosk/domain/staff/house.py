"""What a site says of its people and of how they work: the part of the counter book for staff."""

from __future__ import annotations

from dataclasses import dataclass, field

from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.permits import Limits
from kiosk.domain.staff.pins import PinRule
from kiosk.domain.staff.sessions import Times
from kiosk.domain.staff.signing_in import SignInRule


@dataclass(frozen=True, slots=True)
class House:
    """By the newest book that is held here; the roster with the PINs that were chosen here."""

    roster: Roster = field(default_factory=Roster)
    limits: Limits = field(default_factory=Limits)
    sign_in: SignInRule = field(default_factory=SignInRule)
    pins: PinRule = field(default_factory=PinRule)
    times: Times = field(default_factory=Times)
