"""Shelves, carriers, hours and rules of a site as TOML, for whoever sets up a shop.

As sync.wire.counter_book.HouseTold names them, with three things for people: closing times by the
day's name, one time for several (`"mon-fri"`), and rows of shelves by `pattern`.

    language = "de"

    [opening]
    zone = "Europe/Berlin"
    closes = { mon-fri = "19:00", sat = "16:00" }

    [[carriers]]
    carrier = "DHL"
    proof = { ask = ["code"] }

    [[shelves]]
    pattern = "A1..A20"
    zone = "A"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from kiosk.domain.policy.dimensions import WEEKDAYS
from sync.central.counter_book.shelves import BadPattern, named
from sync.central.policy.written import pairs, table
from sync.wire.counter_book import HouseTold

LONGEST = 1 << 20


class Bad(ValueError):
    """What is wrong, as a sentence in English for whoever wrote the file."""


def read(text: str) -> HouseTold:
    """Raises Bad."""
    if len(text) > LONGEST:
        raise Bad(f"the file is longer than {LONGEST} characters")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Bad(f"it is no TOML: {error}") from error
    except RecursionError as error:
        raise Bad("it nests too deep") from error
    opening = told.get("opening")
    if isinstance(opening, dict) and "closes" in opening:
        told["opening"] = {**opening, "closes": list(_closes(opening["closes"]))}
    if "shelves" in told:
        told["shelves"] = list(_shelves(told["shelves"]))
    try:
        house = msgspec.convert(told, HouseTold)
    except msgspec.ValidationError as error:
        raise Bad(str(error)) from error
    _nothing_strange(told, msgspec.to_builtins(house), "")
    return house


def _closes(told: object) -> Iterator[dict[str, object]]:
    if not isinstance(told, Mapping):
        raise Bad('opening.closes: a time by day is meant, as { mon-fri = "19:00" }')
    days = [one[:3] for one in WEEKDAYS]
    for name, at in told.items():
        first, _, last = str(name).partition("-")
        if first not in days or (last or first) not in days:
            raise Bad(f"opening.closes: {name} is no day; days are {', '.join(days)}")
        for weekday in range(days.index(first), days.index(last or first) + 1):
            yield {"weekday": weekday, "at": at}


def _shelves(told: object) -> Iterator[dict[str, object]]:
    if not isinstance(told, list):
        raise Bad("shelves: a list of tables is meant ([[shelves]])")
    seen: set[object] = set()
    for one in told:
        if not isinstance(one, Mapping):
            raise Bad("shelves: a list of tables is meant ([[shelves]])")
        rest = {key: value for key, value in one.items() if key not in ("pattern", "shelf_id")}
        names = named(str(one.get("pattern") or one.get("shelf_id") or ""))
        if isinstance(names, BadPattern):
            raise Bad(f"shelves: {names.part or 'too many'!s} names no shelves; A1..A20 does")
        for name in names:
            if name in seen:
                raise Bad(f"shelves: {name} is there twice")
            seen.add(name)
            yield {**rest, "shelf_id": name}


def _nothing_strange(told: object, known: object, path: str) -> None:
    """A word that is none of ours is a slip of whoever wrote it."""
    if isinstance(told, Mapping) and isinstance(known, Mapping):
        for key, value in told.items():
            where = f"{path}.{key}" if path else str(key)
            if key not in known:
                raise Bad(f"{where} is not known; known are {', '.join(map(str, known))}")
            _nothing_strange(value, known[key], where)
    elif isinstance(told, list) and isinstance(known, list | tuple):
        for number, (one, other) in enumerate(zip(told, known, strict=True), 1):
            _nothing_strange(one, other, f"{path} {number}")


def written(house: HouseTold) -> str:
    """As `read` takes it: reads back as what it was."""
    told: dict[str, Any] = msgspec.to_builtins(house)
    days = [one[:3] for one in WEEKDAYS]
    opening = dict(told["opening"])
    opening["closes"] = {days[one["weekday"]]: one["at"] for one in opening["closes"]}
    parts = ["\n".join(pairs({"language": told["language"]}))]
    for name in ("sign_in", "pins", "times", "hold"):
        parts += table(name, told[name])
    parts.append("\n".join(["[opening]", *pairs(opening)]))
    for name in ("limits", "carriers", "shelves"):
        parts += ["\n".join([f"[[{name}]]", *pairs(one)]) for one in told[name]]
    return "\n\n".join(parts) + "\n"
