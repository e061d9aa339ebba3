"""Signed bytes with a type: DSSE v1 (secure-systems-lab/dsse), JSON form, Ed25519.

What is signed is PAE(type, payload), so that an envelope of one type never passes for another.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum

from kiosk.seal import keys
from kiosk.seal.keys import SigningKey

LONGEST = 4 << 20
MOST_SIGNATURES = 8


class Fault(StrEnum):
    """Why an envelope was not opened."""

    TOO_LARGE = "too_large"
    MALFORMED = "malformed"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: lengths in front, so that nothing can shift."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def seal(payload: bytes, payload_type: str, key: SigningKey) -> bytes:
    """A JSON envelope in UTF-8."""
    return seal_by(payload, payload_type, (key,))


def seal_by(payload: bytes, payload_type: str, signers: Sequence[SigningKey]) -> bytes:
    """As `seal`, by several keys, so that whoever trusts one of them can open it. ValueError for
    none, or for more than an opener would look at."""
    if not 0 < len(signers) <= MOST_SIGNATURES:
        raise ValueError(f"an envelope has 1 to {MOST_SIGNATURES} signatures")
    signed = pae(payload_type, payload)
    return json.dumps(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": payload_type,
            "signatures": [
                {"keyid": key.kid, "sig": base64.b64encode(key.sign(signed)).decode()}
                for key in signers
            ],
        },
        separators=(",", ":"),
    ).encode()


def signers(data: bytes) -> tuple[str, ...]:
    """The key names on an envelope, unproven: for saying why it is not opened."""
    read = None if len(data) > LONGEST else _read(data)
    return () if read is None else tuple(kid for kid, _ in read[2])


def open(data: bytes, payload_type: str, keys: Mapping[str, bytes]) -> bytes | Fault:
    """The payload, if it is of this type and one of `keys` (name -> raw public key) signed it.

    One good signature of a known key suffices, so that keys can be changed with two in parallel.
    The payload is handed out only after that. Never raises.
    """
    if len(data) > LONGEST:
        return Fault.TOO_LARGE
    read = _read(data)
    if read is None:
        return Fault.MALFORMED
    found_type, payload, signatures = read
    if found_type != payload_type:
        return Fault.WRONG_TYPE
    return _check(pae(payload_type, payload), payload, signatures, keys)


def _check(
    signed: bytes, payload: bytes, signatures: list[tuple[str, bytes]], known: Mapping[str, bytes]
) -> bytes | Fault:
    fault = Fault.UNKNOWN_KEY
    for kid, signature in signatures:
        if kid in known:
            if keys.verify(known[kid], signature, signed):
                return payload
            fault = Fault.BAD_SIGNATURE
    return fault


def _read(data: bytes) -> tuple[str, bytes, list[tuple[str, bytes]]] | None:
    try:
        found = json.loads(data.decode(), object_pairs_hook=_once)
        signatures = [(one["keyid"], _unbase64(one["sig"])) for one in found["signatures"]]
        payload, kind = _unbase64(found["payload"]), found["payloadType"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = [kind, *(kid for kid, _ in signatures)]
    if len(signatures) > MOST_SIGNATURES or not all(isinstance(text, str) for text in texts):
        return None
    return kind, payload, signatures


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _unbase64(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError("base64 is text")
    return base64.b64decode(text, validate=True)
