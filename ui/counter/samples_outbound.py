"""Samples of the screens of kiosk.flows.counter.states.outbound."""

from __future__ import annotations

from kiosk.flows.counter.model import Session


def sessions() -> dict[str, Session]:
    """By name."""
    return {}
