"""Numbers of every carrier, in a file each: examples from public documents, and made ones.

`valid`: whose, which service, what the carrier tracks by. `invalid`: what is wrong with it; the
carrier must not take it for a number of its own.
"""

from __future__ import annotations

import json
import pkgutil
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.codes import carriers
from kiosk.domain.codes.carriers import recognise
from kiosk.domain.codes.model import Tracking

FILES = sorted((Path(__file__).parent / "vectors").glob("*.json"))


def _vectors(kind: str) -> list[Any]:
    return [
        pytest.param(each, id=f"{file.stem}-{each['text']!r}")
        for file in FILES
        for each in json.loads(file.read_text(encoding="utf-8"))[kind]
    ]


def test_every_carrier_has_its_vectors() -> None:
    engine = {"checks", "engine", "layout", "tables"}
    tables = {module.name for module in pkgutil.iter_modules(carriers.__path__)} - engine
    assert {file.stem for file in FILES} == tables


@pytest.mark.parametrize("vector", _vectors("valid"))
def test_valid(vector: dict[str, str]) -> None:
    wanted = Tracking(vector["carrier"], vector["service"], vector["number"])
    assert wanted in recognise(vector["text"], "")


@pytest.mark.parametrize("vector", _vectors("invalid"))
def test_invalid(vector: dict[str, str]) -> None:
    carriers = {reading.carrier for reading in recognise(vector["text"], "") if reading.valid}
    assert vector["carrier"] not in carriers, vector["why"]
