"""What a touch on the counter's screens means: the two strings that QML sends, as an event.

A stroke of a signature comes as points `x,y x,y ...` in thousandths of the field. What begins with
`visit:` is a touch on the shopper's screens, while a return is done at the counter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.domain.counter.signature import read_stroke
from kiosk.flows.counter import model
from kiosk.flows.counter.states.outbound import Stroke
from ui import actions as shoppers

PRESS: Final = "press"
TYPE: Final = "type"
CHOOSE: Final = "choose"
WRITE: Final = "write"
DRAW: Final = "draw"
LANGUAGE: Final = "language"
VISIT: Final = "visit:"


def stroke_of(told: str) -> Stroke:
    """The points of a stroke. Raises ValueError for what is none."""
    found = read_stroke(told)
    if found is None:
        raise ValueError("no stroke")
    return found


_MAKERS: Mapping[str, Callable[[str], model.CounterEvent]] = {
    PRESS: lambda value: model.Pressed(model.Key(value)),
    TYPE: model.Typed,
    CHOOSE: model.Chosen,
    WRITE: model.Written,
    DRAW: lambda value: model.Drawn(stroke_of(value)),
    LANGUAGE: model.LanguageChosen,
}


def event_of(action: str, value: str) -> model.CounterEvent | None:
    """The event, or None where the screen sent something that the flow does not know."""
    if action.startswith(VISIT):
        event = shoppers.event_of(action.removeprefix(VISIT), value)
        return None if event is None else model.OfVisit(event)
    maker = _MAKERS.get(action)
    if maker is None or not value:
        return None
    try:
        return maker(value)
    except ValueError:
        return None
