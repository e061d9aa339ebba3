"""How a bug is planted: a patch of the real code for as long as its context lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest import mock

from tests.sim.line import Fault
from tests.sim.story import Deed

Patch = Callable[[], AbstractContextManager[object]]


@dataclass(frozen=True)
class Plant:
    """`more` are deeds that happen more often than usual, with their weights; `first` is the seed
    to begin with, so that the search is short; `begin` the first weather."""

    name: str
    plant: Patch
    more: dict[Deed, float] = field(default_factory=dict)
    first: int = 500
    begin: tuple[Fault, ...] = ()


def swap(target: object, name: str, value: object) -> Patch:
    return lambda: mock.patch.object(target, name, value)


def together(*patches: Patch) -> Patch:
    @contextmanager
    def all_of_them() -> Iterator[None]:
        with ExitStack() as stack:
            for patch in patches:
                stack.enter_context(patch())
            yield

    return all_of_them
