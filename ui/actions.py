"""What a touch means: the two strings that QML sends, turned into an event of the flow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.flows.model import FlowEvent

PRESS: Final = "press"
TYPE: Final = "type"
FIELD: Final = "field"
LINE: Final = "line"
ANSWER: Final = "answer"
LANGUAGE: Final = "language"


@cache
def _makers() -> Mapping[str, Callable[[str], FlowEvent]]:
    # The flow's types only when somebody touches: the first frame is drawn without them.
    from kiosk.flows import model

    return {
        PRESS: lambda value: model.Pressed(model.Press(value)),
        TYPE: model.Typed,
        FIELD: lambda value: model.FieldChosen(model.Field(value)),
        LINE: model.LineToggled,
        ANSWER: model.Answered,
        LANGUAGE: model.LanguageChosen,
    }


def event_of(action: str, value: str) -> FlowEvent | None:
    """The event, or None where the screen sent something that the flow does not know."""
    maker = _makers().get(action)
    if maker is None or not value:
        return None
    try:
        return maker(value)
    except ValueError:
        return None
