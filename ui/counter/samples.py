"""One session for every way a screen of the counter can look, with the longest and the worst.

Each job has a module of its own beside this: `samples_<job>.sessions()`, by name.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.counter.model import Session
from kiosk.flows.keys import Comfort
from ui.counter import samples_desk, samples_inbound, samples_leaving, samples_outbound


def sessions() -> dict[str, Session]:
    """Every sample, in the order of a day."""
    return {
        **samples_desk.sessions(),
        **samples_inbound.sessions(),
        **samples_outbound.sessions(),
        **samples_leaving.sessions(),
    }


def comforted(session: Session, comfort: Comfort) -> Session:
    """The same session as somebody else wants to see it."""
    return replace(session, comfort=comfort)
