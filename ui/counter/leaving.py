"""Containers, what goes with a driver, and labels."""

from __future__ import annotations

from kiosk.flows.counter.jobs import LEAVING
from kiosk.flows.counter.model import Session
from kiosk.words import Words
from ui.counter import frame


def drawn(session: Session, screen: LEAVING, words: Words) -> frame.Drawn:
    """The screen's name and its own properties."""
    return frame.plain(session, screen, words)
