"""Where each key of a file stands: `tomllib` and `json` read values and forget their places.

The text is known to be good TOML, or good JSON, before it comes here; so this only walks it.
"""

from __future__ import annotations

import json
import re
import tomllib
from bisect import bisect_right

from kiosk.domain.policy.file.mistakes import Path

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_PLAIN = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'",
    re.DOTALL,
)


class Places:
    """Line and column of each path; of one that stands nowhere, those of the nearest above it."""

    def __init__(self, text: str, found: dict[Path, int]) -> None:
        self._starts = [0, *(place.end() for place in re.finditer("\n", text))]
        self._found = found

    def of(self, path: Path) -> tuple[int, int]:
        for length in range(len(path), -1, -1):
            offset = self._found.get(path[:length])
            if offset is not None:
                return self.at(offset)
        return (1, 1)

    def at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


class _Walk:
    """One pass over a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {}
        self.tables: dict[Path, int] = {}  # how many tables an array of tables has

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def sees(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def string(self) -> str:
        """A quoted text's own characters."""
        raw = self.skip(_STRING)
        try:
            return str(tomllib.loads(f"x = {raw}")["x"])
        except tomllib.TOMLDecodeError:  # JSON's surrogate pairs
            return str(json.loads(raw))

    def key(self) -> tuple[tuple[str, int], ...]:
        """A dotted key with where each part begins."""
        parts: list[tuple[str, int]] = []
        while True:
            self.skip(_SPACE)
            start = self.at
            quoted = self.text[start : start + 1] in ('"', "'")
            parts.append((self.string() if quoted else self.skip(_BARE), start))
            self.skip(_SPACE)
            if not self.sees("."):
                return tuple(parts)

    def note(self, base: Path, key: tuple[tuple[str, int], ...]) -> Path:
        """The full path of a key, each step of it through the newest table of an array."""
        path = base
        for part, start in key:
            path = self.newest((*path, part))
            self.found.setdefault(path, start)
        return path

    def newest(self, path: Path) -> Path:
        count = self.tables.get(path)
        return path if count is None else (*path, count - 1)

    def value(self, path: Path) -> None:
        if self.sees("["):
            self.array(path)
        elif self.sees("{"):
            self.inline(path)
        elif self.text[self.at : self.at + 1] in ('"', "'"):
            self.skip(_STRING)
        else:
            self.skip(_PLAIN)

    def array(self, path: Path) -> None:
        place = 0
        self.skip(_BLANK)
        while not self.sees("]") and self.at < len(self.text):
            self.found[(*path, place)] = self.at
            self.value((*path, place))
            place += 1
            self.skip(_BLANK)
            self.sees(",")
            self.skip(_BLANK)

    def inline(self, path: Path) -> None:
        self.skip(_BLANK)
        while not self.sees("}") and self.at < len(self.text):
            inner = self.note(path, self.key())
            self.skip(_BLANK)
            if not self.sees("="):
                self.sees(":")
            self.skip(_BLANK)
            self.value(inner)
            self.skip(_BLANK)
            self.sees(",")
            self.skip(_BLANK)

    def toml(self) -> None:
        base: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            before = self.at
            if self.sees("[["):
                base = self.another(self.key())
                self.sees("]]")
            elif self.sees("["):
                base = self.note((), self.key())
                self.sees("]")
            else:
                path = self.note(base, self.key())
                self.sees("=")
                self.skip(_SPACE)
                self.value(path)
            self.skip(_BLANK)
            if self.at == before:  # nothing that good TOML holds; never go round for ever
                return

    def another(self, key: tuple[tuple[str, int], ...]) -> Path:
        """One more table of an array of tables."""
        above = self.note((), key[:-1])
        name, start = key[-1]
        path = (*above, name)
        self.tables[path] = self.tables.get(path, 0) + 1
        self.found.setdefault(path, start)
        one = self.newest(path)
        self.found[one] = start
        return one


def of_toml(text: str) -> Places:
    """Places in a text that `tomllib` has read."""
    walk = _Walk(text)
    walk.toml()
    return Places(text, walk.found)


def of_json(text: str) -> Places:
    """Places in a text that `json` has read."""
    walk = _Walk(text)
    walk.skip(_BLANK)
    walk.value(())
    return Places(text, walk.found)
