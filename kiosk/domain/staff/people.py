"""Members of staff, and the shop's list of them.

The list (`Roster`) comes signed from the centre, which alone adds, changes and revokes people. Its
number never goes back, as a policy's does not: an old list would bring revoked people in again.
What is changed at the counter is one thing, a member's own PIN. It is kept beside the list
(`ChosenPin`), in the sealed store: a verifier of a few digits can be guessed by whoever has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.saying import Because, Refused, Then


@dataclass(frozen=True, slots=True)
class Member:
    """One person. `badge` is the digest of their badge, "" for none; `verifier` what a port checks
    their PIN against, "" for none. Neither is shown by `repr`. `pin_round` is raised by the centre
    where a new PIN is due. `not_before` and `until` are Unix seconds, the second not included."""

    staff_id: str
    name: str
    roles: frozenset[Role]
    badge: str = ""
    verifier: str = ""
    must_choose_pin: bool = True
    pin_round: int = 1
    active: bool = True
    not_before: int = 0
    until: int | None = None

    def __repr__(self) -> str:
        return f"Member({self.staff_id!r})"

    def works_at(self, at: int) -> bool:
        """Whether they belong to the shop at that instant."""
        return self.active and self.not_before <= at and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class ChosenPin:
    """A PIN that a member chose at this counter: its verifier, and the round that it answers."""

    staff_id: str
    verifier: str
    pin_round: int

    def __repr__(self) -> str:
        return f"ChosenPin({self.staff_id!r}, round {self.pin_round})"


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of a shop. `number` is that of the signed list."""

    number: int = 0
    members: tuple[Member, ...] = ()

    def member(self, staff_id: str) -> Member | None:
        return next((one for one in self.members if one.staff_id == staff_id), None)

    def of_badge(self, badge: str) -> Member | None:
        """Whose badge has that digest. How long the look-up takes tells of the digest alone, which
        nobody without the pepper can steer."""
        return next((one for one in self.members if badge and one.badge == badge), None)

    def with_pins(self, chosen: Iterable[ChosenPin]) -> Roster:
        """The list with the PINs that were chosen here. One of another round counts no more: the
        centre asked for a new one since."""
        pins = {(pin.staff_id, pin.pin_round): pin.verifier for pin in chosen}
        return replace(self, members=tuple(_with_pin(one, pins) for one in self.members))


def newer(held: Roster, came: Roster) -> Roster | Refused:
    """The list to go by when one comes whose signature is good. Both as signed, without PINs that
    were chosen here."""
    numbers: dict[str, str | int] = {"number": came.number, "held": held.number}
    if came.number < held.number:
        return Refused(Because.ROSTER_OLD, Then.ASK_CENTRE, numbers)
    if came.number == held.number:
        # One number is one list: two that differ mean a centre restored from an old copy.
        if came == held:
            return held
        return Refused(Because.ROSTER_CHANGED, Then.ASK_CENTRE, {"number": came.number})
    wrong = _wrong(came.members)
    if wrong is not None:
        return Refused(Because.ROSTER_WRONG, Then.ASK_CENTRE, {"member": wrong})
    return came


def _wrong(members: tuple[Member, ...]) -> str | None:
    """The first member who cannot be so: nobody's id, no role or the house's, or an id, a badge or
    a verifier that another one has (accounts are never shared, security.md 7; verifiers are
    salted, so that equal ones are copies)."""
    ids: set[str] = set()
    secrets: set[str] = set()
    for one in members:
        own = [secret for secret in (one.badge, one.verifier) if secret]
        roles_wrong = not one.roles or Role.HOUSE in one.roles
        if not one.staff_id or roles_wrong or one.staff_id in ids or secrets & set(own):
            return one.staff_id
        ids.add(one.staff_id)
        secrets.update(own)
    return None


def _with_pin(member: Member, pins: dict[tuple[str, int], str]) -> Member:
    verifier = pins.get((member.staff_id, member.pin_round))
    if verifier is None:
        return member
    return replace(member, verifier=verifier, must_choose_pin=False)
