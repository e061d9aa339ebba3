"""What a touch means: the two strings that QML sends, turned into an event of the flow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kiosk.flows.model import (
    Answered,
    Field,
    FieldChosen,
    FlowEvent,
    LanguageChosen,
    LineToggled,
    Press,
    Pressed,
    Typed,
)

PRESS: Final = "press"
TYPE: Final = "type"
FIELD: Final = "field"
LINE: Final = "line"
ANSWER: Final = "answer"
LANGUAGE: Final = "language"

_MAKERS: Final[dict[str, Callable[[str], FlowEvent]]] = {
    PRESS: lambda value: Pressed(Press(value)),
    TYPE: Typed,
    FIELD: lambda value: FieldChosen(Field(value)),
    LINE: LineToggled,
    ANSWER: Answered,
    LANGUAGE: LanguageChosen,
}


def event_of(action: str, value: str) -> FlowEvent | None:
    """The event, or None where the screen sent something that the flow does not know."""
    maker = _MAKERS.get(action)
    if maker is None or not value:
        return None
    try:
        return maker(value)
    except ValueError:
        return None
