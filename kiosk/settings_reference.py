"""The settings' reference, written from the model itself, so that it cannot go stale unseen."""

from __future__ import annotations

import inspect
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

from kiosk.settings import Settings
from kiosk.settings_remote import CHANGEABLE

HEAD = """# Settings
Written by `takeback settings`; do not edit. One TOML file, `/etc/takeback/takeback.toml` unless
`--settings` or `TAKEBACK_SETTINGS` says otherwise. Unknown keys are refused.
"""


REMOTE = """## From the centre
`takeback central device set` changes these for one kiosk, in place of what its file says. The
kiosk checks them like a line of the file and takes them between two visits."""


def reference() -> str:
    """Markdown, one table a section of the file."""
    lines = [HEAD]
    _section(Settings, "", lines)
    lines += [REMOTE, "", *(f"- `{name}`" for name in CHANGEABLE)]
    return "\n".join(lines) + "\n"


def _section(model: type[msgspec.Struct], path: str, lines: list[str]) -> None:
    lines.append(f"## {f'`[{path}]`' if path else 'top level'}")
    lines.append(inspect.getdoc(model) or "")
    lines += ["", "| key | type | default | meaning |", "|---|---|---|---|"]
    hints = get_type_hints(model, include_extras=True)
    nested: list[tuple[type[msgspec.Struct], str]] = []
    for field in msgspec.structs.fields(model):
        hint = hints[field.name]
        inner = _struct(hint)
        if inner is not None:
            many = get_origin(hint) is tuple
            nested.append((inner, f"[{field.name}]" if many else field.name))
            continue
        lines.append(f"| `{field.name}` | {_type(hint)} | {_default(field)} | {_meaning(hint)} |")
    lines.append("")
    for inner, name in nested:
        _section(inner, f"{path}.{name}" if path else name, lines)


def _struct(hint: Any) -> type[msgspec.Struct] | None:
    candidates = get_args(hint) if get_origin(hint) is tuple else (hint,)
    for candidate in candidates:
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


def _type(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return _type(get_args(hint)[0])
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    if isinstance(hint, UnionType):
        return " or ".join(_type(a) for a in get_args(hint))
    origin = get_origin(hint)
    if origin is tuple:
        return f"list of {_type(get_args(hint)[0])}"
    if origin is dict:
        return "table"
    return " or ".join(f"`{a}`" for a in get_args(hint))


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "needed"
    if field.default is not msgspec.NODEFAULT:
        value = field.default
        text = list(value) if isinstance(value, tuple) else value
        return f"`{msgspec.json.encode(text).decode()}`"
    return "empty"


def _meaning(hint: Any) -> str:
    if get_origin(hint) is not Annotated:
        return ""
    for extra in get_args(hint)[1:]:
        if isinstance(extra, msgspec.Meta):
            return extra.description or ""
    return ""
