"""GS1 element strings, split and checked. The splitting is biip's (ADR 12), which is not let guess:
a value that does not end where its identifier's form ends, a check digit that does not fit or a
second value for one identifier refuses the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from kiosk.domain.codes import gs1_checks

GS = "\x1d"
MOST_ELEMENTS = 40
LONGEST = 600

Elements = tuple[tuple[str, str], ...]


class Bad(Enum):
    """Why a text is no element string."""

    FORM = "form"
    CHECK = "check"


def split(text: str) -> Elements | Bad:
    """An element string, FNC1 as GS characters. Every element ends where its form says, and a
    value of open length at a GS or at the end."""
    if not text or len(text) > LONGEST or not text.isascii():
        return Bad.FORM
    found: list[tuple[str, str]] = []
    for chunk in text.removeprefix(GS).removesuffix(GS).split(GS):
        rest = chunk or "-"  # two FNC1 in a row: nothing is an element without identifier
        while rest:
            cut = _first(rest)
            if cut is None or len(found) == MOST_ELEMENTS:
                return Bad.FORM
            ai, value, closed = cut
            rest = rest[len(ai) + len(value) :]
            if rest and not closed:
                return Bad.FORM
            found.append((ai, value))
    return checked(found)


def checked(found: Sequence[tuple[str, str]]) -> Elements | Bad:
    """The same, where every check holds and no identifier has two values."""
    once = dict(found)
    if any(once[ai] != value for ai, value in found):
        return Bad.FORM
    if not all(gs1_checks.good(ai, value) for ai, value in once.items()):
        return Bad.CHECK
    return tuple(once.items())


def one(ai: str, value: str) -> tuple[str, str] | None:
    """A single element, where the value is wholly of the identifier's form."""
    found = _first(ai + value) if value.isascii() and GS not in value else None
    return found[:2] if found is not None and found[:2] == (ai, value) else None


def prepare() -> None:
    """Load what the first GS1 symbol would otherwise wait for (a tenth of a second)."""
    import biip.gs1_element_strings  # noqa: F401  # for its tables


def _first(text: str) -> tuple[str, str, bool] | None:
    """Identifier, value, and whether the form alone ends it. biip is imported where the first GS1
    symbol comes, or by `prepare`: no start should wait for its tables."""
    from biip import ParseConfig, ParseError
    from biip.gs1_element_strings import GS1ElementString

    config = ParseConfig(gs1_element_strings_verify_date=False, separator_chars=(GS,))
    try:
        element = GS1ElementString.extract(text, config=config)
    except (ParseError, ValueError, ArithmeticError, LookupError, AssertionError):
        return None
    value = element.value
    if not value or text[len(element.ai.ai) :][: len(value)] != value:
        return None
    return element.ai.ai, value, not element.ai.separator_required
