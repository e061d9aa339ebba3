"""Signed return codes: a CWT (RFC 8392) in a COSE_Sign1, as `RK1:` and Base45.

Claims: iss 1 merchant, sub 2 return, aud 3 network, exp 4 and iat 6 (seconds since 1970),
cti 7 the code's single-use id. Exactly these, every one needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.codes import base45, signed
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose
from kiosk.seal.keys import SigningKey

TOLERANCE = timedelta(seconds=60)  # how far two honest clocks may be apart
LONGEST_TEXT = 128

_ISS, _SUB, _AUD, _EXP, _IAT, _CTI = 1, 2, 3, 4, 6, 7
_CLAIMS = {_ISS, _SUB, _AUD, _EXP, _IAT, _CTI}
_LAST_SECOND = 253_402_300_799  # 9999-12-31
_FORGED = Reason(Why.CODE_FORGED)


@dataclass(frozen=True, slots=True)
class ReturnClaims:
    """What a merchant says in a code. `issuer` is the merchant id; times are UTC, whole seconds;
    `code_id` is the single-use id (cti)."""

    issuer: str
    audience: str
    issued_at: datetime
    expires_at: datetime
    code_id: str
    return_id: str


def issue(claims: ReturnClaims, key: SigningKey) -> str:
    """The text of the QR code. ValueError if it would not fit a code the kiosk accepts."""
    payload = cose.encode(
        {
            _ISS: claims.issuer,
            _SUB: claims.return_id,
            _AUD: claims.audience,
            _EXP: int(claims.expires_at.timestamp()),
            _IAT: int(claims.issued_at.timestamp()),
            _CTI: claims.code_id.encode(),
        }
    )
    data = cose.seal(payload, key)
    if _read(payload) is None or len(data) > signed.LONGEST:
        raise ValueError("claims that no kiosk would accept")
    return signed.PREFIX + base45.encode(data)


def verify(
    data: bytes, code_keys: Sequence[CodeKey], audience: str, now: datetime
) -> ReturnClaims | Reason:
    """The claims of a code that one of the pinned keys signed, or why it is not good.

    The signature comes first; nothing of an unverified payload is looked at. Never raises.
    CODE_FORGED: no shape of ours, no key of ours, an unknown name, a merchant that is not the
    key's, a code made outside its key's time. CODE_FOREIGN: good, for another network.
    """
    sign1 = cose.split(data) if len(data) <= signed.LONGEST else None
    if sign1 is None:
        return _FORGED
    named = (key for key in code_keys if sign1.protected.endswith(key.kid.encode()))
    signers = [key for key in named if cose.verified(sign1, key.kid, _raw(key.public))]
    claims = _read(sign1.payload) if signers else None
    if claims is None:
        return _FORGED
    # One key may be listed for several merchants; only the issuer's own entry counts.
    judged = [
        _judge(claims, key, audience, now) for key in signers if key.merchant_id == claims.issuer
    ]
    good = (one for one in judged if isinstance(one, ReturnClaims))
    return next(good, judged[0] if judged else _FORGED)


def _raw(public: str) -> bytes:
    try:
        return bytes.fromhex(public)
    except ValueError:
        return b""


def _read(payload: bytes) -> ReturnClaims | None:
    try:
        claims = cose.decode(payload)
        if not isinstance(claims, Mapping) or set(claims) != _CLAIMS:
            return None
        return ReturnClaims(
            issuer=_text(claims[_ISS]),
            audience=_text(claims[_AUD]),
            issued_at=_instant(claims[_IAT]),
            expires_at=_instant(claims[_EXP]),
            code_id=_text(_bytes(claims[_CTI]).decode()),
            return_id=_text(claims[_SUB]),
        )
    except ValueError:  # a claim of another kind; UnicodeDecodeError is one too
        return None


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
        raise ValueError("no text")
    return value


def _bytes(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("no byte string")
    return value


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LAST_SECOND:
        raise ValueError("no second since 1970")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)


def _judge(
    claims: ReturnClaims, key: CodeKey, audience: str, now: datetime
) -> ReturnClaims | Reason:
    if claims.expires_at <= claims.issued_at:
        return _FORGED
    if not key.not_before <= claims.issued_at <= key.not_after:
        return _FORGED
    if claims.audience != audience:
        return Reason(Why.CODE_FOREIGN)
    if now < claims.issued_at - TOLERANCE:
        return Reason(Why.CODE_NOT_YET_VALID)
    ends = min(claims.expires_at, key.not_after)
    if now >= ends + TOLERANCE:
        expired_on = ends.astimezone(UTC).date().isoformat()
        return Reason(Why.CODE_EXPIRED, {"expired_on": expired_on})
    return claims
