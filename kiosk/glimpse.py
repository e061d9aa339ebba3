"""The few settings that the first frame needs, read without the schema library.

Importing that library would delay the frame. The file is read and judged in full by
`kiosk.settings` while the first frame is already drawn; a value of the wrong kind is passed over
here and refused there. A test holds the defaults to the model's.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.settings import Settings


@dataclass(frozen=True, slots=True)
class Glimpse:
    """How the window looks before anything else is known."""

    languages: tuple[str, ...] = ("en", "de", "es", "fr", "ar")
    theme: str = "takeback"
    px_per_mm: float = 2.71
    full_screen: bool = True
    profile: str = "shopper"


def read(path: Path) -> Glimpse:
    """Never raises: whoever reads the whole file tells what is wrong with it."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return Glimpse()
    screen = told.get("screen")
    screen = screen if isinstance(screen, dict) else {}
    usual = Glimpse()
    return Glimpse(
        tuple(_texts(told.get("languages"))) or usual.languages,
        _kind(screen.get("theme"), usual.theme),
        float(_kind(screen.get("px_per_mm"), usual.px_per_mm)),
        _kind(screen.get("full_screen"), usual.full_screen),
        _kind(told.get("profile"), usual.profile),
    )


def of(settings: Settings) -> Glimpse:
    """The same of settings that are known already."""
    screen = settings.screen
    return Glimpse(
        settings.languages, screen.theme, screen.px_per_mm, screen.full_screen, settings.profile
    )


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []


def _kind(value: Any, usual: Any) -> Any:
    return value if isinstance(value, type(usual)) else usual
