"""What every screen has around its own content: comfort, languages, steps, problem, countdown."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from kiosk.flows.keys import Comfort, Press
from ui import actions

if TYPE_CHECKING:
    from kiosk.domain.reasons import Reason
    from kiosk.domain.returns import Merchant
    from kiosk.flows.model import Session
    from kiosk.words import Words
    from kiosk.words.voice import Voice
    from ui.theme import Named

Props = dict[str, object]

STEP_ITEMS: Final = 0
STEP_BAG: Final = 1
STEP_RECEIPT: Final = 2


def common(comfort: Comfort, countdown: Props, words: Voice) -> Props:
    """The properties that a screen may leave as they are or replace."""
    return {
        "language": comfort.language,
        "rightToLeft": words.right_to_left,
        "largeText": comfort.large_text,
        "highContrast": comfort.high_contrast,
        "lowReach": comfort.low_reach,
        "title": "",
        "subtitle": "",
        "eyebrow": "",
        "modest": False,  # a smaller title where the content needs the room
        "theme": "",
        "step": -1,
        "steps": [words.t("Items"), words.t("Bag"), words.t("Receipt")],
        "progress": "",
        "primary": {},
        "secondary": [],
        "problem": {},
        "hint": "",
        "notices": [],
        "languageBar": False,
        "comfort": _comfort(comfort, words),
        "countdown": countdown,
        "paging": _paging(words),
    }


def theme_of(merchant: Merchant) -> Named:
    """How the merchant's screens look: its own theme, else the name of one of ours."""
    return merchant.look.theme or merchant.theme


def key(label: str, press: Press, icon: str = "", *, quiet: bool = False) -> Props:
    """A button that presses a key of the flow; `quiet` draws a primary one tonal."""
    return {
        "label": label,
        "action": actions.PRESS,
        "value": press.value,
        "icon": icon,
        "enabled": True,
        "quiet": quiet,
    }


def cancel(words: Voice) -> Props:
    return key(words.t("Cancel"), Press.CANCEL, "close")


def back(words: Voice) -> Props:
    return key(words.t("Back"), Press.BACK, "back")


def call_staff(words: Voice) -> Props:
    return key(words.t("Get help"), Press.CALL_STAFF, "person")


def progress(step: int, words: Voice) -> Props:
    """Where the shopper is on the way; `progress` is what a screen reader says of it."""
    return {"step": step, "progress": words.t("Step {step} of {steps}", step=step + 1, steps=3)}


def problem(reason: Reason | None, words: Words) -> Props:
    """The banner: a sentence and the next step; empty where nothing is wrong. A good code at the
    wrong place is no fault of anybody: it is answered calmly, with a picture of its own."""
    if reason is None:
        return {}
    from ui import text  # not before the first frame: it knows every verdict

    icon = text.kind_icon(reason)
    tone = "info" if icon else "critical"
    said = {"text": words.reason(reason), "step": words.next_step(reason)}
    return {**said, "icon": icon or "warning", "tone": tone}


def _comfort(comfort: Comfort, words: Voice) -> Props:
    switches = (
        (words.t("Large text"), Press.LARGE_TEXT, "text", comfort.large_text),
        (words.t("High contrast"), Press.HIGH_CONTRAST, "contrast", comfort.high_contrast),
        (words.t("Keys within low reach"), Press.LOW_REACH, "reach", comfort.low_reach),
    )
    return {
        "label": words.t("Easier to use"),
        "language": words.t("Language"),
        "title": words.t("Make this screen easier"),
        "close": words.t("Ready"),
        "on": words.t("On"),
        "off": words.t("Off"),
        "switches": [
            {"label": label, "value": press.value, "icon": icon, "on": on}
            for label, press, icon, on in switches
        ],
    }


def _paging(words: Voice) -> Props:
    return {
        "back": words.t("Earlier items"),
        "forward": words.t("More items"),
        "of": words.t("Page {page} of {pages}", page="%1", pages="%2"),
    }


def countdown(session: Session, words: Words) -> Props:
    """The last seconds before the screen is wiped; empty while there is time, and where a
    deadline only lets a message fade."""
    deadline = session.deadline
    if deadline is None or session.now < deadline.warns:
        return {}
    from kiosk.flows.model import Attract, OutOfService, Starting  # the first frame has none

    if isinstance(session.screen, Attract | Starting | OutOfService) and not session.visit_id:
        return {}
    seconds = max(0, ceil(deadline.ends - session.now))
    return {
        "seconds": seconds,
        "title": words.t("Are you still there?"),
        "text": words.n(
            "This visit ends in {n} second.", "This visit ends in {n} seconds.", seconds
        ),
        "unit": words.n("second", "seconds", seconds),
        "more": words.t("More time"),
    }
