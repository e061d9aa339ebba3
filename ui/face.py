"""What a window shows and understands: one face for the shopper's kiosk, one for the counter.

The bridge and the window know neither's sessions nor events: a face turns the one into a screen
and touches into the other. Its parts are asked for when they are needed, for the first frame is
drawn before a flow's types are imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from kiosk.flows.model import FlowEvent, Session
    from kiosk.ports import Trouble
    from kiosk.words import Words

S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A screen and everything on it; `props` holds JSON values, but for the theme. `nobodys`:
    whether anybody who passes may see it."""

    name: str
    props: Mapping[str, object]
    nobodys: bool


@dataclass(frozen=True, slots=True)
class Face(Generic[S, E]):
    """`root` is the QML file of the window. `first` answers the first frame's screen and
    properties, in a language; `broken` the session to show when a slot raised, from the last one.
    """

    root: str
    first: Callable[[str], tuple[str, dict[str, object]]]
    draw: Callable[[S, Callable[[str], Words]], Drawn]
    event_of: Callable[[str, str], E | None]
    broken: Callable[[S | None, Trouble], S]


def _first(language: str) -> tuple[str, dict[str, object]]:
    from kiosk.flows.keys import Comfort
    from kiosk.words.shelf import voice
    from ui import first

    return first.first(Comfort(language), voice(language))


def _draw(session: Session, words_for: Callable[[str], Words]) -> Drawn:
    # Not before the first frame: it knows all of the flow.
    from ui.screens import nobodys, shown

    now = shown(session, words_for(session.comfort.language))
    return Drawn(now.name, now.props, nobodys(session))


def _event_of(action: str, value: str) -> FlowEvent | None:
    from ui.actions import event_of

    return event_of(action, value)


def _broken(last: Session | None, trouble: Trouble) -> Session:
    """A screen that promises nothing, in the shopper's language."""
    from kiosk.flows.model import OutOfService, Session

    safe = OutOfService(trouble)
    return Session(safe) if last is None else Session(safe, last.comfort)


def shopper() -> Face[Session, FlowEvent]:
    """The shopper's kiosk."""
    return Face("Main.qml", _first, _draw, _event_of, _broken)
