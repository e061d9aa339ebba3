"""A file's bytes as a table with places, or the one thing that keeps it from being read."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.domain.policy.file import toml_errors
from kiosk.domain.policy.file.mistakes import Level, Mistake, Path
from kiosk.domain.policy.file.places import Places, of_json, of_toml
from kiosk.domain.sentences import Sentence

MOST_BYTES = 4 * 1024 * 1024
MOST_DEPTH = 32
_AT = re.compile(r"\s*\(at line (\d+), column (\d+)\)$")
_SPLIT = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file that reads well as TOML or JSON."""

    file: str
    table: Mapping[str, Any]
    places: Places = field(compare=False)
    bare: bool = False  # a list of rules without a name: JSON only

    def mistake(
        self, path: Path, rule: str, problem: str, remedy: str = "", level: Level = Level.ERROR
    ) -> Mistake:
        """One at a path, "rules", 3, "when" ...; of a bare list the first step is left out."""
        line, column = self.places.of(path[1:] if self.bare else path)
        return Mistake(self.file, line, column, level, rule, problem, remedy)


def read(data: bytes, file: str) -> Source | Mistake:
    """A name that ends in `.json` is read as JSON, any other as TOML."""
    if len(data) > MOST_BYTES:
        remedy = Sentence("one file for each merchant reads better")
        why = Sentence("is larger than {size}", size=f"{MOST_BYTES // 1024 // 1024} MiB")
        return _unread(file, 0, 0, why, remedy)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = error.start - (before.rfind(b"\n") + 1) + 1
        why = Sentence("is no {form}", form="UTF-8")
        remedy = Sentence("save it as {form}", form="UTF-8")
        return _unread(file, before.count(b"\n") + 1, column, why, remedy)
    text = text.replace("\r\n", "\n")
    try:
        return _json(text, file) if file.endswith(".json") else _toml(text, file)
    except RecursionError:
        return _unread(file, 0, 0, Sentence("nests too deep"))


def _toml(text: str, file: str) -> Source | Mistake:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT.search(str(error))
        line, column = (int(at[1]), int(at[2])) if at else (text.count("\n") + 1, 0)
        why = _AT.sub("", str(error)).removesuffix(" (at end of document)")
        return _unread(file, line, column, _is_no("TOML", toml_errors.told(why)), _hint(why))
    except ValueError as error:  # a number of too many digits
        return _unread(file, 0, 0, _is_no("TOML", str(error)))
    return _source(file, table, of_toml(text))


def _json(text: str, file: str) -> Source | Mistake:
    try:
        whole = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return _unread(file, error.lineno, error.colno, _is_no("JSON", error.msg))
    except ValueError as error:
        return _unread(file, 0, 0, _is_no("JSON", str(error)))
    bare = isinstance(whole, list)
    table = {"rules": whole} if bare else whole
    if not isinstance(table, dict):
        remedy = Sentence("begin with {one} or {other}", one="{", other="[")
        return _unread(file, 1, 1, Sentence("holds no table"), remedy)
    return _source(file, table, of_json(text), bare)


def _source(
    file: str, table: dict[str, Any], places: Places, bare: bool = False
) -> Source | Mistake:
    if _depth(table) > MOST_DEPTH:
        return _unread(file, 0, 0, Sentence("nests too deep"))
    return Source(file, table, places, bare)


def _depth(value: object) -> int:
    """How deep lists and tables nest, looked at no deeper than allowed."""
    level, depth = [value], 0
    while level and depth <= MOST_DEPTH:
        inner: list[object] = []
        for one in level:
            if isinstance(one, Mapping):
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        level, depth = inner, depth + 1
    return depth


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        raise ValueError(f"{twice!r} stands twice in one object")
    return table


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is no number")


def _is_no(form: str, why: str) -> Sentence:
    return Sentence("is no {form}: {error}", form=form, error=why)


def _hint(why: str) -> str:
    if "overwrite" in why or "twice" in why or "declare" in why:
        return Sentence(
            "each key stands once in its table; begin another rule with {example}",
            example="[[rules]]",
        )
    if "Invalid value" in why:
        return Sentence("texts stand in quotes: {example}", example='id = "window-30"')
    return ""


def _unread(file: str, line: int, column: int, problem: str, remedy: str = "") -> Mistake:
    return Mistake(file, line, column, Level.ERROR, "", problem, remedy)


def steps(path: str) -> Path:
    """`when.any[0].category` as a path."""
    found = _SPLIT.finditer(path)
    return tuple(int(one[2]) if one[2] else one[1] for one in found)
