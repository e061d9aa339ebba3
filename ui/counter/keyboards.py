"""Our own keyboards: rows of letters as people of each language know them, and digits.

The rows are those of the usual layouts of each language's computers (ISO/IEC 9995 allows each
country its own); what is typed is a note, an id or a code, so that a few letters are enough.
"""

from __future__ import annotations

from typing import Final

DIGITS: Final = "1234567890"
_LATIN: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm,.-")
_ROWS: Final = {
    "en": _LATIN,
    "de": ("qwertzuiopü", "asdfghjklöä", "yxcvbnmß,.-"),
    "es": ("qwertyuiop", "asdfghjklñ", "zxcvbnmáéíóú"),
    "fr": ("azertyuiop", "qsdfghjklm", "wxcvbnéèàç'-"),
    "ar": ("ضصثقفغعهخحجد", "شسيبلاتنمكطذ", "ئءؤرىةوزظأإ"),
}


def letters(language: str) -> list[list[str]]:
    """Rows of keys for words in a language; English where there are none."""
    primary = language.partition("-")[0]
    return [list(DIGITS), *(list(row) for row in _ROWS.get(primary, _LATIN))]


def code() -> list[list[str]]:
    """Rows of keys for a code or an id: Latin capitals and digits in every language."""
    return [list(DIGITS), *(list(row.upper()) for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm-"))]
