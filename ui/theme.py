"""What the screens look like: colour roles for light, dark and high contrast, and a logo.

One TOML file a theme, or a merchant's own as its policy bundle brings it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from kiosk.domain.look.model import Logo
from kiosk.domain.look.model import Theme as Own

ASSETS: Final = Path(__file__).resolve().parents[1] / "assets"
DEFAULT: Final = "takeback"

Named = str | Own
"""A theme by its file's name, "" for the kiosk's own; or what a merchant brought."""


@dataclass(frozen=True, slots=True)
class Theme:
    """`brand` is the name in the corner; `schemes` maps light, dark and contrast to roles."""

    brand: str
    scheme: str
    schemes: Mapping[str, Mapping[str, str]]
    logo: Logo | None = None

    def roles(self, high_contrast: bool) -> Mapping[str, str]:
        return self.schemes["contrast" if high_contrast else self.scheme]


@lru_cache(maxsize=32)
def load(named: Named) -> Theme:
    """The theme of `assets/themes/<name>.toml`; a name without a file gets the default, so that
    a merchant's typing error never darkens a kiosk. Schemes a file leaves out, and roles a
    scheme leaves out, are the default's. A merchant's own lies over the default as well: it was
    checked against that (kiosk.domain.look)."""
    if isinstance(named, Own):
        return _own(named)
    file = ASSETS / "themes" / f"{named}.toml"
    if not named.replace("-", "").isalnum() or not file.is_file():
        return load(DEFAULT)
    told = tomllib.loads(file.read_text("utf-8"))
    base: Mapping[str, Mapping[str, str]] = {} if named == DEFAULT else load(DEFAULT).schemes
    schemes = {
        scheme: {**base.get(scheme, {}), **told.get(scheme, {})}
        for scheme in ("light", "dark", "contrast")
    }
    return Theme(str(told["brand"]), str(told.get("scheme", "light")), schemes)


def _own(told: Own) -> Theme:
    house = load(DEFAULT)
    schemes = {
        "light": {**house.schemes["light"], **dict(told.light)},
        "dark": {**house.schemes["dark"], **dict(told.dark)},
        "contrast": house.schemes["contrast"],
    }
    return Theme(house.brand, told.scheme or house.scheme, schemes, told.logo)


def drawn(logo: Logo) -> str:
    """The logo as an SVG document in `currentColor`. Its path data holds nothing but path data."""
    paths = "".join(f'<path d="{path}"/>' for path in logo.paths)
    box = f'width="{logo.width}" height="{logo.height}" viewBox="0 0 {logo.width} {logo.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} fill="currentColor"'
        f' fill-rule="evenodd">{paths}</svg>'
    )
