"""The table engine: whose a number may be, how sure that is, and in which order to say so.

A carrier is a table of rows. A row is a form (one or more layouts), the check digit and what it
covers, where the service stands, and what of the text the carrier tracks by. Nothing is guessed:
every row that fits gives a reading, and the better evidence comes first.

Evidence is what the text had to get right: a check digit first of all, then how few texts the
form admits at all (fixed text, kinds of characters, outcomes of the check). Rows of one text have
one length, so those counts can be compared. Equal evidence stays in the order of the tables.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from kiosk.domain.codes.carriers.checks import Check
from kiosk.domain.codes.carriers.layout import GS, Layout, layout
from kiosk.domain.codes.model import Tracking

LONGEST = 100  # characters as they come, with spaces; the longest form has 66
_DROPPED = frozenset({"Zs", "Cf", "Pd"})  # spaces, invisible marks, hyphens and dashes


class Wrong(Enum):
    """When a number of this form with a wrong check digit is still worth a word."""

    TELLS = "tells"  # letters or a prefix: nobody else has such numbers
    ALONE = "alone"  # only digits: where nothing else fits and one carrier has this form
    SILENT = "silent"  # only digits that may be anything


@dataclass(frozen=True, slots=True)
class Row:
    """One form of one carrier's numbers.

    `covers`, `check`, `number` are templates over the named fields of the layouts; `{all}` is the
    whole text without separators. Without `rule` the carrier publishes no check digit: then
    fitting the form is all there is, and the form has to be narrow. `carriers` and `services`
    name by a field of that name (`country`, `service`) where the row's own names do not do.
    `gs1` marks element strings: in a GS1 symbol nothing else that is only digits can stand.
    `interleaved` marks what is printed in ITF: other rows are not read from an ITF symbol.
    """

    name: str
    carrier: str
    forms: tuple[str, ...]
    rule: Check | None = None
    covers: str = ""
    check: str = "{check}"
    number: str = "{all}"
    service: str = ""
    services: Mapping[str, str] = field(default_factory=dict)
    carriers: Mapping[str, str] = field(default_factory=dict)
    wrong: Wrong = Wrong.SILENT
    gs1: bool = False
    interleaved: bool = False

    @property
    def layouts(self) -> tuple[Layout, ...]:
        return tuple(layout(form) for form in self.forms)

    def bits(self, form: Layout) -> float:
        return form.bits + (math.log2(self.rule.outcomes) if self.rule else 0.0)


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Tracking
    row: Row
    rank: tuple[bool, bool, float, int]


def clean(text: str) -> str:
    """A text as carriers write it: upper case, no spaces, hyphens, dots, brackets; FNC1 kept as GS.

    "" where it is too long or holds what no number holds, and for zeros alone, which satisfy
    nearly every check digit and are nobody's.
    """
    if len(text) > LONGEST:
        return ""
    kept = "".join(
        c for c in text.strip() if c not in "().\t\r\n" and unicodedata.category(c) not in _DROPPED
    )
    # Asked before the letters are raised: some letters (ß) become ASCII ones, and are none.
    if not kept.isascii() or kept.strip("0") == "":
        return ""
    return kept.upper().strip(GS)


class Tables:
    """The rows of all carriers, by the length of what they fit."""

    def __init__(self, tables: Iterable[Iterable[Row]]) -> None:
        self.rows = tuple(each for table in tables for each in table)
        self._by_length: dict[int, list[tuple[int, Row, Layout]]] = {}
        for order, each in enumerate(self.rows):
            for form in each.layouts:
                self._by_length.setdefault(form.length, []).append((order, each, form))

    def recognise(self, text: str, aim: str) -> tuple[Tracking, ...]:
        """Every carrier's reading of a text, valid ones first, the better evidence first."""
        cleaned = clean(text)
        found = [
            _read(cleaned, fields, order, each, form)
            for order, each, form in self._by_length.get(len(cleaned), ())
            if _may_stand(aim, each, form) and (fields := form.match(cleaned)) is not None
        ]
        return _ranked(found)


def _may_stand(aim: str, each: Row, form: Layout) -> bool:
    """Whether a form can be in a symbol with this identifier (ISO/IEC 15424; "" for typed)."""
    kind = aim[:2]
    if kind in ("]E", "]e"):
        return False  # retail symbols: never a carrier's number
    if kind == "]I":
        return each.interleaved
    if aim == "]C1":
        return each.gs1 or not form.numeric
    return True


def _read(text: str, fields: dict[str, str], order: int, each: Row, form: Layout) -> _Found:
    named = {**fields, "all": text.replace(GS, "")}
    valid = each.rule is None or each.rule.good(
        each.covers.format_map(named), each.check.format_map(named)
    )
    reading = Tracking(
        carrier=each.carriers.get(fields.get("country", ""), each.carrier),
        service=each.services.get(fields.get("service", ""), each.service),
        number=each.number.format_map(named),
        valid=valid,
    )
    rank = (not valid, each.rule is None, -each.bits(form), order)
    return _Found(reading, each, rank)


def _ranked(found: list[_Found]) -> tuple[Tracking, ...]:
    """Best first; a carrier's second reading of the same number adds nothing, nor does its wrong
    reading beside a right one."""
    found.sort(key=lambda each: each.rank)
    right = [each.reading for each in found if each.reading.valid]
    carriers = {reading.carrier for reading in right}
    wrong = [
        each for each in found if not each.reading.valid and each.reading.carrier not in carriers
    ]
    alone = {each.reading.carrier for each in wrong if each.row.wrong is Wrong.ALONE}
    kept = [
        each.reading
        for each in wrong
        if each.row.wrong is Wrong.TELLS
        or (each.row.wrong is Wrong.ALONE and not right and len(alone) == 1)
    ]
    seen: set[tuple[str, str, bool]] = set()
    answer = []
    for reading in (*right, *kept):
        key = (reading.carrier, reading.number, reading.valid)
        if key not in seen:
            seen.add(key)
            answer.append(reading)
    return tuple(answer)
