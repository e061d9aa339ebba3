"""Device tokens: good for one request, for five minutes."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import canonical
from kiosk.seal import envelope, tokens
from kiosk.seal.keys import SigningKey
from kiosk.seal.tokens import Claims, Fault

KEY = SigningKey("device-1", b"\3" * 32)
NOW = datetime(2025, 3, 10, 12, tzinfo=UTC)
PATH = "/v1/devices/device-1/events"
TOKEN = tokens.issue("device-1", "POST", PATH, b"{}", NOW, "nonce-1", KEY)
SECOND = timedelta(seconds=1)


def verify(token: str = TOKEN, **changes: Any) -> Claims | Fault:
    request = {"method": "POST", "path": PATH, "body": b"{}", "now": NOW, **changes}
    return tokens.verify(token, KEY.public, **request)


def forge(payload: bytes, key: SigningKey = KEY) -> str:
    def text(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    return f"{text(payload)}.{text(key.sign(envelope.pae(tokens.TYPE, payload)))}"


def claims() -> dict[str, Any]:
    payload = TOKEN.partition(".")[0]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return found


def test_a_token_names_the_device_and_its_life() -> None:
    assert verify() == Claims("device-1", "nonce-1", NOW, NOW + timedelta(minutes=5))


def test_a_token_fits_a_header() -> None:
    assert TOKEN.isascii()
    assert len(TOKEN) < 500
    assert not set(TOKEN) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_the_method_may_be_written_small() -> None:
    assert isinstance(verify(method="post"), Claims)


@pytest.mark.parametrize(
    "change",
    [{"method": "GET"}, {"path": PATH + "/"}, {"path": "/"}, {"body": b"{} "}, {"body": b""}],
)
def test_another_request_is_not_believed(change: dict[str, Any]) -> None:
    assert verify(**change) is Fault.WRONG_REQUEST


def test_a_token_lives_five_minutes() -> None:
    assert isinstance(verify(now=NOW + tokens.LIFE - SECOND), Claims)
    assert verify(now=NOW + tokens.LIFE) is Fault.EXPIRED


def test_a_clock_may_run_a_minute_ahead() -> None:
    assert isinstance(verify(now=NOW - tokens.TOLERANCE), Claims)
    assert verify(now=NOW - tokens.TOLERANCE - SECOND) is Fault.NOT_YET_VALID


def test_another_device_is_not_believed() -> None:
    stranger = SigningKey("device-1", bytes(32))
    token = tokens.issue("device-1", "POST", PATH, b"{}", NOW, "nonce-1", stranger)
    assert verify(token) is Fault.BAD_SIGNATURE
    assert tokens.verify(TOKEN, b"", "POST", PATH, b"{}", NOW) is Fault.BAD_SIGNATURE


def test_every_changed_character_is_noticed() -> None:
    for at, character in enumerate(TOKEN):
        for other in "Ab.":
            if other != character:
                found = verify(TOKEN[:at] + other + TOKEN[at + 1 :])
                assert found in (Fault.BAD_SIGNATURE, Fault.MALFORMED)


@pytest.mark.parametrize(
    "token",
    ["", ".", "a", "a.b.c", TOKEN + "=", TOKEN.replace(".", ""), "é." + "a" * 20, "A" * 3000],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert verify(token) in (Fault.MALFORMED, Fault.BAD_SIGNATURE)


@pytest.mark.parametrize(
    "change",
    [
        {"issued_ms": "1"},
        {"issued_ms": True},
        {"issued_ms": -1},
        {"issued_ms": 1 << 70},
        {"nonce": 7},
        {"device": None},
        {"more": "x"},
    ],
)
def test_signed_claims_of_another_shape_are_malformed(change: dict[str, Any]) -> None:
    assert verify(forge(canonical.encode({**claims(), **change}))) is Fault.MALFORMED


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"{", b"\xff", b"[" * 900, b"1.5", b'{"a":1,"a":1}']
)
def test_signed_junk_is_malformed(payload: bytes) -> None:
    assert verify(forge(payload)) is Fault.MALFORMED


def test_a_second_form_of_the_same_claims_is_malformed() -> None:
    assert verify(forge(json.dumps(claims()).encode())) is Fault.MALFORMED


def test_a_signature_for_another_purpose_is_no_token() -> None:
    payload = base64.urlsafe_b64decode(TOKEN.partition(".")[0] + "==")
    other = KEY.sign(payload)
    text = TOKEN.partition(".")[0] + "." + base64.urlsafe_b64encode(other).rstrip(b"=").decode()
    assert verify(text) is Fault.BAD_SIGNATURE


def test_a_request_too_long_to_be_read_is_not_signed() -> None:
    with pytest.raises(ValueError, match="longer"):
        tokens.issue("device-1", "GET", "/" + "x" * 2000, b"", NOW, "n", KEY)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_no_junk_makes_it_stumble(token: str) -> None:
    assert isinstance(verify(token), Fault)
