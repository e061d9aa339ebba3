"""What QML sends becomes the event it means, and anything else becomes nothing."""

from __future__ import annotations

import pytest

from kiosk.flows.model import (
    Answered,
    Field,
    FieldChosen,
    LanguageChosen,
    LineToggled,
    Press,
    Pressed,
    Typed,
)
from ui.actions import event_of


@pytest.mark.parametrize(
    ("action", "value", "event"),
    [
        ("press", "all_here", Pressed(Press.ALL_HERE)),
        ("type", "K", Typed("K")),
        ("field", "postal_code", FieldChosen(Field.POSTAL_CODE)),
        ("line", "L1", LineToggled("L1")),
        ("answer", "unused", Answered("unused")),
        ("language", "ar", LanguageChosen("ar")),
    ],
)
def test_an_action_and_its_value_make_an_event(action: str, value: str, event: object) -> None:
    assert event_of(action, value) == event


@pytest.mark.parametrize(
    ("action", "value"),
    [("press", "no such key"), ("field", "shoe size"), ("jump", "high"), ("type", ""), ("", "")],
)
def test_what_the_flow_does_not_know_is_nothing(action: str, value: str) -> None:
    assert event_of(action, value) is None


@pytest.mark.parametrize("press", Press)
def test_every_key_of_the_flow_can_be_sent(press: Press) -> None:
    assert event_of("press", press.value) == Pressed(press)
