"""The few words of the flow that the very first frame needs; `kiosk.flows.model` has the rest.

Apart from it because a kiosk must be quick to wake, and making the model's many classes takes
time before anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Press(StrEnum):
    """A key on the screen without a value."""

    NO_CODE = "no_code"
    SHORT_CODE = "short_code"
    ORDER_NUMBER = "order_number"
    CALL_STAFF = "call_staff"
    ALL_HERE = "all_here"
    TYPE_BAG = "type_bag"
    TAKE_PHOTO = "take_photo"
    USE_PHOTO = "use_photo"
    RETAKE = "retake"
    SUBMIT = "submit"
    ERASE = "erase"
    BACK = "back"
    CANCEL = "cancel"
    MORE_TIME = "more_time"
    ANOTHER = "another"
    FINISH = "finish"
    LARGE_TEXT = "large_text"
    HIGH_CONTRAST = "high_contrast"
    LOW_REACH = "low_reach"


class Field(StrEnum):
    """The typed field that keys go to."""

    SHORT_CODE = "short_code"
    ORDER_NUMBER = "order_number"
    POSTAL_CODE = "postal_code"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True)
class Comfort:
    """How this shopper wants to see it; reset when the visit ends."""

    language: str = "en"
    large_text: bool = False
    high_contrast: bool = False
    low_reach: bool = False
