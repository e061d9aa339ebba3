"""Carriers beside every other family: nothing is claimed by the wrong one, nor lost to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kiosk.domain import codes
from kiosk.domain.codes import OURS, carriers
from kiosk.domain.codes.model import CarrierLabel
from kiosk.domain.codes.presented import cut

FOLDER = Path(__file__).parent / "carriers" / "vectors"


def _texts(found: Any) -> list[str]:
    """Every text of the carriers' vectors, wherever it stands."""
    if isinstance(found, dict):
        here = [found["text"]] if isinstance(found.get("text"), str) else []
        return here + [text for value in found.values() for text in _texts(value)]
    return [text for one in found for text in _texts(one)] if isinstance(found, list) else []


TEXTS = sorted(
    {text for file in FOLDER.glob("*.json") for text in _texts(json.loads(file.read_text()))}
)


def test_there_are_vectors() -> None:
    assert len(TEXTS) > 100


def test_no_carriers_number_is_one_of_ours() -> None:
    for text in TEXTS:
        assert [family for family in OURS if family(cut(text.encode(), ""))] == [], text


def test_a_valid_number_is_its_carriers_label_with_every_reading() -> None:
    valid = 0
    for text in TEXTS:
        readings = tuple(one for one in carriers.recognise(text, "") if one.valid)
        if readings:
            valid += 1
            assert codes.parse(text, text.encode(), "") == CarrierLabel(readings), text
            listed = codes.candidates(text)
            assert [one.carrier for one in listed if one.valid][: len(readings)] == [
                one.carrier for one in readings
            ]
    assert valid > 80


def test_no_retail_symbol_is_a_carriers() -> None:
    for text in TEXTS:
        assert not isinstance(codes.parse(text, text.encode(), "]E0"), CarrierLabel), text
