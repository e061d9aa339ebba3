"""Whatever the counter refuses, staff read why and what to do, with or without values."""

from __future__ import annotations

import re

import pytest

from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.words import words
from kiosk.words.counter import refusal_steps, refusals

W = words("en")
VALUES: dict[str, str | int] = {
    "shelf": "A 12",
    "number": "00340434161094042557",
    "parcel": "00340434161094042557",
    "until": "2026-03-14",
    "on": "2026-03-14",
    "times": 1,
    "room": 20,
    "holds": 40,
    "seconds": 90,
    "age": 18,
    "carrier": "GLS",
    "plate": "TC-7",
    "container": "0199f0d2-7a41-7c3c-9d1e-5b6a7c8d9e0f",
    "seal": "S-4711",
    "of": "driver",
    "proof": "age",
}
LANGUAGES = ("en", "de", "fr", "es", "ar")


def refused(because: Because, then: Then = Then.ASK_SUPERVISOR, **values: str | int) -> Refused:
    return Refused(because, then, values)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("values", [VALUES, {}], ids=["with values", "without"])
def test_every_refusal_reads_plainly(language, values):
    w = words(language)
    for because in Because:
        for then in Then:
            text = refusals.sentence(w, Refused(because, then, dict(values)))
            assert not re.search(r"[{}_]|None|0199f0d2", text), text
            if language == "en":
                assert len(text.split()) <= 18, text


def test_the_refusals_that_occur_have_at_most_fourteen_words():
    """The pairs of the lifecycles: what is refused most."""
    from kiosk.domain.counter.bags import BAGS
    from kiosk.domain.counter.containers import CONTAINERS
    from kiosk.domain.counter.manifests import MANIFESTS
    from kiosk.domain.counter.parcels import PARCELS

    for table in (PARCELS, BAGS, CONTAINERS, MANIFESTS):
        for state in table.states:
            text = refusals.sentence(W, table.refusal(state))
            assert len(text.split()) <= 14, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_different_reasons_read_differently(language):
    w = words(language)
    said = {because: refusals.because(w, refused(because)) for because in Because}
    same = {Because.PARCEL_ALREADY_HERE, Because.PARCEL_ON_SHELF}
    assert len(set(said.values())) == len(said) - len(same) + 1


def test_a_refusal_names_its_values():
    full = refused(Because.SHELF_FULL, Then.OTHER_SHELF, shelf="A 12", room=20)
    assert refusals.sentence(W, full) == "Shelf A\u00a012 is full. Choose another shelf."
    until = refused(Because.NO_LATER, Then.ASK_CARRIER, until="2026-03-14")
    assert refusals.sentence(W, until).startswith("This parcel already waits until March 14, 2026.")
    wrong = refused(Because.WRONG_PARCEL, Then.PUT_IT_BACK, number="1Z", shelf="B2")
    assert refusals.sentence(W, wrong) == "This is another recipient’s parcel. Put it back on B2."
    tries = refused(Because.TOO_MANY_TRIES, Then.WAIT, seconds=42)
    assert refusals.sentence(W, tries) == "Too many wrong codes. Wait 42 s, then try again."


def test_a_shelf_is_named_once():
    lies = refused(Because.PARCEL_ON_SHELF, Then.PUT_IT_BACK, shelf="B2")
    assert refusals.sentence(W, lies) == "This parcel belongs on B2. Put it back."


def test_an_age_is_said_by_the_number():
    asked = refused(Because.PROOF_MISSING, Then.ASK_PROOF, proof="age", age=18)
    assert "18" in refusals.because(W, asked)
    assert refusal_steps.then(W, asked) == "Look at the date of birth."


def test_a_value_from_elsewhere_cannot_break_a_sentence():
    strange = dict.fromkeys(VALUES, "{x} {0} %s")
    for because in Because:
        assert refusals.sentence(W, Refused(because, Then.WAIT, dict(strange)))
