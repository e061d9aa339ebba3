"""Whatever the policy is handed, and whatever it says, stays as it was made: rules judge the same
facts one after the other, and none may leave a trace for the next."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass

import pytest

import kiosk.domain.policy


def _modules() -> Iterator[str]:
    package = kiosk.domain.policy
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.startswith(
            (f"{package.__name__}.file", f"{package.__name__}.schema_org")
        ):
            yield found.name


@pytest.mark.parametrize("name", list(_modules()))
def test_every_record_of_the_policy_is_frozen(name: str) -> None:
    records = [
        part
        for part in vars(importlib.import_module(name)).values()
        if isinstance(part, type) and is_dataclass(part) and part.__module__ == name
    ]
    for record in records:
        assert record.__dataclass_params__.frozen, record
