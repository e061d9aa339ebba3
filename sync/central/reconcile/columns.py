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

from kiosk.domain.policy.file.mistakes import meant
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
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        return str(error)
    return _keys(told) or _values(made) or (_needed(made) if csv else "") or made


def _keys(told: dict[str, Any]) -> str:
    known = tuple(one.name for one in fields(Columns))
    for key in told:
        if key not in known:
            return f"{key}: is not known here; {meant(key, known)}".rstrip("; ")
    return ""


def _values(made: Columns) -> str:
    for name in made.columns:
        if name not in COLUMNS:
            return f"columns: there is nothing called {name!r}; {meant(name, COLUMNS)}".rstrip("; ")
    for kind in (*([made.kind] if made.kind else []), *made.kinds.values()):
        if kind not in [one.value for one in Kind]:
            return f"no kind is called {kind!r}; there are: {', '.join(Kind)}"
    if made.goods not in ("bag", "container", "manifest"):
        return "goods: is bag, container or manifest"
    if "%z" in made.time_format:
        return "time_format: leave it out where the times have a zone, and write them as ISO 8601"
    if len(made.delimiter) != 1:
        return "delimiter: is one character"
    try:
        "".encode(made.encoding)
        ZoneInfo(made.timezone)
    except (LookupError, ZoneInfoNotFoundError, ValueError, OSError):
        return f"there is no time zone {made.timezone!r}, or no encoding {made.encoding!r}"
    return "" if made.source else "source: is needed, as hub:north"


def _needed(made: Columns) -> str:
    missing = [name for name in _NEEDED if name not in made.columns]
    if missing:
        return f"columns: {', '.join(missing)} must be named"
    if not made.kind and "kind" not in made.columns:
        return "kind: is needed, here or as a column"
    return ""
