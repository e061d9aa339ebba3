"""Signed envelopes (DSSE): opened only for a known key and the type that was asked for."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.seal import envelope
from kiosk.seal.envelope import Fault
from kiosk.seal.keys import SigningKey

TYPE = "application/vnd.takeback.manifest.v1+json"
OLD, NEW = SigningKey("old", bytes(32)), SigningKey("new", b"\1" * 32)
KEYS = {"old": OLD.public, "new": NEW.public}
SEALED = envelope.seal(b'{"number":7}', TYPE, NEW)


def changed(**changes: Any) -> bytes:
    return json.dumps({**json.loads(SEALED), **changes}).encode()


def test_the_encoding_is_the_one_of_the_standard() -> None:
    """The protocol's own example (secure-systems-lab/dsse, protocol.md)."""
    assert envelope.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_what_was_sealed_comes_out() -> None:
    assert envelope.open(SEALED, TYPE, KEYS) == b'{"number":7}'


@pytest.mark.parametrize("payload", [b"", b"\0\xff", bytes(100_000)])
def test_any_bytes_can_be_sealed(payload: bytes) -> None:
    assert envelope.open(envelope.seal(payload, TYPE, OLD), TYPE, KEYS) == payload


def test_one_good_signature_of_two_suffices() -> None:
    """While keys are being changed both sign; a kiosk that knows only one opens it."""
    first = json.loads(SEALED)
    second = json.loads(envelope.seal(b'{"number":7}', TYPE, OLD))
    both = changed(signatures=first["signatures"] + second["signatures"])
    for known in ({"old": OLD.public}, {"new": NEW.public}, KEYS):
        assert envelope.open(both, TYPE, known) == b'{"number":7}'


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.MALFORMED),
        (b"\xff", Fault.MALFORMED),
        (b"<html>", Fault.MALFORMED),
        (b"[]", Fault.MALFORMED),
        (b"{}", Fault.MALFORMED),
        (b"[" * 100_000, Fault.MALFORMED),
        (changed(payload=7), Fault.MALFORMED),
        (changed(payload="%%%"), Fault.MALFORMED),
        (changed(payloadType=7), Fault.MALFORMED),
        (changed(signatures="none"), Fault.MALFORMED),
        (changed(signatures=[{"sig": ""}]), Fault.MALFORMED),
        (changed(signatures=[{"keyid": 7, "sig": ""}]), Fault.MALFORMED),
        (changed(signatures=[{"keyid": "a", "sig": ""}] * 9), Fault.MALFORMED),
        (SEALED.replace(b'{"payload"', b'{"payload":"","payload"'), Fault.MALFORMED),
        (changed(payloadType="text/plain"), Fault.WRONG_TYPE),
        (changed(signatures=[]), Fault.UNKNOWN_KEY),
        (changed(signatures=[{"keyid": "new", "sig": ""}]), Fault.BAD_SIGNATURE),
        (changed(payload=base64.b64encode(b'{"number":8}').decode()), Fault.BAD_SIGNATURE),
        (b" " * (envelope.LONGEST + 1), Fault.TOO_LARGE),
    ],
)
def test_what_is_not_right_is_not_opened(data: bytes, fault: Fault) -> None:
    assert envelope.open(data, TYPE, KEYS) is fault


def test_an_unknown_key_opens_nothing() -> None:
    assert envelope.open(SEALED, TYPE, {"old": OLD.public}) is Fault.UNKNOWN_KEY
    assert envelope.open(SEALED, TYPE, {}) is Fault.UNKNOWN_KEY


def test_a_signature_under_another_keys_name_opens_nothing() -> None:
    assert envelope.open(SEALED, TYPE, {"new": OLD.public}) is Fault.BAD_SIGNATURE


def test_an_envelope_of_one_type_never_passes_for_another() -> None:
    relabelled = changed(payloadType="application/vnd.takeback.settings.v1+json")
    found = envelope.open(relabelled, "application/vnd.takeback.settings.v1+json", KEYS)
    assert found is Fault.BAD_SIGNATURE


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(SEALED)))
def test_no_junk_makes_it_stumble(junk: bytes, at: int) -> None:
    for data in (junk, SEALED[:at] + junk, SEALED[:at] + junk + SEALED[at:]):
        found = envelope.open(data, TYPE, KEYS)
        assert isinstance(found, Fault) or found == b'{"number":7}'
