"""The counter's face: its window, its screens, and what a touch there means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ui.face import Drawn, Face

if TYPE_CHECKING:
    from kiosk.flows.counter.model import CounterEvent, Session
    from kiosk.ports import Trouble
    from kiosk.words import Words


def _first(language: str) -> tuple[str, dict[str, object]]:
    from kiosk.flows.keys import Comfort
    from kiosk.words.shelf import voice
    from ui.counter import first

    return first.first(Comfort(language), voice(language))


def _draw(session: Session, words_for: Callable[[str], Words]) -> Drawn:
    # Not before the first frame: it knows all of the flow.
    from ui.counter.showing import nobodys, shown

    now = shown(session, words_for(session.comfort.language))
    return Drawn(now.name, now.props, nobodys(session))


def _event_of(action: str, value: str) -> CounterEvent | None:
    from ui.counter.actions import event_of

    return event_of(action, value)


def _broken(last: Session | None, trouble: Trouble) -> Session:
    """A screen that says so, with nothing of anybody's work on it."""
    from kiosk.flows.counter.model import Session
    from kiosk.flows.counter.states.desk import OutOfService

    safe = Session(OutOfService(trouble))
    return safe if last is None else replace(safe, comfort=last.comfort, bar=last.bar)


def counter() -> Face[Session, CounterEvent]:
    """The staffed counter."""
    return Face("CounterMain.qml", _first, _draw, _event_of, _broken)
