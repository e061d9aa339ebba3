"""A shopper's return at the counter: the shopper's own flow on the shopper's own screens, fed by
the staff's scanner. Nothing of it is decided here.

Where the shopper's flow comes back to its front, the visit is over and the counter is at Home: a
second return is one more scan. What is open when staff leave is given up as if the shopper had.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.domain.counter.meaning import BagScanned, Meaning, ReturnScanned
from kiosk.domain.staff.saying import Because, Refused, Then
from kiosk.domain.visit import AbandonCause
from kiosk.flows import model as shopper
from kiosk.flows import turns as visits
from kiosk.flows.counter.model import (
    CounterEvent,
    Do,
    Key,
    OfVisit,
    Pressed,
    Screen,
    Session,
    Tick,
    Timing,
)
from kiosk.flows.counter.states.outbound import Returning
from kiosk.flows.counter.turns import home, show, wrong
from kiosk.flows.shopper import step as of_shopper
from kiosk.ports import Scanned

_OVER = (shopper.Attract, shopper.OutOfService)
_PROMISED = (shopper.Receipt, shopper.Done, shopper.Refused, shopper.StaffCalled)
"""Nothing is scanned there any more: the next scan begins the counter's next job."""


def begin(session: Session, scan: Scanned | str, do: Do, timing: Timing) -> Session:
    """A return code. What is wrong with it is said where staff look; the visit begins with a good
    one. What is promised to a shopper is never practice."""
    if session.training:
        return wrong(session, Refused(Because.IN_TRAINING, Then.LEAVE_TRAINING), do, timing)
    visit_do, visit_timing = do.visit()
    fresh = shopper.Session(
        shopper.Attract(), comfort=session.comfort, service=session.service, now=do.now()
    )
    if isinstance(scan, str):
        visit = _typed(fresh, scan, visit_do, visit_timing)
    else:
        visit = of_shopper(fresh, scan, visit_do, visit_timing)
    if isinstance(visit.screen, _OVER):
        problem = visits.problem_of(visit.screen)
        return session if problem is None else wrong(session, problem, do, timing)
    return show(session, Returning(visit), do)


def step(session: Session, screen: Returning, event: CounterEvent, do: Do) -> Session:
    match event:
        case OfVisit(event=touch):
            return _feed(session, screen, touch, do)
        case Tick():
            return _feed(session, screen, shopper.Tick(), do)
        case Pressed(Key.BACK):
            dropped(screen, do)
            return home(session, do)
        case _:
            return session


def scanned(
    session: Session, screen: Returning, meaning: Meaning, scan: Scanned | str, do: Do
) -> Session:
    """The shopper's screens get it, unless the promise is made and it is about something else."""
    done = isinstance(screen.visit.screen, _PROMISED)
    if isinstance(scan, str) or (done and not isinstance(meaning, ReturnScanned | BagScanned)):
        return session
    after = _feed(session, screen, scan, do)
    # A scan that means nothing there means nothing: the job in front had it.
    return after if after is not session else replace(session, now=do.now())


def dropped(screen: Screen, do: Do) -> None:
    """Nobody goes on with it: the open drop is given up, and its bag is free."""
    if isinstance(screen, Returning):
        visits.let_go(screen.visit, do.visit()[0], AbandonCause.CANCELLED)


def _feed(session: Session, screen: Returning, event: shopper.FlowEvent, do: Do) -> Session:
    visit_do, visit_timing = do.visit()
    served = replace(screen.visit, service=session.service)
    visit = of_shopper(served, event, visit_do, visit_timing)
    if isinstance(visit.screen, _OVER):
        return home(session, do)
    return session if visit is served else show(session, Returning(visit), do)


def _typed(
    fresh: shopper.Session, text: str, do: shopper.Do, timing: shopper.Timing
) -> shopper.Session:
    """A code typed at the counter's keys, as if it had been typed at the shopper's."""
    typing = replace(fresh, screen=shopper.TypeShortCode(text))
    visit = of_shopper(typing, shopper.Pressed(shopper.Press.SUBMIT), do, timing)
    problem = visits.problem_of(visit.screen)
    if isinstance(visit.screen, shopper.TypeShortCode):
        return replace(visit, screen=shopper.Attract(problem=problem))
    return visit
