"""Every vector is what it says, and no other family's unless it says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain import codes
from kiosk.domain.codes import FAMILIES, Unreadable
from kiosk.domain.codes.model import CarrierLabel, EnrolmentCode, Gs1
from kiosk.domain.codes.presented import cut

FOLDER = Path(__file__).parents[1] / "vectors" / "codes"
VECTORS: list[dict[str, Any]] = [
    vector for file in sorted(FOLDER.glob("*.json")) for vector in json.loads(file.read_text())
]
NAMES = [f"{vector['about']} {vector['aim']}" for vector in VECTORS]


def _said(found: codes.Code | Unreadable, vector: dict[str, Any]) -> dict[str, Any]:
    """A parsed code in the vectors' words."""
    if isinstance(found, Unreadable):
        return {"refused": found.reason.why.value, "kind": found.kind}
    best, *_ = codes.candidates(vector["text"], vector["text"].encode(), vector["aim"])
    said: dict[str, Any] = {"family": best.family}
    match found:
        case Gs1(elements=elements):
            return said | {"elements": [list(element) for element in elements]}
        case CarrierLabel(readings=readings):
            return said | {"readings": [[one.carrier, one.number] for one in readings]}
        case EnrolmentCode(centre_url=centre):
            return said | {"centre": centre}
        case _:
            return said | ({"number": best.number} if best.number else {})


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_a_vector_is_what_it_says(vector: dict[str, Any]) -> None:
    found = codes.parse(vector["text"], vector["text"].encode(), vector["aim"])
    expected = {
        key: value for key, value in vector.items() if key not in ("text", "aim", "about", "also")
    }
    assert _said(found, vector) == expected


def test_no_vector_is_of_two_families_unless_it_says_so() -> None:
    for vector in VECTORS:
        presented = cut(vector["text"].encode(), vector["aim"])
        answers = [found for family in FAMILIES if (found := family(presented)) is not None]
        good = [found for found in answers if not isinstance(found, Unreadable)]
        also = len(vector.get("also", ()))
        assert len(good) == ("family" in vector) + also, vector
        assert len(answers) <= 1 + also, vector


def test_candidates_agree_with_the_answer() -> None:
    for vector in VECTORS:
        found = codes.candidates(vector["text"], vector["text"].encode(), vector["aim"])
        assert [one.valid for one in found] == sorted((one.valid for one in found), reverse=True)
        assert len(set(found)) == len(found), vector
        if "family" in vector:
            families = {one.family for one in found if one.valid}
            assert families == {vector["family"], *vector.get("also", ())}, vector


def test_every_family_has_vectors_good_and_bad() -> None:
    good = {vector["family"] for vector in VECTORS if "family" in vector}
    bad = {vector["kind"] for vector in VECTORS if vector.get("refused") == "code_wrong_check"}
    ours = {"bag", "container", "seal", "shelf", "badge", "pick_up", "enrolment", "gs1", "carrier"}
    ours |= {"round"}
    assert good == ours | {"signed_return", "short_code"}
    assert bad == ours | {"ean"}
