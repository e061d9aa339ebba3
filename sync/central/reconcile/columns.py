"""What the columns of a carrier's or hub's CSV file mean: a TOML file, written once for each.

source = "hub:north"
kind = "hub_received"             # or a column with [kinds] for what it says
timezone = "Europe/Berlin"        # of times without a zone
time_format = "%d.%m.%Y %H:%M"    # where they are not ISO 8601
delimiter = ";"

[columns]
source_id = "Scan"
told_at = "Time"
bag_id = "Label"
count = "Pieces"

[kinds]
RCV = "hub_received"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kiosk.domain.policy.file import toml_errors
from kiosk.domain.policy.file.mistakes import meant
from kiosk.domain.sentences import Sentence, at
from sync.central.reconcile.model import Kind, Movement

COLUMNS: Final = tuple(one.name for one in fields(Movement) if one.name != "source")
_NEEDED: Final = ("source_id", "told_at")


@dataclass(frozen=True, slots=True)
class Columns:
    """`goods` is what an EPCIS file's objects are where nothing else says so."""

    source: str
    kind: str = ""
    timezone: str = "UTC"
    time_format: str = ""
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    site: str = ""
    goods: str = "bag"  # bag | container | manifest
    columns: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def read(path: Path, *, csv: bool = True) -> Columns | str:
    """The map, or what is wrong with it. Raises OSError."""
    try:
        return read_text(path.read_text("utf-8"), csv=csv)
    except UnicodeDecodeError as error:
        return str(error)


def read_text(text: str, *, csv: bool = True) -> Columns | str:
    """As `read`, with the file's text at hand."""
    try:
        told = tomllib.loads(text)
        made = msgspec.convert(told, Columns)
    except tomllib.TOMLDecodeError as error:
        why, _, place = str(error).rpartition(" (at ")  # or "at the end of the document"
        line = place.removeprefix("line ").partition(",")[0]
        wrong = Sentence(
            "is no {form}: {error}", form="TOML", error=toml_errors.told(why or str(error))
        )
        return Sentence("line {line}: {why}", line=line, why=wrong) if line.isdigit() else wrong
    except msgspec.ValidationError as error:
        return Sentence("holds a value that does not fit: {error}", error=str(error))
    return _keys(told) or _values(made) or (_needed(made) if csv else "") or made


def _keys(told: dict[str, Any]) -> str:
    known = tuple(one.name for one in fields(Columns))
    for key in told:
        if key not in known:
            return _mended(at(key, Sentence("is not known here")), meant(key, known))
    return ""


def _mended(problem: Sentence, remedy: str) -> Sentence:
    if not remedy:
        return problem
    return Sentence("{problem}; {remedy}", problem=problem, remedy=remedy)


def _values(made: Columns) -> str:
    for name in made.columns:
        if name not in COLUMNS:
            why = at("columns", Sentence("there is nothing called {name}", name=repr(name)))
            return _mended(why, meant(name, COLUMNS))
    for kind in (*([made.kind] if made.kind else []), *made.kinds.values()):
        if kind not in [one.value for one in Kind]:
            return Sentence(
                "no kind is called {name}; there are: {names}",
                name=repr(kind),
                names=", ".join(Kind),
            )
    if made.goods not in ("bag", "container", "manifest"):
        return at("goods", Sentence("is one of {names}", names="bag, container, manifest"))
    if "%z" in made.time_format:
        why = Sentence(
            "leave it out where the times have a zone, and write them as {standard}",
            standard="ISO 8601",
        )
        return at("time_format", why)
    if len(made.delimiter) != 1:
        return at("delimiter", Sentence("is one character"))
    try:
        "".encode(made.encoding)
        ZoneInfo(made.timezone)
    except (LookupError, ZoneInfoNotFoundError, ValueError, OSError):
        return Sentence(
            "there is no time zone {zone}, or no encoding {encoding}",
            zone=repr(made.timezone),
            encoding=repr(made.encoding),
        )
    if made.source:
        return ""
    return at("source", Sentence("is needed, as {example}", example="hub:north"))


def _needed(made: Columns) -> str:
    missing = [name for name in _NEEDED if name not in made.columns]
    if missing:
        return at("columns", Sentence("{names} must be named", names=", ".join(missing)))
    if not made.kind and "kind" not in made.columns:
        return at("kind", Sentence("is needed, here or as a column"))
    return ""
