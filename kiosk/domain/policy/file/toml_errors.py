"""What the reader of TOML stumbles over, as sentences. It says so in English and to programmers."""

from __future__ import annotations

from kiosk.domain.sentences import Sentence

_TWICE = Sentence("a key or a table stands there twice")
_OPEN_TEXT = Sentence("a text has no end: its quote is missing")
_KNOWN = (
    ("Expected '='", Sentence("{sign} is missing behind the key", sign="'='")),
    ("Expected newline", Sentence("something stands behind the end of the value")),
    ("Expected ']]'", Sentence("{sign} is missing behind the name of the table", sign="']]'")),
    ("Expected ']'", Sentence("{sign} is missing behind the name of the table", sign="']'")),
    ('Expected "\'"', _OPEN_TEXT),
    ("Unterminated string", _OPEN_TEXT),
    ("Invalid value", Sentence("the value cannot be read")),
    ("Invalid statement", Sentence("a line begins with a key, or with the name of a table")),
    ("Cannot overwrite", _TWICE),
    ("Cannot declare", _TWICE),
    ("Duplicate inline table key", _TWICE),
    ("Unclosed array", Sentence("the list has no end: {sign} is missing", sign="']'")),
    ("Unclosed inline table", Sentence("the table has no end: {sign} is missing", sign="'}'")),
    ("Illegal character", Sentence("a sign that cannot be seen stands there")),
    ("Unescaped '\\'", Sentence("a {sign} in a text is written twice", sign="\\")),
)


def told(error: str) -> str:
    """As a sentence; what nobody here knows stays as it is."""
    return next((sentence for begins, sentence in _KNOWN if error.startswith(begins)), error)
