"""A shop's team for tests, and a port that "checks" PINs by comparing them."""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.sessions import Screen, Times, entered
from kiosk.domain.staff.signing_in import (
    Result,
    Shown,
    SignedIn,
    SignInRule,
    sign_in,
    to_check,
)
from kiosk.domain.staff.tries import Trying

MONDAY = 1_741_600_800
NOBODYS = "pin:nobody's"
RULE, TIMES = SignInRule(), Times()
ANNA = Member("anna", "Anna", frozenset({Role.ASSOCIATE}), "badge-a", "pin:481620", False)
BEN = Member("ben", "Ben", frozenset({Role.SUPERVISOR}), "badge-b", "pin:730915", False)
CARA = Member("cara", "Cara", frozenset({Role.SUPERVISOR}), "badge-c", "pin:264801", False)
EVE = Member("eve", "Eve", frozenset({Role.ENGINEER}), "badge-e", "pin:905172", False)
NEW = Member("nils", "Nils", frozenset({Role.ASSOCIATE}), "badge-n", "pin:315204")
TEAM = Roster(7, (ANNA, BEN, CARA, EVE, NEW))


def changed(roster: Roster, staff_id: str, **how: object) -> Roster:
    """The roster as it comes next, with one member changed."""
    members = tuple(
        replace(one, **how) if one.staff_id == staff_id else one  # type: ignore[arg-type]
        for one in roster.members
    )
    return Roster(roster.number + 1, members)


class Counter:
    """A counter's sign-in as a caller does it: wait, check, write, answer. `checked` are the
    verifiers that the port was given."""

    def __init__(self, roster: Roster = TEAM, rule: SignInRule = RULE) -> None:
        self.roster, self.rule, self.trying, self.at = roster, rule, Trying(), MONDAY
        self.checked: list[str] = []

    def attempt(self, shown: Shown, pin: str = "") -> Result:
        shown = replace(shown, pin=pin != "")
        check = to_check(self.roster, shown, NOBODYS)
        self.checked.append(check.verifier)
        result = sign_in(check, check.verifier == f"pin:{pin}", self.trying, self.rule, self.at)
        self.trying = result.trying
        return result

    def by_id(self, staff_id: str, pin: str) -> Result:
        return self.attempt(Shown(staff_id=staff_id), pin)

    def by_badge(self, badge: str, pin: str = "") -> Result:
        return self.attempt(Shown(badge=badge), pin)


def proven(member: Member, at: int = MONDAY, *, badge: bool = True, pin: bool = True) -> SignedIn:
    return SignedIn(member.staff_id, member.roles, badge, pin, at)


def at_work(member: Member, at: int = MONDAY, screen: Screen | None = None) -> Screen:
    """A screen at which they signed in."""
    return entered(screen or Screen(), proven(member, at), TIMES, TEAM).screen
