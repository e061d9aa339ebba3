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

MOST = 50  # plates at once: more is a roll that nobody watches
PAGE = 8
"""Shelves on one page of the screen."""


def begin(session: Session, do: Do) -> Session:
    return show(session, Labels(shelves(do)), do)


def shelves(do: Do) -> tuple[str, ...]:
    """The shelves that are in use, by name."""
    return tuple(sorted(shelf.shelf_id for shelf in do.shop().shelves if shelf.room > 0))


def step(session: Session, screen: Labels, event: CounterEvent, do: Do) -> Session:
    match event:
        case Chosen(value) if value in tuple(LabelKind):
            return show(session, Labels(screen.shelves, LabelKind(value)), do)
        case Chosen(value) if screen.kind is LabelKind.SHELF and value in screen.shelves:
            return show(session, replace(screen, shelf_id=value, paper=None), do)
        case Pressed(Key.MORE | Key.LESS as key) if screen.kind is not LabelKind.SHELF:
            count = screen.count + (1 if key is Key.MORE else -1)
            if not 1 <= count <= MOST:
                return session
            return show(session, replace(screen, count=count, paper=None), do)
        case Pressed(Key.PRINT) if screen.paper is not Paper.WAITING:
            return _print(session, screen, do)
        case PaperDone(job, paper) if job == screen.job and screen.paper is Paper.WAITING:
            return show(session, replace(screen, paper=paper), do)
        case Pressed(Key.NEXT_PAGE | Key.LAST_PAGE as key) if screen.kind is LabelKind.SHELF:
            page = screen.page + (1 if key is Key.NEXT_PAGE else -1)
            if not 0 <= page * PAGE < max(len(screen.shelves), 1):
                return session
            return show(session, replace(screen, page=page), do)
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
