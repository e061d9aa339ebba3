"""Frozen dataclasses that are made for every verdict, made at half the price.

The `__init__` that dataclasses writes for a frozen class calls `object.__setattr__` for every
field; of a whole verdict that was a third. This one fills the slots while the object is of a twin
class, alike but not frozen, and only then lets it be what it is. Nobody else has the object by
then. Nothing else changes: arguments, defaults, and that no field can be set afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

Made = TypeVar("Made")
_become: Callable[[object, type], None] = vars(object)["__class__"].__set__
"""Gives an object another class of the same slots, even where its own lets nothing be set."""


def quick(kind: type[Made]) -> type[Made]:
    """For a frozen dataclass with slots, no base and no `__post_init__`, whose fields are all in
    `__init__`. TypeError for any other."""
    found = fields(kind)  # type: ignore[arg-type]
    frozen = kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    plain = kind.__bases__ == (object,) and "__slots__" in vars(kind)
    if not plain or not frozen or hasattr(kind, "__post_init__") or not all(f.init for f in found):
        raise TypeError(f"{kind.__name__} is not plain enough")
    twin = type(f"{kind.__name__}InTheMaking", (), {"__slots__": tuple(vars(kind)["__slots__"])})
    names: dict[str, Any] = {"_missing": MISSING, "_twin": twin, "_become": _become}
    for one in found:
        names[f"_default_{one.name}"] = one.default
        names[f"_factory_{one.name}"] = one.default_factory
    lines = (
        f"def __init__(self, {', '.join(map(_argument, found))}):",
        "_kind = self.__class__",
        "_become(self, _twin)",
        *(f"self.{one.name} = {_value(one)}" for one in found),
        "self.__class__ = _kind",
    )
    text = "\n    ".join(lines)
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
