"""The shelf of languages: which there are, and where each one's sentences lie.

Light, because the very first frame needs it.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from kiosk.words import catalogue
from kiosk.words.voice import Voice

# Asking Babel would cost its import at every start; it is asked for any other language.
_OWN_NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
}


def tags(folder: Path) -> list[str]:
    """BCP 47 tags, sorted: English and one for each .po file."""
    return sorted({"en"} | {po.stem.replace("_", "-") for po in folder.glob("*.po")})


def find(language: str, folder: Path, cache: Path | None) -> tuple[str, gettext.NullTranslations]:
    """The best there is for a BCP 47 tag, and what it speaks: its own catalogue, its parent's,
    or English. `cache` keeps catalogues compiled; None keeps none.

    A regional tag keeps its region for amounts and dates: en-GB speaks English.
    """
    tag = language.replace("_", "-")
    primary = tag.partition("-")[0]
    for candidate in dict.fromkeys((tag, primary)):
        po = folder / f"{candidate.replace('-', '_')}.po"
        if po.is_file():
            return tag, catalogue.load(po, cache)
    return (tag if primary == "en" else "en"), gettext.NullTranslations()


def own_name(tag: str) -> str:
    """A language's name for itself, with a capital where its script has them."""
    if tag in _OWN_NAMES:
        return _OWN_NAMES[tag]
    from babel import Locale

    name = Locale.parse(tag, sep="-").get_display_name() or tag
    return name[:1].upper() + name[1:]


def voice(language: str) -> Voice:
    """A shipped language's voice for literal sentences; `kiosk.words.words` knows all the rest."""
    return Voice(*find(language, catalogue.FOLDER, catalogue.default_cache()))


@lru_cache(maxsize=1)
def _names() -> tuple[tuple[str, str], ...]:
    return tuple((tag, own_name(tag)) for tag in tags(catalogue.FOLDER))


def languages() -> dict[str, str]:
    """The shipped languages, tag to own name."""
    return dict(_names())
