"""Badge and PIN: what to check, and what comes of it.

Everybody gets the same work done and the same answer (security.md 5): one PIN is checked by the
port each time, against a verifier of nobody's where there is none to check, and all that fails is
`SIGN_IN_NOT_GOOD`, be it unknown, wrong, locked or revoked. Only that the counter as a whole must
wait is said, as that tells of nobody.

    if (wait := must_wait(trying, limits, at)) is not None: ...  # say so
    check = to_check(roster, shown, nobodys)                     # what the port is to check
    result = sign_in(check, matched, trying, rule, at)           # matched: what the port found
    ...                                                          # write result.trying, then answer
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kiosk.domain.counter.commands import Role
from kiosk.domain.staff.facts import SignInFailed, Slip
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.tries import (
    OF_DEVICE,
    OF_MEMBER,
    Limit,
    Trying,
    after_right,
    after_wrong,
    waits,
)

NOT_GOOD = Refused(Because.SIGN_IN_NOT_GOOD, Then.TRY_AGAIN_OR_ASK)
"""The answer to every sign-in that fails, whatever the cause."""


@dataclass(frozen=True, slots=True)
class SignInRule:
    """What a site asks for. `badge_alone`: the roles for which a badge is enough, `pin_alone`:
    those that may type their id and PIN. A member needs all their roles to be in it; supervisors
    and engineers always show both, whatever is set."""

    badge_alone: frozenset[Role] = frozenset()
    pin_alone: frozenset[Role] = frozenset({Role.ASSOCIATE})
    of_member: Limit = OF_MEMBER
    of_device: Limit = OF_DEVICE


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody brings: a badge's digest or a typed staff id, and whether a PIN was typed (the
    PIN itself goes to the port alone)."""

    badge: str = ""
    staff_id: str = ""
    pin: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """What the port is to check the PIN against, always; `member` is None for nobody known."""

    verifier: str = field(repr=False)
    member: Member | None
    shown: Shown


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody who has just shown who they are, at Unix second `at`."""

    staff_id: str
    roles: frozenset[Role]
    badge: bool
    pin: bool
    at: int
    must_choose_pin: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """`trying` is stored before `answer` is given; `fact` says to the audit why it failed, which
    is not for the screen."""

    trying: Trying
    answer: SignedIn | Refused
    fact: SignInFailed | None = None


def asks_pin(roster: Roster, badge: str, rule: SignInRule) -> bool:
    """Whether the PIN pad follows a badge. Also for a badge that nobody has."""
    member = roster.of_badge(badge)
    return member is None or member.must_choose_pin or not _enough(member, rule.badge_alone)


def to_check(roster: Roster, shown: Shown, nobodys: str) -> Check:
    """`nobodys` is a verifier made with the same cost as all others, of a secret that nobody
    knows. A badge goes before a typed id; both must be of one person."""
    if shown.badge:
        member = roster.of_badge(shown.badge)
        if member is not None and shown.staff_id not in ("", member.staff_id):
            member = None
    else:
        member = roster.member(shown.staff_id)
    known = member is not None and member.verifier
    return Check(member.verifier if member is not None and known else nobodys, member, shown)


def must_wait(trying: Trying, rule: SignInRule, at: int) -> Refused | None:
    """Why nobody may try at this counter now; None where one may."""
    left = waits(trying.device, rule.of_device, trying.now(at))
    return Refused(Because.TOO_MANY_TRIES, Then.WAIT, {"seconds": left}) if left else None


def sign_in(check: Check, matched: bool, trying: Trying, rule: SignInRule, at: int) -> Result:
    """What a try comes to. `matched` is what the port found of the PIN, False without one."""
    now = trying.now(at)
    trying = replace(trying, mark=now)
    waiting = must_wait(trying, rule, now)
    if waiting is not None:
        return Result(trying, waiting)
    member, shown = check.member, check.shown
    slip = _slip(check, matched, trying, rule, now)
    if member is not None and slip is None:
        after = trying.with_member(member.staff_id, after_right(trying.of(member.staff_id)))
        # A badge alone proves nothing of the PIN, so that it forgives no wrong ones.
        after = after if shown.pin else trying
        badge = shown.badge != ""
        who = SignedIn(member.staff_id, member.roles, badge, shown.pin, now, member.must_choose_pin)
        return Result(after, who)
    # All that fails counts for the counter, also what was right but locked: else its waits would
    # tell the one from the other.
    trying = replace(trying, device=after_wrong(trying.device, rule.of_device, now))
    if member is not None and slip is Slip.WRONG_PIN:
        tries = after_wrong(trying.of(member.staff_id), rule.of_member, now)
        trying = trying.with_member(member.staff_id, tries)
    staff_id = member.staff_id if member is not None else ""
    return Result(trying, NOT_GOOD, SignInFailed(staff_id, slip or Slip.UNKNOWN))


def _slip(check: Check, matched: bool, trying: Trying, rule: SignInRule, at: int) -> Slip | None:
    """Why it fails; None where it is good."""
    member, shown = check.member, check.shown
    if member is None:
        return Slip.UNKNOWN
    if waits(trying.of(member.staff_id), rule.of_member, at):
        return Slip.LOCKED
    # Before the PIN: whoever knows a supervisor's id must not lock them out by typing it.
    if not shown.badge and not _enough(member, rule.pin_alone):
        return Slip.BADGE_NEEDED
    if shown.pin and not (matched and member.verifier):
        return Slip.WRONG_PIN
    if not member.works_at(at):
        return Slip.NOT_HERE
    if shown.badge and not shown.pin:
        alone = not member.must_choose_pin and _enough(member, rule.badge_alone)
        return None if alone else Slip.PIN_NEEDED
    if not shown.pin:
        return Slip.PIN_NEEDED
    return None


def _enough(member: Member, roles: frozenset[Role]) -> bool:
    return member.roles <= roles & {Role.ASSOCIATE}
