"""The counter's very first frame, before the flow's types are imported; a test holds it to what
`ui.counter` shows for Starting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.flows.keys import Comfort
    from kiosk.words.voice import Voice

Props = dict[str, object]
SCREEN: Final = "Waiting"


def starting(words: Voice) -> Props:
    """The screen while the core wakes up."""
    return {
        "title": words.t("One moment, please"),
        "subtitle": words.t("This counter is getting ready."),
        "drawing": "clock",
    }


def common(comfort: Comfort, words: Voice) -> Props:
    """The properties that a screen may leave as they are or replace."""
    return {
        "language": comfort.language,
        "rightToLeft": words.right_to_left,
        "largeText": comfort.large_text,
        "highContrast": comfort.high_contrast,
        "lowReach": False,
        "theme": "",
        "countdown": {},
        "title": "",
        "subtitle": "",
        "keys": [],
        "back": {},
        "typeCode": {},
        "typing": False,  # a keyboard's letters and digits are for this screen
        "bar": [],
        "name": "",
        "training": "",
        "flash": {},
        "undo": {},
    }


def first(comfort: Comfort, words: Voice) -> tuple[str, Props]:
    """The screen's name and its properties."""
    return SCREEN, common(comfort, words) | starting(words)
