"""What is on the counter's screen, as a total function of the session.

`shown` answers the name of a QML file (`counter/<Name>Screen.qml`) and its properties: plain
strings, numbers, booleans, lists and dicts, every text already in the language of whoever works,
so that QML only lays out. One module a job knows the screens of that job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.flows.counter.jobs import INBOUND, LEAVING, OUTBOUND
from kiosk.flows.counter.model import Session
from kiosk.flows.counter.states.desk import OutOfService, Pad, SignIn, Starting
from kiosk.words import Words
from ui.counter import desk, frame, inbound, leaving, outbound


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen and everything on it. `props` holds JSON values only."""

    name: str
    props: Mapping[str, object]


def shown(session: Session, words: Words) -> Shown:
    """Draw the session; never raises for a session that the flow can reach."""
    name, own = _own(session, words)
    return Shown(name, frame.around(session, words) | own)


def nobodys(session: Session) -> bool:
    """Whether anybody who passes may see it: nobody is signed in, and nothing typed."""
    if session.staff.session is not None:
        return False
    match session.screen:
        case SignIn(pad=Pad.BADGE) | Starting() | OutOfService():
            return True
        case _:
            return False


def _own(session: Session, words: Words) -> frame.Drawn:
    screen = session.screen
    if isinstance(screen, INBOUND):
        return inbound.drawn(session, screen, words)
    if isinstance(screen, OUTBOUND):
        return outbound.drawn(session, screen, words)
    if isinstance(screen, LEAVING):
        return leaving.drawn(session, screen, words)
    return desk.drawn(session, screen, words)
