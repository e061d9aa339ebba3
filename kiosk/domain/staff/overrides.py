"""What a rule forbids, or one person alone may not do, done all the same: with a reason, and with
a second person where the table of permits asks for one.

The second person is another one, who showed badge and PIN a moment ago for just this. Somebody who
is signed in anyway, or who signed for something else, does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.staff.facts import Overridden
from kiosk.domain.staff.people import Roster
from kiosk.domain.staff.permits import (
    TABLE,
    Act,
    Allowed,
    Amount,
    DeskAct,
    Limits,
    Needs,
    may,
)
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.sessions import Screen, Times, may_act
from kiosk.domain.staff.signing_in import SignedIn

LONGEST_NOTE = 200
"""Characters."""


class OverrideReason(StrEnum):
    GOODWILL = "goodwill"
    DAMAGED_IN_SHOP = "damaged_in_shop"
    WRONG_DECISION = "wrong_decision"  # the kiosk or a rule was wrong
    MACHINE_FAULT = "machine_fault"
    TAKEN_BY_MISTAKE = "taken_by_mistake"
    CUSTOMER_CHANGED_MIND = "customer_changed_mind"
    CARRIER_ASKED = "carrier_asked"
    OTHER = "other"  # a note must say what


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done, to what, and why. `reason` is one of OverrideReason, as it was brought;
    `amount` is None where it is not known or there is none."""

    act: Act
    about: str
    reason: str
    note: str = ""
    amount: Amount | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """A second person's signature for one act about one thing, of one amount."""

    by: SignedIn
    act: Act
    about: str
    amount: Amount | None = None


def may_override(
    screen: Screen,
    wanted: Wanted,
    times: Times,
    roster: Roster,
    limits: Limits,
    at: int,
    second: Approval | None = None,
) -> Overridden | Needs | Refused:
    """The fact of an override that is allowed; who must sign besides; or why not."""
    wrong = _without_reason(wanted) or _amount_wrong(wanted.amount)
    if wrong is not None:
        return wrong
    session = screen.session
    answer = may_act(screen, wanted.act, times, roster, limits, at, wanted.amount)
    if isinstance(answer, Refused) or session is None:
        return answer if isinstance(answer, Refused) else _NOBODY
    if isinstance(answer, Allowed):
        return _fact(wanted, session.staff_id, "", limits)
    if second is None:
        return answer
    refused = _not_good(second, wanted, session.staff_id, times, roster, at)
    return refused or _fact(wanted, session.staff_id, second.by.staff_id, limits)


def name_of(act: Act) -> str:
    """An act as a fact names it."""
    return act.value if isinstance(act, DeskAct) else act.__name__


_NOBODY = Refused(Because.SESSION_OVER, Then.SIGN_IN)
_REASONS = frozenset(reason.value for reason in OverrideReason)


def _without_reason(wanted: Wanted) -> Refused | None:
    note = wanted.note.strip()
    if wanted.reason not in _REASONS:
        return Refused(Because.REASON_MISSING, Then.GIVE_REASON)
    if wanted.reason == OverrideReason.OTHER and not note:
        return Refused(Because.NOTE_MISSING, Then.WRITE_NOTE)
    if len(note) > LONGEST_NOTE:
        return Refused(Because.NOTE_TOO_LONG, Then.WRITE_NOTE, {"most": LONGEST_NOTE})
    # Lines and control characters would forge lines of logs and of printed lists.
    if not note.isprintable():
        return Refused(Because.NOTE_NOT_PLAIN, Then.WRITE_NOTE)
    return None


def _amount_wrong(amount: Amount | None) -> Refused | None:
    if amount is None or (amount.minor >= 0 and amount.currency):
        return None
    return Refused(Because.AMOUNT_NOT_GOOD, Then.ENTER_AMOUNT)


def not_a_second(by: SignedIn, first: str, times: Times, roster: Roster, at: int) -> Refused | None:
    """Why somebody who has just shown who they are cannot sign beside `first`."""
    member = roster.member(by.staff_id)
    if by.staff_id == first:
        return Refused(Because.SECOND_IS_THE_SAME, Then.ASK_SOMEBODY_ELSE)
    if member is None or not member.works_at(at) or member.must_choose_pin:
        return Refused(Because.SECOND_NOT_ALLOWED, Then.ASK_SOMEBODY_ELSE)
    if not isinstance(may(member.roles, DeskAct.SECOND, Limits()), Allowed):
        return Refused(Because.SECOND_NOT_ALLOWED, Then.ASK_SOMEBODY_ELSE)
    if not (by.badge and by.pin):
        return Refused(Because.SECOND_WITHOUT_PROOF, Then.SIGN_AGAIN)
    if not 0 <= at - by.at <= times.second:
        return Refused(Because.SECOND_TOO_LATE, Then.SIGN_AGAIN)
    return None


def _not_good(
    second: Approval, wanted: Wanted, first: str, times: Times, roster: Roster, at: int
) -> Refused | None:
    """Why a second person's signature is not good for this."""
    refused = not_a_second(second.by, first, times, roster, at)
    if refused is not None:
        return refused
    if (second.act, second.about, second.amount) != (wanted.act, wanted.about, wanted.amount):
        return Refused(Because.SECOND_FOR_SOMETHING_ELSE, Then.SIGN_AGAIN)
    return None


def _fact(wanted: Wanted, by: str, second: str, limits: Limits) -> Overridden:
    amount, row = wanted.amount, TABLE.get(wanted.act)
    limit = limits.alone.get(row.limit) if row is not None and row.limit is not None else None
    return Overridden(
        name_of(wanted.act),
        wanted.about,
        wanted.reason,
        wanted.note.strip(),
        by,
        second,
        amount.minor if amount is not None else None,
        amount.currency if amount is not None else "",
        limit.minor if limit is not None else None,
    )
