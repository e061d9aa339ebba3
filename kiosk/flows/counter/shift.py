"""Who is at the screen: what time, the roster, a badge or a key make of it, and what is laid aside.

Every change of people goes through `changed`, which wipes by making a new session: what is not
named there is gone (security.md 11). A job in hand is its screen; a screen with something typed in
it is laid aside without that.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.staff import sessions
from kiosk.domain.staff.facts import Ended, StaffSessionEnded
from kiosk.domain.staff.signing_in import SignedIn
from kiosk.flows.counter import outbound
from kiosk.flows.counter.model import Do, Screen, Session, Timing
from kiosk.flows.counter.states import desk
from kiosk.flows.counter.states.leaving import Signing
from kiosk.flows.counter.states.outbound import Approving, SigningFor
from kiosk.flows.counter.turns import tiles
from kiosk.flows.keys import Comfort

_NO_JOB = (
    desk.Starting,
    desk.OutOfService,
    desk.SignIn,
    desk.ChoosePin,
    desk.Home,
    desk.Help,
    desk.Unlocking,
    desk.ToSettle,
)


def look(session: Session, do: Do, timing: Timing) -> Session:
    """What time and the roster have made of whoever is there. Asked at every event."""
    house, staff = do.house(), _with_job(session)
    change = sessions.looked(staff, house.times, house.roster, do.at())
    return session if change.screen == staff else changed(session, change, do, timing)


def touch(session: Session, do: Do) -> Session:
    """A touch or a scan of whoever is signed in."""
    staff = sessions.touched(session.staff, do.at())
    return session if staff == session.staff else replace(session, staff=staff)


def enter(session: Session, who: SignedIn, do: Do, timing: Timing) -> Session:
    """Somebody has shown who they are: whoever was there is out, and what the one who comes had
    laid aside is up again."""
    house = do.house()
    change = sessions.entered(_with_job(session), who, house.times, house.roster)
    after = changed(session, change, do, timing)
    return after if change.wipe else replace(after, screen=in_front(session.screen))


def leave(session: Session, do: Do, timing: Timing) -> Session:
    """Signed out by the key: the job in hand is dropped."""
    change = sessions.left(_with_job(session), Ended.SIGNED_OUT, do.at())
    return changed(session, change, do, timing)


def train(session: Session, on: bool, do: Do, timing: Timing) -> Session:
    """Training begun or ended; what was in hand does not cross over."""
    change = sessions.trained(_with_job(session), on, do.at())
    return changed(session, change, do, timing)


def changed(session: Session, change: sessions.Change, do: Do, timing: Timing) -> Session:
    """The session after people changed: recorded, laid aside, dropped, wiped, in this order."""
    if change.facts:
        do.record(change.facts)
    kept = _kept(session, change, do)
    after = replace(session, staff=change.screen, kept=kept)
    if after.training is not session.training:
        do.train(after.training)
    if not change.wipe:
        return after
    comforts = dict(session.comforts)
    if session.staff.session is not None:
        comforts[session.staff.session.staff_id] = session.comfort
    shut = session.screen if isinstance(session.screen, desk.OutOfService) else None
    fresh = Session(
        desk.SignIn() if shut is None else replace(shut, back=None),
        change.screen,
        kept=kept,
        comfort=Comfort(timing.default_language),
        comforts=comforts,
        service=session.service,
        bar=session.bar,
        now=do.now(),
        scans=session.scans,
    )
    return _at_work(fresh, do)


def _at_work(session: Session, do: Do) -> Session:
    """With the screen of whoever is signed in now, as they like to see it."""
    who = session.staff.session
    if who is None:
        return session
    own = f"{who.staff_id}{_BESIDE}"
    kept = {name.removeprefix(own): screen for name, screen in session.kept.items()}
    screen = kept.pop(who.job, None) or desk.Home()
    member = do.house().roster.member(who.staff_id)
    return replace(
        session,
        screen=screen,
        name=member.name if member is not None else who.staff_id,
        kept=kept,
        comfort=session.comforts.get(who.staff_id, session.comfort),
        tiles=tiles(do.shop()),
    )


def _kept(session: Session, change: sessions.Change, do: Do) -> dict[str, Screen]:
    """The screens of the jobs that wait now. Those that nobody can go on with are given up."""
    jobs = dict(session.kept)
    name = _job(session)
    if name:
        jobs[name] = in_front(session.screen)
    for job in change.abandoned:
        if job in jobs:
            outbound.dropped(jobs.pop(job), do)
    waiting = {one.job for one in change.screen.aside}
    if not change.wipe:
        return {job: screen for job, screen in jobs.items() if job in waiting or _beside(job)}
    if change.screen.session is not None:
        waiting.add(change.screen.session.job)
    put_by = {_put_by(session, job, change): screen for job, screen in jobs.items() if _beside(job)}
    left = {job: screen for job, screen in jobs.items() if job in waiting}
    return left | {job: screen for job, screen in put_by.items() if job}


_OF, _BESIDE = "/", "+"
"""`anna/Receiving` is a job laid aside; `delivery` is what a job keeps for its owner beside the
one in hand, and `anna+delivery` the same while somebody else is there."""


def _beside(name: str) -> bool:
    return _OF not in name


def _put_by(session: Session, name: str, change: sessions.Change) -> str:
    """What is kept beside, under its owner's name; "" where nobody can go on with it."""
    if _BESIDE in name:
        return name
    who, finished = session.staff.session, (Ended.SIGNED_OUT, Ended.REVOKED)
    over = [fact for fact in change.facts if isinstance(fact, StaffSessionEnded)]
    if who is None or who.training or not over or over[0].ended in finished:
        return ""
    return f"{who.staff_id}{_BESIDE}{name}"


def in_front(screen: Screen) -> Screen:
    """What somebody works on, below what only came before it, and with nothing typed in it."""
    match screen:
        case desk.SignIn(back=back) | desk.OutOfService(back=back) | desk.ChoosePin(back=back) if (
            back is not None
        ):
            return in_front(back)
        case desk.TypeCode(back=back):
            return in_front(back)
        case Approving(job=job) | SigningFor(job=job) | Signing(job=job):
            return job
        case desk.Overriding(ask=desk.Ask.BADGE | desk.Ask.PIN):
            return replace(screen, ask=desk.Ask.BADGE, badge="", pin="")
        case _:
            return screen


def _job(session: Session) -> str:
    """The name of the job in hand: whose, and which screen. "" for none."""
    who, screen = session.staff.session, in_front(session.screen)
    if who is None or isinstance(screen, _NO_JOB):
        return ""
    return f"{who.staff_id}{_OF}{type(screen).__name__}"


def _with_job(session: Session) -> sessions.Screen:
    return sessions.working(session.staff, _job(session))
