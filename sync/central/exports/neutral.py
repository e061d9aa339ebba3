"""Text in a CSV that no spreadsheet takes for a formula (OWASP, CSV injection; ASVS 5.0 1.2.10).

A cell that begins with = + - @, plain or full-width, gets an apostrophe before that character:
spreadsheets show what follows as text. Blanks, line ends, invisible characters and quotes before
it do not help it. Neither does a separator inside the text: a spreadsheet that splits at another
one than the comma (or a file that somebody splits again) makes a cell begin there.
"""

from __future__ import annotations

import re

_STARTS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫")
_OPENS = re.compile("[,;|:\\t\\r\\n\\v\\f]")
_PASSED = re.compile('[\\s"\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffd]')
_LINE_ENDS = ("\t", "\r", "\n")


def neutral(value: str) -> str:
    """The same text where it can be no formula, else with apostrophes that keep it from it."""
    if not value or (value[0].isalnum() and not _OPENS.search(value)):
        return value  # nearly all there is
    safe = _guarded(value)
    return "'" + safe if safe.startswith(_LINE_ENDS) else safe


def _guarded(value: str) -> str:
    # By character and not by one expression: that would look at a run of blanks once for each.
    said: list[str] = []
    begins = True
    for character in value:
        if begins and character in _STARTS:
            said.append("'")
        begins = bool(_OPENS.match(character)) or (begins and bool(_PASSED.match(character)))
        said.append(character)
    return "".join(said)
