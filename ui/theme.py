"""A merchant's look: colour roles for light, dark and high contrast, read from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

ASSETS: Final = Path(__file__).resolve().parents[1] / "assets"
DEFAULT: Final = "takeback"

ROLES: Final = (
    "surface",
    "card",
    "panel",
    "ink",
    "muted",
    "outline",
    "hairline",
    "accent",
    "inkOnAccent",
    "soft",
    "inkOnSoft",
    "focus",
    "positive",
    "positiveSoft",
    "caution",
    "cautionSoft",
    "critical",
    "criticalSoft",
    "info",
    "infoSoft",
    "artLine",
    "artFill",
    "artTint",
    "artWarm",
)

# (front, ground, least contrast): WCAG 2.2, 1.4.3 for text and 1.4.11 for parts. High contrast
# asks 7 where this says 4.5.
TEXT: Final = 4.5
PART: Final = 3.0
PAIRS: Final = (
    ("ink", "surface", TEXT),
    ("ink", "card", TEXT),
    ("ink", "panel", TEXT),
    ("muted", "surface", TEXT),
    ("muted", "card", TEXT),
    ("inkOnAccent", "accent", TEXT),
    ("inkOnSoft", "soft", TEXT),
    ("accent", "surface", PART),
    ("accent", "card", PART),
    ("outline", "surface", PART),
    ("outline", "card", PART),
    ("focus", "surface", PART),
    ("focus", "card", PART),
    ("artLine", "panel", PART),
    ("artLine", "artFill", PART),
    ("artLine", "artTint", PART),
    ("artLine", "artWarm", PART),
    *((role, "card", TEXT) for role in ("positive", "caution", "critical", "info")),
    *((role, f"{role}Soft", TEXT) for role in ("positive", "caution", "critical", "info")),
    *(("ink", f"{role}Soft", TEXT) for role in ("positive", "caution", "critical", "info")),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """`brand` is the name in the corner; `schemes` maps light, dark and contrast to roles."""

    brand: str
    scheme: str
    schemes: Mapping[str, Mapping[str, str]]

    def roles(self, high_contrast: bool) -> Mapping[str, str]:
        return self.schemes["contrast" if high_contrast else self.scheme]


@lru_cache(maxsize=32)
def load(name: str) -> Theme:
    """The theme of `assets/themes/<name>.toml`; a name without a file gets the default, so that
    a merchant's typing error never darkens a kiosk. Schemes a file leaves out, and roles a
    scheme leaves out, are the default's."""
    file = ASSETS / "themes" / f"{name}.toml"
    if not name.replace("-", "").isalnum() or not file.is_file():
        return load(DEFAULT)
    told = tomllib.loads(file.read_text("utf-8"))
    base: Mapping[str, Mapping[str, str]] = {} if name == DEFAULT else load(DEFAULT).schemes
    schemes = {
        scheme: {**base.get(scheme, {}), **told.get(scheme, {})}
        for scheme in ("light", "dark", "contrast")
    }
    return Theme(str(told["brand"]), str(told.get("scheme", "light")), schemes)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours (WCAG 2.2), 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
