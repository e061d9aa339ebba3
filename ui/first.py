"""The very first frame, drawn before the flow's types and the core's sentences are imported.

It is the same as `ui.screens` shows for the flow's Starting, which a test holds it to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ui import frame
from ui.frame import Props

if TYPE_CHECKING:
    from kiosk.flows.keys import Comfort
    from kiosk.words.voice import Voice

SCREEN: Final = "Attract"


def starting(words: Voice) -> Props:
    """The attract screen while the core wakes up."""
    return {
        "title": words.t("One moment, please"),
        "subtitle": words.t("This kiosk is getting ready."),
        "waiting": True,
        "seeing": False,
    }


def first(comfort: Comfort, words: Voice) -> tuple[str, Props]:
    """The screen's name and its properties."""
    return SCREEN, frame.common(comfort, {}, words) | starting(words)
