"""Frozen dataclasses that are made for every verdict, made at half the price.

The `__init__` that dataclasses writes for a frozen class looks up `object.__setattr__` and the
field anew for every field; of a whole verdict that was a third. This one stores through the slots
themselves. Nothing else changes: arguments, defaults, and that no field can be set afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def quick(kind: type[Made]) -> type[Made]:
    """For a frozen dataclass with slots and no `__post_init__`, whose fields are all in
    `__init__`. TypeError for any other."""
    found = fields(kind)  # type: ignore[arg-type]
    frozen = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if not frozen or hasattr(kind, "__post_init__") or not all(one.init for one in found):
        raise TypeError(f"{kind.__name__} is not plain enough")
    names: dict[str, Any] = {"_missing": MISSING}
    for one in found:
        names[f"_set_{one.name}"] = kind.__dict__[one.name].__set__
        names[f"_default_{one.name}"] = one.default
        names[f"_factory_{one.name}"] = one.default_factory
    text = f"def __init__(self, {', '.join(map(_argument, found))}):\n" + "".join(
        f"    _set_{one.name}(self, {_value(one)})\n" for one in found
    )
    exec(text, names)  # noqa: S102 - as dataclasses does, and of nothing but the fields' names
    made: Callable[..., None] = names["__init__"]
    made.__qualname__, made.__annotations__ = f"{kind.__qualname__}.__init__", _annotations(kind)
    kind.__init__ = made  # type: ignore[method-assign]
    return kind


def _argument(one: Field[Any]) -> str:
    if one.default is not MISSING:
        return f"{one.name}=_default_{one.name}"
    return one.name if one.default_factory is MISSING else f"{one.name}=_missing"


def _value(one: Field[Any]) -> str:
    if one.default_factory is MISSING:
        return one.name
    return f"_factory_{one.name}() if {one.name} is _missing else {one.name}"


def _annotations(kind: type[Any]) -> dict[str, Any]:
    return dict(vars(kind.__init__).get("__annotations__", kind.__init__.__annotations__))
