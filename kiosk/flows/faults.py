"""What becomes of a session when a step breaks: a safe screen, and nothing half done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from kiosk.domain.reasons import Reason, Why
from kiosk.domain.visit import AbandonCause
from kiosk.flows.model import (
    Attract,
    Do,
    Done,
    OutOfService,
    Receipt,
    Session,
    StaffCalled,
    Starting,
    Timing,
)
from kiosk.flows.turns import home, open_drop, renew, scan_for

logger = logging.getLogger(__name__)


def after_fault(session: Session, do: Do, timing: Timing) -> Session:
    """The session after a step raised.

    A promise that stands keeps its receipt on the screen. An open drop is given up; should the
    broken step have promised it already, the store refuses that, and the promise stands.
    """
    drop = open_drop(session.screen)
    if drop is not None:
        _quietly(lambda: do.abandon(drop, AbandonCause.CRASHED))
    safe = _safe(session, do, timing)
    _quietly(lambda: do.expect(scan_for(safe.screen)))
    return safe


def _safe(session: Session, do: Do, timing: Timing) -> Session:
    match session.screen:
        case Starting():
            return session
        case Receipt():
            return renew(session, do, timing)
        case Attract() | OutOfService() | StaffCalled() | Done():
            return home(session, do, timing)
        case _:
            broken = StaffCalled(Reason(Why.STORE_FAILED))
            return renew(replace(session, screen=broken, taken="", turned_down=""), do, timing)


def _quietly(action: Callable[[], None]) -> None:
    """What is already broken may break again; the screen still changes."""
    try:
        action()
    except Exception:
        logger.exception("a fault while making a broken step safe")
