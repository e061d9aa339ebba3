"""What of a kiosk's settings the centre may change, as a form asks for it.

The kiosk itself judges what it is given (kiosk.settings_remote) and tells what it refuses; this is
so that whoever types hears of a slip at once. A test holds the two lists side by side.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any, Final
from zoneinfo import available_timezones

Value = str | int | float | bool | list[str]


@unique
class Kind(Enum):
    TEXT = "text"
    FLAG = "flag"
    WHOLE = "whole"
    SECONDS = "seconds"
    COUNTRY = "country"
    LANGUAGES = "languages"
    ZONE = "zone"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Setting:
    """`least` and `most` are included; None is no bound."""

    name: str
    kind: Kind
    least: float | None = None
    most: float | None = None


SETTINGS: Final = (
    Setting("site_name", Kind.TEXT, most=100),
    Setting("languages", Kind.LANGUAGES),
    Setting("timezone", Kind.ZONE),
    Setting("country", Kind.COUNTRY),
    Setting("staffed", Kind.FLAG),
    Setting("counter", Kind.FLAG),
    Setting("opening_mm", Kind.WHOLE, 0, 5000),
    Setting("screen.theme", Kind.THEME),
    Setting("timing.idle", Kind.SECONDS, 40, 3600),
    Setting("timing.warning", Kind.SECONDS, 20, 3600),
    Setting("timing.receipt", Kind.SECONDS, 30, 3600),
    Setting("timing.done", Kind.SECONDS, 5, 3600),
    Setting("timing.problem", Kind.SECONDS, 1, 3600),
    Setting("centre.timeout_s", Kind.SECONDS, 1, 120),
)
BY_NAME: Final[Mapping[str, Setting]] = {one.name: one for one in SETTINGS}
_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Bad(Exception):
    """What was typed is no value of that setting."""


def read(setting: Setting, text: str) -> Value | None:
    """What was typed as a value; None for nothing, which gives it back to the kiosk's own file.
    Raises Bad."""
    told = text.strip()
    if not told:
        return None
    match setting.kind:
        case Kind.TEXT:
            return _fits(told, told.isprintable() and len(told) <= (setting.most or 100))
        case Kind.FLAG:
            return _fits(told == "true", told in ("true", "false"))
        case Kind.WHOLE | Kind.SECONDS:
            return _number(setting, told)
        case Kind.COUNTRY:
            return _fits(told.upper(), bool(re.fullmatch(r"[A-Za-z]{2}", told)))
        case Kind.LANGUAGES:
            tags = [one for one in re.split(r"[\s,]+", told) if one]
            return _fits(tags, all(_LANGUAGE.fullmatch(one) for one in tags))
        case Kind.ZONE:
            return _fits(told, told in available_timezones())
        case Kind.THEME:
            return _fits(told, bool(_WORD.fullmatch(told)))


def _fits(value: Value, good: bool) -> Value:
    if not good:
        raise Bad
    return value


def _number(setting: Setting, told: str) -> int | float:
    whole = setting.kind is Kind.WHOLE
    form = r"[0-9]{1,6}" if whole else r"[0-9]{1,6}([.,][0-9]{1,3})?"
    if not re.fullmatch(form, told):
        raise Bad
    value = int(told) if whole else float(told.replace(",", "."))
    low = setting.least is not None and value < setting.least
    high = setting.most is not None and value > setting.most
    if low or high:
        raise Bad
    return value


def shown(value: Any) -> str:
    """A value as its field has it; "" for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
