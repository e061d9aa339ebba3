"""A quickly made frozen dataclass is the same dataclass."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace
from inspect import signature
from typing import Any

import pytest

from kiosk.domain.quick import quick


@dataclass(frozen=True, slots=True)
class Plain:
    name: str
    size: int = 3
    seen: dict[str, int] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    name: str
    size: int = 3
    seen: dict[str, int] = field(default_factory=dict)


@pytest.mark.parametrize(
    "given", [{"name": "a"}, {"name": "a", "size": 4}, {"name": "a", "seen": {"b": 1}}]
)
def test_it_is_made_of_the_same_arguments(given: dict[str, Any]) -> None:
    plain, made = Plain(**given), Quick(**given)
    for name in ("name", "size", "seen"):
        assert getattr(made, name) == getattr(plain, name)
    assert made == Quick(**given)
    assert repr(made) == repr(plain).replace("Plain", "Quick")
    assert replace(made, size=9) == Quick(**{**given, "size": 9})


def test_what_a_factory_makes_is_not_shared() -> None:
    assert Quick("a").seen is not Quick("a").seen


def test_it_is_what_it_says_it_is_once_made() -> None:
    """While its slots are filled it is of a class of its own, which nobody meets."""
    assert type(Quick("a")) is Quick
    assert copy.copy(Quick("a", 4)) == pickle.loads(pickle.dumps(Quick("a", 4))) == Quick("a", 4)


def test_it_is_as_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Quick("a").size = 4  # type: ignore[misc]


@pytest.mark.parametrize("given", [{}, {"name": "a", "colour": 1}, {"size": 1}])
def test_it_wants_the_same_arguments(given: dict[str, Any]) -> None:
    for kind in (Plain, Quick):
        with pytest.raises(TypeError):
            kind(**given)
    assert [*signature(Quick).parameters] == [*signature(Plain).parameters]


def test_others_than_plain_frozen_ones_are_not_taken() -> None:
    @dataclass(slots=True)
    class Loose:
        name: str

    @dataclass(frozen=True, slots=True)
    class Checked:
        name: str

        def __post_init__(self) -> None:
            assert self.name

    @dataclass(frozen=True, slots=True)
    class Reckoned:
        name: str = field(init=False, default="a")

    @dataclass(frozen=True)
    class Roomy:
        name: str

    @dataclass(frozen=True, slots=True)
    class Heir(Plain):
        more: int = 0

    for kind in (Loose, Checked, Reckoned, Roomy, Heir):
        with pytest.raises(TypeError, match="not plain enough"):
            quick(kind)
