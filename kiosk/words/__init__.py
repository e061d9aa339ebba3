"""What the kiosk says, in the shopper's language.

Message ids are the English sentences, so English needs no file; every other language is one
`assets/i18n/<lang>.po`. Importing this loads neither Babel nor a catalogue, nor the sentences
before they are asked for: a kiosk must be quick to wake.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.words.shelf import languages

if TYPE_CHECKING:
    from kiosk.words.book import Library as Library
    from kiosk.words.book import Words as Words

__all__ = ["Library", "Words", "languages", "words"]


def words(language: str) -> Words:
    """The shipped words of a language; falls back to English."""
    from kiosk.words import book

    return book.words(language)


def __getattr__(name: str) -> object:
    if name in ("Library", "Words"):
        from kiosk.words import book

        found: object = getattr(book, name)
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
