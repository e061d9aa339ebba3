"""One byte string a value: JSON with sorted keys, no spaces, UTF-8 unescaped.

Takes str, int, bool, None, lists, tuples (as lists) and mappings with str keys, nested. A float
raises TypeError, as its text differs between machines; so does anything else. Keys are sorted by
code point.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_json = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
_SCALARS = frozenset((str, int, bool, type(None)))
_WORDS = frozenset((str,))
_LEVELS = 100


def encode(value: object) -> bytes:
    """TypeError for what JSON cannot say exactly, ValueError for a lone surrogate."""
    return _json(value if is_exact(value) else _plain(value)).encode("utf-8")


def is_exact(value: object) -> bool:
    """Whether it is made of JSON's own types alone, so that nothing need be rebuilt. Every event
    is hashed by this, at the kiosk and at the centre: it is worth the second way. Level by level,
    without a call for each value; what nests deeper is left to the other way."""
    level: list[Any] = [value]
    for _ in range(_LEVELS):
        inner: list[Any] = []
        for one in level:
            kind = type(one)
            if kind in _SCALARS:
                continue
            if kind is dict:
                if not _WORDS.issuperset(map(type, one)):
                    return False
                inner += one.values()
            elif kind is list or kind is tuple:
                inner += one
            else:
                return False
        if not inner:
            return True
        level = inner
    return False


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Mapping):
        plain: dict[str, object] = {}
        for key, part in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key must be a text, not {type(key).__name__}")
            plain[key] = _plain(part)
        return plain
    raise TypeError(f"{type(value).__name__} has no canonical form")
