"""What becomes of the counter's session when a step breaks: Home with a sentence, nothing lost.

What was recorded stands, for facts are written in one transaction before a step goes on; what was
not is scanned again.
"""

from __future__ import annotations

from kiosk.flows.counter.model import Did, Do, Note, Session, Timing
from kiosk.flows.counter.states.desk import ChoosePin, OutOfService, SignIn, Starting
from kiosk.flows.counter.turns import home, show, wrong


def after_fault(session: Session, do: Do, timing: Timing) -> Session:
    """The session after a step raised. A screen on which nobody has begun to work is shown anew:
    nothing typed is kept."""
    match session.screen:
        case Starting() | OutOfService():
            return session
        case _ if session.staff.session is None:
            anew = show(session, SignIn(), do)
        case ChoosePin(back=back):
            anew = show(session, ChoosePin(back=back), do)
        case _:
            anew = home(session, do)
    return wrong(anew, Note(Did.BROKE), do, timing)
