"""What the screens of parcels and deliveries say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from voices import voice

from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.parcels import ParcelState
from kiosk.flows.counter.model import Key
from kiosk.flows.counter.states import inbound
from ui.counter import samples_inbound
from ui.counter.samples_desk import at
from ui.counter.showing import shown

SAMPLES = samples_inbound.sessions()
S = ParcelState


def props(name: str) -> dict[str, object]:
    return dict(shown(SAMPLES[name], voice("en")).props)


def keys(told: dict[str, object]) -> set[str]:
    listed = told["keys"]
    assert isinstance(listed, list)
    return {key["value"] for key in listed}


def test_the_shelf_of_the_last_parcel_is_what_is_read_from_afar() -> None:
    told = props("receiving")
    assert (told["label"], told["place"], told["tone"]) == ("Put it on", "A12", "accent")
    assert told["number"] == "0034\u202f0434\u202f1610\u202f9404\u202f2550"


def test_what_goes_back_with_the_driver_names_no_shelf() -> None:
    told = props("receiving-refused")
    assert (told["label"], told["place"]) == ("Give it back to the driver", "Damaged")


def test_a_key_that_waits_for_a_scan_is_on_and_says_so() -> None:
    told = props("receiving-damaged")
    assert told["subtitle"] == "Now scan the damaged parcel."
    listed = told["keys"]
    assert isinstance(listed, list)
    assert [key["value"] for key in listed if key["on"]] == [Key.DAMAGED]


@pytest.mark.parametrize(
    ("brings", "sentence", "tone"),
    [
        (14, "Both counts agree.", "positive"),
        (17, "Fewer than the driver says: 3. Look in the van.", "caution"),
        (12, "More than the driver says: 2. Tell the driver.", "caution"),
        (None, "", "positive"),
    ],
)
def test_a_difference_is_said_plainly(brings: int | None, sentence: str, tone: str) -> None:
    """13 were taken, one was given back: the driver brought 14."""
    screen = SAMPLES["received"].screen
    assert isinstance(screen, inbound.Received)
    job = replace(screen.job, round=DriverScanned("dhl", "R-77", brings))
    told = shown(at(inbound.Received(job, "QR")), voice("en")).props
    assert (told["sentence"], told["tone"]) == (sentence, tone)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (S.SHELVED, {Key.HAND_OUT, Key.EXTEND, Key.REFUSED, Key.MISSING, Key.STORY}),
        (S.EXPIRED, {Key.HAND_OUT, Key.EXTEND, Key.MISSING, Key.STORY}),
        (S.REFUSED_OUT, {Key.MISSING, Key.STORY}),
        (S.MISSING, {Key.MISSING, Key.STORY}),
        (S.COLLECTED, {Key.STORY}),
    ],
)
def test_a_parcel_has_the_keys_of_its_state(state: ParcelState, expected: set[Key]) -> None:
    screen = SAMPLES["parcel-lies"].screen
    assert isinstance(screen, inbound.ParcelInHand)
    now = replace(screen, parcel=replace(screen.parcel, state=state))
    assert keys(dict(shown(at(now), voice("en")).props)) == expected


def test_a_parcel_tells_when_by_whom_and_where() -> None:
    rows = props("parcel-story")["rows"]
    assert isinstance(rows, list)
    first = rows[0]
    assert first["number"] == "Mar 14 · 2:05\u202fPM"
    assert first["text"] == "Put aside to go back, Maximiliane Hohenberger"
    assert first["place"] == "R1"


def test_no_recipient_and_no_code_is_on_any_of_them() -> None:
    for name in SAMPLES:
        assert "c0de" not in str(props(name)), name
