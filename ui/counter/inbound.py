"""Parcels that come in, lie, and are looked for."""

from __future__ import annotations

from kiosk.flows.counter.jobs import INBOUND
from kiosk.flows.counter.model import Session
from kiosk.words import Words
from ui.counter import frame


def drawn(session: Session, screen: INBOUND, words: Words) -> frame.Drawn:
    """The screen's name and its own properties."""
    return frame.plain(session, screen, words)
