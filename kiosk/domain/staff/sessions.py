"""One person at a screen: how long, who comes next, and what is wiped between them.

There is one session at a time. When somebody else scans their badge, the session before ENDS; only
the job in hand is laid aside, by its name, for its owner and for a few minutes. A session that
went on beside another would let one person's scans be done in the name of the other, and would
have to be watched for two time-outs; a job that was lost would be a parcel in the hand that nobody
knows the shelf of. Nobody can go on with another's job.

Whoever was revoked finishes nothing: their session is over at the next act, and their jobs with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain.counter.commands import Role, Who
from kiosk.domain.staff.facts import Ended, StaffSessionEnded, StaffSignedIn
from kiosk.domain.staff.people import Member, Roster
from kiosk.domain.staff.permits import Act, Amount, Answer, DeskAct, Limits, may
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.staff.signing_in import SignedIn

REAL_ONLY: frozenset[Act] = frozenset({DeskAct.UNLOCK, DeskAct.SECOND, DeskAct.ENGINEER_PAGES})
"""What touches real people or the real machine, and so cannot be practised."""


class Part(StrEnum):
    """What a wipe clears (security.md 11)."""

    SCREEN = "screen"
    MODELS = "models"
    IMAGES = "images"
    CLIPBOARD = "clipboard"
    TYPED = "typed"


ALL = frozenset(Part)


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: without a touch or scan, in all, that a job laid aside waits, and that a second
    person's signature is good for."""

    idle: int = 300
    absolute: int = 36_000
    aside: int = 600
    second: int = 60


@dataclass(frozen=True, slots=True)
class Session:
    """`job` is the name of what is in hand, "" for nothing."""

    staff_id: str
    began: int
    touched: int
    job: str = ""
    training: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A job that waits for its owner."""

    staff_id: str
    job: str
    at: int


@dataclass(frozen=True, slots=True)
class Screen:
    """Who is signed in, and what waits for those who were."""

    session: Session | None = None
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the screen. `wipe` is cleared before anything else is shown; `abandoned` are
    jobs that nobody can go on with, for the caller to undo; `facts` are recorded."""

    screen: Screen
    wipe: frozenset[Part] = frozenset()
    abandoned: tuple[str, ...] = ()
    facts: tuple[StaffSignedIn | StaffSessionEnded, ...] = field(default=())


def over(session: Session, times: Times, roster: Roster, at: int) -> Ended | None:
    """Why a session is over; None while it lasts. One that lies as far ahead as it could last was
    begun under a clock that ran ahead, until the centre proved it wrong: it would end never."""
    member = roster.member(session.staff_id)
    if member is None or not member.works_at(at):
        return Ended.REVOKED
    if abs(at - session.began) >= times.absolute:
        return Ended.ABSOLUTE
    if abs(at - session.touched) >= times.idle:
        return Ended.IDLE
    return None


def looked(screen: Screen, times: Times, roster: Roster, at: int) -> Change:
    """What time and the roster have made of a screen. Asked before each act and now and then."""
    waiting = [one for one in screen.aside if _waits(one, times, roster, at)]
    gone = tuple(one.job for one in screen.aside if one not in waiting)
    screen = replace(screen, aside=tuple(waiting))
    ended = over(screen.session, times, roster, at) if screen.session is not None else None
    if ended is None:
        return Change(screen, abandoned=gone)
    change = left(screen, ended, at)
    return replace(change, abandoned=(*gone, *change.abandoned))


def left(screen: Screen, why: Ended, at: int) -> Change:
    """The session's end. The job waits for its owner, but where they signed out with it, were
    revoked, or it was practice."""
    session = screen.session
    if session is None:
        return Change(screen)
    fact = (StaffSessionEnded(session.staff_id, why),)
    dropped = session.training or why in (Ended.REVOKED, Ended.SIGNED_OUT)
    if dropped or not session.job:
        jobs = (session.job,) if session.job else ()
        return Change(replace(screen, session=None), ALL, jobs, fact)
    aside = (*screen.aside, Aside(session.staff_id, session.job, at))
    return Change(Screen(None, aside), ALL, (), fact)


def entered(screen: Screen, who: SignedIn, times: Times, roster: Roster) -> Change:
    """Somebody signs in: whoever was there is out, and a job of theirs that waits is in hand
    again. Who signs in anew over their own session goes on with it, and nothing is wiped."""
    at = who.at
    before = looked(screen, times, roster, at)
    screen, own = before.screen, before.screen.session
    fact = StaffSignedIn(who.staff_id, who.badge, who.pin, roster.number)
    if own is not None and own.staff_id == who.staff_id and not own.training:
        again = replace(screen, session=replace(own, began=at, touched=at))
        return replace(before, screen=again, facts=(*before.facts, fact))
    out = left(screen, Ended.SWITCHED, at)
    waiting = [one for one in out.screen.aside if one.staff_id == who.staff_id]
    others = tuple(one for one in out.screen.aside if one.staff_id != who.staff_id)
    session = Session(who.staff_id, at, at, waiting[0].job if waiting else "")
    return Change(
        Screen(session, others),
        ALL,
        (*before.abandoned, *out.abandoned),
        (*before.facts, *out.facts, fact),
    )


def touched(screen: Screen, at: int) -> Screen:
    """A touch or a scan. To be asked after `looked`: it does not bring back what is over."""
    if screen.session is None:
        return screen
    latest = max(at, screen.session.touched)
    return replace(screen, session=replace(screen.session, touched=latest))


def working(screen: Screen, job: str) -> Screen:
    """What is in hand now; "" for nothing."""
    return replace(screen, session=replace(screen.session, job=job)) if screen.session else screen


def may_act(
    screen: Screen,
    act: Act,
    times: Times,
    roster: Roster,
    limits: Limits,
    at: int,
    amount: Amount | None = None,
) -> Answer:
    """Whether whoever is signed in may do it. By the roster as it is now, not as it was when they
    signed in. Where the answer is `Needs`, `overrides.may_override` goes on."""
    session = screen.session
    ended = over(session, times, roster, at) if session is not None else Ended.SIGNED_OUT
    member = roster.member(session.staff_id) if session is not None else None
    if session is None or ended is not None or member is None:
        values: dict[str, str | int] = {"ended": str(ended)}
        return Refused(Because.SESSION_OVER, Then.SIGN_IN, values)
    if member.must_choose_pin:
        return Refused(Because.PIN_TO_CHOOSE, Then.CHOOSE_PIN)
    if session.training and act in REAL_ONLY:
        return Refused(Because.IN_TRAINING, Then.LEAVE_TRAINING)
    return may(member.roles, act, limits, amount)


def trained(screen: Screen, on: bool, at: int) -> Change:
    """Training mode begun or ended by whoever is signed in (permits: TRAINING). What was in hand
    is dropped both ways: nothing crosses over."""
    session = screen.session
    if session is None or session.training is on:
        return Change(screen)
    jobs = (session.job,) if session.job else ()
    moved = replace(session, training=on, job="", touched=max(at, session.touched))
    return Change(replace(screen, session=moved), ALL, jobs)


def as_who(member: Member) -> Who:
    """A member as the counter's commands know them: by the most that they are at the desk."""
    order = (Role.SUPERVISOR, Role.ASSOCIATE, Role.ENGINEER)
    return Who(member.staff_id, next(role for role in order if role in member.roles))


def _waits(aside: Aside, times: Times, roster: Roster, at: int) -> bool:
    member = roster.member(aside.staff_id)
    return member is not None and member.works_at(at) and abs(at - aside.at) < times.aside
