"""Fake languages: one a third longer than English, one in Arabic letters from right to left."""

from __future__ import annotations

import gettext
import re

from kiosk.words import Words

OWN_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "ar": "العربية",
}
_LONG_WORDS = ("Rücksendung", "Artikelzustand", "und", "bitte", "Bestellnummer", "zu", "den")
_ARABIC_WORDS = ("رمز", "الإرجاع", "هنا", "من", "فضلك", "المنتجات", "في", "الكيس")
_PLACE = re.compile(r"\{\w+\}")


class _Swapped(gettext.NullTranslations):
    """Every sentence replaced by words of another language, a bit longer, placeholders kept."""

    def __init__(self, stock: tuple[str, ...], stretch: float) -> None:
        super().__init__()
        self._stock, self._stretch = stock, stretch

    def gettext(self, message: str) -> str:
        wanted, out = len(_PLACE.sub("", message)) * self._stretch, ""
        index = len(message)
        while not out or len(out) + 3 < wanted:
            out += f"{self._stock[index % len(self._stock)]} "
            index += 1
        places = " ".join(_PLACE.findall(message))
        said = f"{out.strip()} {places}".strip()
        return said[:1].upper() + said[1:] + ("." if message.endswith(".") else "")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


class Voices(Words):
    """A Words that offers all five languages whether or not their files exist."""

    def languages(self) -> dict[str, str]:
        return dict(OWN_NAMES)


def voice(language: str) -> Words:
    """English as it is; German long; Arabic right to left; the others English."""
    match language:
        case "de":
            return Voices("de", _Swapped(_LONG_WORDS, 1.3))
        case "ar":
            return Voices("ar", _Swapped(_ARABIC_WORDS, 1.0))
        case _:
            return Voices("en", gettext.NullTranslations())
