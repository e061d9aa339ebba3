"""Colours by role, and the contrast that each pair must keep.

Contrast is that of WCAG 2.2 (relative luminance): 1.4.3 for text, 1.4.11 for parts. High contrast
asks 7 where the others ask 4.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

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

BRAND: Final = (
    "panel",
    "accent",
    "inkOnAccent",
    "soft",
    "inkOnSoft",
    "artLine",
    "artFill",
    "artTint",
    "artWarm",
)
"""What a merchant may change from afar: its accent and its pictures, never a meaning."""

TEXT: Final = 4.5
PART: Final = 3.0
HIGH: Final = 7.0
# (front, ground, least contrast)
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
COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faint(roles: Mapping[str, str], *, high: bool = False) -> Iterator[tuple[str, str, float]]:
    """(front, ground, contrast) of each pair that has too little of it."""
    for front, ground, least in PAIRS:
        wanted = HIGH if high and least >= TEXT else least
        got = contrast(roles[front], roles[ground])
        if got < wanted:
            yield front, ground, got


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
