"""What is on the screen, as a total function of the session.

`shown` answers the name of a QML file (`screens/<Name>Screen.qml`) and its properties: plain
strings, numbers, booleans, lists and dicts, every text already in the shopper's language, so that
QML only lays out. A state without a screen is a type error here, not a blank panel there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from kiosk.flows.model import (
    Asking,
    Attract,
    Bagging,
    Done,
    Items,
    NoCode,
    OutOfService,
    Photographing,
    Receipt,
    Refused,
    Session,
    StaffCalled,
    Starting,
    TypeBag,
    TypeOrder,
    TypeSerial,
    TypeShortCode,
)
from ui import first, frame
from ui.screens import entry, evidence, goods, outcome

if TYPE_CHECKING:
    from kiosk.words import Words


@dataclass(frozen=True, slots=True)
class Shown:
    """A screen and everything on it. `props` holds JSON values only."""

    name: str
    props: Mapping[str, object]


def shown(session: Session, words: Words) -> Shown:
    """Draw the session; never raises for a session the flow can reach."""
    name, own = _own(session, words)
    countdown = frame.countdown(session, words)
    return Shown(name, frame.common(session.comfort, countdown, words) | own)


def nobodys(session: Session) -> bool:
    """Whether anybody who passes may see it: no visit, and nothing about a code just shown."""
    match session.screen:
        case Attract(problem=None) | OutOfService():
            return not session.visit_id and not session.drops
        case _:
            return False


def _own(session: Session, words: Words) -> tuple[str, frame.Props]:
    match session.screen:
        case Starting():
            return first.SCREEN, first.starting(words)
        case Attract() as screen:
            return "Attract", entry.attract(screen, session.service, words)
        case NoCode():
            return "NoCode", entry.no_code(words)
        case TypeShortCode() as screen:
            return "TypeShortCode", entry.short_code(screen, words)
        case TypeOrder() as screen:
            return "TypeOrder", entry.order(screen, words)
        case Items() as screen:
            return "Items", goods.items(screen, words)
        case Asking() as screen:
            return "Asking", goods.asking(screen, words)
        case TypeSerial() as screen:
            return "TypeOrder", goods.type_serial(screen, words)  # the same fields and keys
        case Photographing() as screen:
            return "Photographing", evidence.photographing(screen, words)
        case Bagging() as screen:
            return "Bagging", goods.bagging(screen, session.service, words)
        case TypeBag() as screen:
            return "TypeBag", goods.type_bag(screen, words)
        case Refused() as screen:
            return "Refused", goods.refused(screen, words)
        case StaffCalled() as screen:
            return "StaffCalled", outcome.staff_called(screen, words)
        case Receipt() as screen:
            return "Receipt", outcome.receipt(screen, session.now, words)
        case Done():
            return "Done", outcome.done(session, words)
        case OutOfService() as screen:
            return "OutOfService", outcome.out_of_service(screen, words)
        case _:
            assert_never(session.screen)
