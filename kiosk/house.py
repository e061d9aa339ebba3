"""The house's own colours, which every theme is laid over: assets/themes/takeback.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

THEME: Final = Path(__file__).resolve().parents[1] / "assets" / "themes" / "takeback.toml"
SCHEMES: Final = ("light", "dark", "contrast")


@lru_cache(maxsize=1)
def schemes() -> Mapping[str, Mapping[str, str]]:
    """Light, dark and contrast: role to `#rrggbb`."""
    told = tomllib.loads(THEME.read_text("utf-8"))
    return {scheme: told[scheme] for scheme in SCHEMES}
