"""The proof on the receipt: what the kiosk promised, checked without the kiosk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import base45
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose, receipts
from kiosk.seal.keys import SigningKey

KEY = SigningKey("device-1", b"\5" * 32)
CLAIMS = receipts.ReceiptClaims(
    device_id="0195800c-fc00-7000-8000-000000000001",
    drop_id="0195800c-fc00-7000-8000-000000000002",
    drop_number="K1-000042",
    return_id="R-1",
    bag_id="TB0000000042X",
    committed_at=datetime(2025, 3, 10, 12, 0, 1, tzinfo=UTC),
)
TEXT = receipts.issue(CLAIMS, KEY)


def test_a_proof_tells_what_was_promised() -> None:
    assert receipts.verify(TEXT, KEY.public) == CLAIMS


def test_a_returnless_drop_has_no_bag() -> None:
    claims = replace(CLAIMS, bag_id="")
    assert receipts.verify(receipts.issue(claims, KEY), KEY.public) == claims


def test_a_proof_names_the_events_link() -> None:
    claims = replace(CLAIMS, link="ab" * 32)
    text = receipts.issue(claims, KEY)
    assert receipts.verify(text, KEY.public) == claims
    assert len(text) < 460


def test_a_proof_fits_the_alphanumeric_mode_of_qr() -> None:
    assert TEXT.startswith("RP1:")
    assert set(TEXT) <= set(base45.ALPHABET)
    assert len(TEXT) < 400


def test_the_proof_of_another_device_is_forged() -> None:
    assert receipts.verify(TEXT, SigningKey("device-1", bytes(32)).public) == Reason(
        Why.CODE_FORGED
    )
    assert receipts.verify(TEXT, b"") == Reason(Why.CODE_FORGED)


def test_every_changed_character_is_noticed() -> None:
    for at in range(4, len(TEXT)):
        other = "0" if TEXT[at] != "0" else "1"
        found = receipts.verify(TEXT[:at] + other + TEXT[at + 1 :], KEY.public)
        assert isinstance(found, Reason)


@pytest.mark.parametrize(
    "text",
    ["", "RP1:", "RP1:A", "RK1:" + TEXT[4:], TEXT[4:], TEXT[:-3], TEXT + "00", "RP1:" + "0" * 900],
)
def test_what_is_no_proof_is_unreadable(text: str) -> None:
    assert receipts.verify(text, KEY.public) == Reason(Why.CODE_UNREADABLE)


def test_no_other_signature_of_the_device_passes_for_a_receipt() -> None:
    sign1 = cose.split(base45.decode(TEXT[4:]))
    assert sign1 is not None
    other = "RP1:" + base45.encode(cose.seal(sign1.payload, KEY))
    assert receipts.verify(other, KEY.public) == Reason(Why.CODE_FORGED)


def test_another_algorithm_in_the_header_is_forged() -> None:
    sign1 = cose.split(base45.decode(TEXT[4:]))
    assert sign1 is not None
    headers = ({1: -7, 4: b"device-1"}, {1: -8}, {1: -8, 4: b"device-1", 5: b""}, {1: -8, 4: 1})
    behind = cose.encode({1: -8, 4: b"device-1"}) + b"\0"
    for protected in (*map(cose.encode, headers), behind):
        signature = KEY.sign(cose.to_be_signed(protected, sign1.payload, receipts.PURPOSE))
        data = b"\xd2\x84" + b"".join(
            (cose.encode(protected), b"\xa0", cose.encode(sign1.payload), cose.encode(signature))
        )
        found = receipts.verify("RP1:" + base45.encode(data), KEY.public)
        assert found == Reason(Why.CODE_FORGED)


BASE: dict[Any, Any] = {1: "d", 2: "x", 6: 1, -70001: "n", -70002: "r", -70003: "b"}


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {**BASE, 3: "more"},
        {**BASE, 6: "1"},
        {**BASE, 6: True},
        {**BASE, 6: -1},
        {**BASE, 6: 1 << 60},
        {**BASE, 2: 7},
        {**BASE, -70003: None},
        {**BASE, -70004: "ab" * 32},
        {**BASE, -70004: b""},
        {**BASE, -70004: bytes(31)},
    ],
)
def test_claims_of_another_shape_are_forged(payload: Any) -> None:
    text = "RP1:" + base45.encode(cose.seal(cose.encode(payload), KEY, receipts.PURPOSE))
    assert receipts.verify(text, KEY.public) == Reason(Why.CODE_FORGED)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=base45.ALPHABET, max_size=300))
def test_no_junk_makes_it_stumble(text: str) -> None:
    assert isinstance(receipts.verify("RP1:" + text, KEY.public), Reason)
