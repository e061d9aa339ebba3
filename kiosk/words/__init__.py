"""What the kiosk says, in the shopper's language.

Message ids are the English sentences, so English needs no file; every other language is one
`assets/i18n/<lang>.po`. Importing this loads neither Babel nor a catalogue.
"""

from __future__ import annotations

from kiosk.words.book import Library, Words, languages, words

__all__ = ["Library", "Words", "languages", "words"]
