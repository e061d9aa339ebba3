"""A device's proof of one request: short-lived, bound to method, path and body, single-use.

`base64url(claims) . base64url(signature)`, the claims in canonical JSON, signed as a DSSE payload
of a type of its own. The centre remembers each nonce for the token's life.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from kiosk.domain import canonical
from kiosk.seal import envelope, keys
from kiosk.seal.keys import SigningKey

TYPE = "application/vnd.takeback.token.v1+json"
LIFE = timedelta(minutes=5)
TOLERANCE = timedelta(seconds=60)
LONGEST = 2048

_NAMES = {"device", "method", "path", "body", "nonce", "issued_ms"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 253_402_300_799_000


class Fault(StrEnum):
    """Why a request is not believed."""

    MALFORMED = "malformed"
    BAD_SIGNATURE = "bad_signature"
    WRONG_REQUEST = "wrong_request"  # signed, for another method, path or body
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"  # made ahead of the centre's clock


@dataclass(frozen=True, slots=True)
class Claims:
    """A believed request. Refuse a `nonce` seen before, and keep it until `expires_at`."""

    device_id: str
    nonce: str
    issued_at: datetime
    expires_at: datetime


def issue(
    device_id: str, method: str, path: str, body: bytes, now: datetime, nonce: str, key: SigningKey
) -> str:
    """A token for this one request. `now` is an aware instant, `nonce` at least 64 random bits.
    ValueError for a request no verifier would accept."""
    claims = {
        "device": device_id,
        "method": method.upper(),
        "path": path,
        "body": hashlib.sha256(body).hexdigest(),
        "nonce": nonce,
        "issued_ms": (now - _EPOCH) // timedelta(milliseconds=1),
    }
    payload = canonical.encode(claims)
    token = f"{_base64(payload)}.{_base64(key.sign(envelope.pae(TYPE, payload)))}"
    if len(token) > LONGEST:
        raise ValueError("a token longer than a verifier reads")
    return token


def verify(
    token: str, public: bytes, method: str, path: str, body: bytes, now: datetime
) -> Claims | Fault:
    """Whether the device with this public key made this very request, in the last five minutes.
    Nothing is read before the signature holds. Never raises."""
    parts = _split(token)
    if parts is None:
        return Fault.MALFORMED
    payload, signature = parts
    if not keys.verify(public, signature, envelope.pae(TYPE, payload)):
        return Fault.BAD_SIGNATURE
    read = _read(payload)
    if read is None:
        return Fault.MALFORMED
    claims, request = read
    if request != (method.upper(), path, hashlib.sha256(body).hexdigest()):
        return Fault.WRONG_REQUEST
    if now < claims.issued_at - TOLERANCE:
        return Fault.NOT_YET_VALID
    return Fault.EXPIRED if now >= claims.expires_at else claims


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unbase64(text: str) -> bytes:
    """One text a byte string: what does not encode back to itself raises ValueError."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _base64(data) != text:
        raise ValueError("not in its one form")
    return data


def _split(token: str) -> tuple[bytes, bytes] | None:
    payload, dot, signature = token.partition(".")
    if len(token) > LONGEST or not dot:
        return None
    try:
        return _unbase64(payload), _unbase64(signature)
    except ValueError:
        return None


def _read(payload: bytes) -> tuple[Claims, tuple[str, str, str]] | None:
    try:
        found = json.loads(payload)
        if not isinstance(found, dict) or set(found) != _NAMES:
            return None
        if canonical.encode(found) != payload:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    issued = found.pop("issued_ms")
    if not all(isinstance(value, str) for value in found.values()):
        return None
    if isinstance(issued, bool) or not isinstance(issued, int) or not 0 <= issued <= _LAST_MS:
        return None
    at = _EPOCH + timedelta(milliseconds=issued)
    request = (found["method"], found["path"], found["body"])
    return Claims(found["device"], found["nonce"], at, at + LIFE), request
