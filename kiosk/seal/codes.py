"""Signed return codes: a CWT (RFC 8392) in a COSE_Sign1, as `RK1:` and Base45.

Claims: iss 1 merchant, sub 2 return, aud 3 network, exp 4 and iat 6 (seconds since 1970),
cti 7 the code's single-use id. Exactly these, every one needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.codes import base45, signed
from kiosk.domain.policy.bundle import CodeKey
from kiosk.domain.quick import quick
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose
from kiosk.seal.exact import BYTES, MAP, TEXT, UNSIGNED, head, read_head
from kiosk.seal.keys import SigningKey

TOLERANCE = timedelta(seconds=60)  # how far two honest clocks may be apart
LONGEST_TEXT = 128

# The keys of the claims as they stand in the map, and in this order.
_ISS, _SUB, _AUD, _EXP, _IAT, _CTI = 1, 2, 3, 4, 6, 7
_CLAIMS = (
    *((_ISS, TEXT), (_SUB, TEXT), (_AUD, TEXT)),
    *((_EXP, UNSIGNED), (_IAT, UNSIGNED), (_CTI, BYTES)),
)
_SIX = head(MAP, 6)
_TOO_LATE = 253_402_300_800  # the first second after 9999
_FORGED = Reason(Why.CODE_FORGED)


@quick
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
    """As `Pinned.verify`, for whoever checks a code now and then."""
    return Pinned(code_keys).verify(data, audience, now)


def claimed(data: bytes) -> ReturnClaims | None:
    """What a code says of itself, whoever made it: to look it up for somebody who may see every
    return anyhow. Never a reason to believe it; that is `verify`. Never raises."""
    sign1 = cose.split(data) if len(data) <= signed.LONGEST else None
    return None if sign1 is None else _read(sign1.payload)


class Pinned:
    """The keys of a bundle, found by the one header that a code of theirs bears. Immutable."""

    def __init__(self, code_keys: Sequence[CodeKey]) -> None:
        self._by_header: dict[bytes, list[tuple[bytes, CodeKey]]] = {}
        for key in code_keys:
            listed = self._by_header.setdefault(cose.header(key.kid), [])
            listed.append((_raw(key.public), key))

    def verify(self, data: bytes, audience: str, now: datetime) -> ReturnClaims | Reason:
        """The claims of a code that one of the pinned keys signed, or why it is not good.

        The signature comes first; nothing of an unverified payload is looked at. Never raises.
        CODE_FORGED: no shape of ours, no key of ours, an unknown name, a merchant that is not the
        key's, a code made outside its key's time. CODE_FOREIGN: good, for another network.
        """
        sign1 = cose.split(data) if len(data) <= signed.LONGEST else None
        if sign1 is None:
            return _FORGED
        signers = self._signers(sign1)
        claims = _read(sign1.payload) if signers else None
        if claims is None:
            return _FORGED
        first: ReturnClaims | Reason | None = None
        for key in signers:  # several merchants may list one key: only the issuer's entry counts
            if key.merchant_id == claims.issuer:
                judged = _judge(claims, key, audience, now)
                if judged is claims:
                    return claims
                first = first or judged
        return first or _FORGED

    def _signers(self, sign1: cose.Sign1) -> list[CodeKey]:
        """Every entry whose key signed it; a key that several merchants list is tried once."""
        tried: dict[bytes, bool] = {}
        found = []
        for public, key in self._by_header.get(sign1.protected, ()):
            if public not in tried:
                tried[public] = cose.verified(sign1, key.kid, public)
            if tried[public]:
                found.append(key)
        return found


def _raw(public: str) -> bytes:
    try:
        return bytes.fromhex(public)
    except ValueError:
        return b""


def _read(payload: bytes) -> ReturnClaims | None:
    """A map of just these claims, in deterministic CBOR; None for anything else."""
    if not payload.startswith(_SIX):
        return None
    at = len(_SIX)
    texts: list[str] = []
    instants: list[datetime] = []
    try:
        for claim, major in _CLAIMS:
            if payload[at] != claim:
                return None
            value, at = read_head(payload, at + 1, major)
            if major is UNSIGNED:
                instants.append(datetime.fromtimestamp(min(value, _TOO_LATE), UTC))
                continue
            begin, at = at, at + value
            text = payload[begin:at].decode()
            if not 0 < len(text) <= LONGEST_TEXT:
                return None
            texts.append(text)
    except (IndexError, ValueError):  # cut off; no UTF-8; a second that no calendar knows
        return None
    if at != len(payload):
        return None
    issuer, return_id, audience, code_id = texts
    expires_at, issued_at = instants
    return ReturnClaims(issuer, audience, issued_at, expires_at, code_id, return_id)


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
