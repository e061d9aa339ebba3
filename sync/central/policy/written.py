"""A version of the rules as a policy file, which reads back as what it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sync.central.policy.versions import Kept, Version


def written(version: Version) -> str:
    """TOML. Quantities stand as the smallest unit, as rules read them."""
    parts = [part for _, kept in sorted(version.shops.items()) for part in _shop(kept)]
    for form in version.forms:
        told = {"name": form.name, "pattern": form.pattern, "identifiers": list(form.identifiers)}
        parts.append("\n".join(["[[third_party]]", *pairs(told)]))
    return "\n\n".join(parts) + "\n"


def _shop(kept: Kept) -> Iterator[str]:
    one = kept.merchant
    told: dict[str, Any] = {"id": one.merchant_id, "name": one.name, "support": one.support}
    told |= {"timezone": one.timezone}
    told |= {"theme": one.theme} if one.theme and "theme" not in kept.look else {}
    told |= {"instead": list(one.instead)} if one.instead else {}
    yield "\n".join(["[[merchant]]", *pairs(told)])
    for part, value in kept.look.items():
        yield from table(f"merchant.{part}", value)
    for rule in kept.rules:
        first: dict[str, Any] = {key: rule[key] for key in ("rule", "id") if key in rule}
        yield "\n".join(["[[merchant.rules]]", *pairs({**first, **rule})])


def table(name: str, value: Any) -> Iterator[str]:
    """A table under its own heading, and the tables in it under theirs."""
    plain = {key: one for key, one in value.items() if not isinstance(one, Mapping)}
    if plain or not value:
        yield "\n".join([f"[{name}]", *pairs(plain)])
    for key, one in value.items():
        if isinstance(one, Mapping):
            yield from table(f"{name}.{_key(key)}", one)


def pairs(table: Mapping[str, Any]) -> list[str]:
    """What is None is left out: TOML has no word for it, and it says nothing."""
    return [f"{_key(key)} = {_value(one)}" for key, one in table.items() if one is not None]


def _value(value: Any) -> str:
    """In one line. JSON's escapes in texts are TOML's too."""
    match value:
        case Mapping():
            return "{ " + ", ".join(pairs(value)) + " }" if value else "{}"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return json.dumps(value)


def _key(key: str) -> str:
    plain = key.replace("_", "").replace("-", "")
    return key if plain.isascii() and plain.isalnum() else json.dumps(key)
