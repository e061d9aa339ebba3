"""Labels: of shelves, and new plates of bags and containers."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.counter.model import (
    Chosen,
    CounterEvent,
    Do,
    Key,
    PaperDone,
    Pressed,
    PrintPlates,
    PrintShelfLabel,
    Session,
)
from kiosk.flows.counter.states.leaving import LabelKind, Labels
from kiosk.flows.counter.states.outbound import Paper
from kiosk.flows.counter.turns import show

COUNTS = (1, 5, 10, 20, 30, 50)
"""So many plates at once; more is a roll that nobody watches."""
PAGE = 8
"""Shelves on one page of the screen."""


def begin(session: Session, do: Do) -> Session:
    return show(session, Labels(shelves(do)), do)


def shelves(do: Do) -> tuple[str, ...]:
    """The shelves that are in use, by name."""
    return tuple(sorted(shelf.shelf_id for shelf in do.shop().shelves if shelf.room > 0))


def pages(screen: Labels) -> int:
    """How many the shelves fill; after the last one the first comes again."""
    return max(1, -(-len(screen.shelves) // PAGE))


def step(session: Session, screen: Labels, event: CounterEvent, do: Do) -> Session:
    match event:
        case Chosen(value) if value in tuple(LabelKind):
            return show(session, Labels(screen.shelves, LabelKind(value)), do)
        case Chosen(value) if screen.kind is LabelKind.SHELF and value in screen.shelves:
            return show(session, replace(screen, shelf_id=value, paper=None), do)
        case Chosen(value) if screen.kind is not LabelKind.SHELF and value in map(str, COUNTS):
            return show(session, replace(screen, count=int(value), paper=None), do)
        case Pressed(Key.PRINT) if screen.paper is not Paper.WAITING:
            return _print(session, screen, do)
        case PaperDone(job, paper) if job == screen.job and screen.paper is Paper.WAITING:
            return show(session, replace(screen, paper=paper), do)
        case Pressed(Key.NEXT_PAGE) if screen.kind is LabelKind.SHELF and pages(screen) > 1:
            return show(session, replace(screen, page=(screen.page + 1) % pages(screen)), do)
        case _:
            return session


def _print(session: Session, screen: Labels, do: Do) -> Session:
    if screen.kind is not LabelKind.SHELF:
        job = do.print(PrintPlates(screen.kind, screen.count))
    elif screen.shelf_id:
        job = do.print(PrintShelfLabel(screen.shelf_id))
    else:
        return session
    return show(session, replace(screen, paper=Paper.WAITING, job=job), do)
