"""The bar code of a North American driving licence or identity card: until when it is valid, and
when its holder was born. Nothing else is read, and nothing of it is kept (security.md 46).

After the AAMVA's DL/ID Card Design Standard (its annex on PDF417): `@`, LF, RS, CR, `ANSI ` (the
first edition: `AAMVA`), six digits of who issued it, then editions and a table of parts; then
elements of three letters and a value, each ended by LF. Dates are MMDDCCYY in the United States and
CCYYMMDD in Canada and in the first edition. No text can be both: 19 and 20 are no months, and 01 to
12 no centuries of a card that is in use.

It proves nothing of itself: anybody can print a bar code. Whoever scans it holds the card.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from kiosk.domain.counter.proving import Document

LONGEST = 2000  # characters; the standard's own limit is about 1800
_HEADING = re.compile(r"@[\n\r\x1c\x1e ]*(?:ANSI |AAMVA)\d{6}\d{2,4}\d{2}((?:[A-Z]{2}\d{8})+)")
_KINDS = {
    "DL": Document.DRIVING_LICENCE,
    "EN": Document.DRIVING_LICENCE,  # an enhanced one
    "ID": Document.ID_CARD,
}
_EXPIRY, _BIRTH = "DBA", "DBB"
_CENTURIES = ("19", "20")


@dataclass(frozen=True, slots=True)
class Licence:
    """What is asked of a card, and no more."""

    kind: Document
    born: date = field(repr=False)
    expires: date


def read(text: str) -> Licence | None:
    """None for every other text, and for a card that does not tell both days."""
    if len(text) > LONGEST:
        return None
    heading = _HEADING.match(text)
    if heading is None:
        return None
    kind = next((_KINDS[part] for part in _parts(heading[1]) if part in _KINDS), None)
    born, expires = _day(text, _BIRTH), _day(text, _EXPIRY)
    if kind is None or born is None or expires is None or born >= expires:
        return None
    return Licence(kind, born, expires)


def _parts(table: str) -> list[str]:
    """The names of the parts: each entry is two letters, where it begins and how long it is."""
    return [table[at : at + 2] for at in range(0, len(table), 10)]


def _day(text: str, element: str) -> date | None:
    """An element begins a line; the first one of a part stands right after the part's name."""
    found = re.search(rf"(?:^|[\n\r]|[\n\r](?:DL|EN|ID)|\d(?:DL|EN|ID)){element}(\d{{8}})", text)
    return None if found is None else _read_day(found[1])


def _read_day(digits: str) -> date | None:
    if digits.startswith(_CENTURIES):
        year, month, day = digits[:4], digits[4:6], digits[6:]
    else:
        month, day, year = digits[:2], digits[2:4], digits[4:]
    try:
        return date(int(year), int(month), int(day)) if year.startswith(_CENTURIES) else None
    except ValueError:
        return None
