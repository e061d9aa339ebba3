"""The receipt's proof: what a kiosk promised, verifiable without the kiosk.

`RP1:` and Base45 of a COSE_Sign1 over claims, signed by the device's key. The Sig_structure's
external data names the purpose, so that no other signature of that key passes for a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kiosk.domain.codes import base45
from kiosk.domain.codes.foreign import RECEIPT as PREFIX
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose
from kiosk.seal.exact import MAP, NEGATIVE, UNSIGNED, byte_string, head, text_string
from kiosk.seal.keys import SigningKey

PURPOSE = b"takeback receipt v1"
LONGEST_TEXT = 900
_DEVICE, _DROP, _COMMITTED = 1, 2, 6  # iss, sub, iat of RFC 8392
_NUMBER, _RETURN, _BAG, _LINK = -70001, -70002, -70003, -70004  # private use
_KEYS = {
    key: head(UNSIGNED, key) if key >= 0 else head(NEGATIVE, -1 - key)
    for key in (_DEVICE, _DROP, _COMMITTED, _NUMBER, _RETURN, _BAG, _LINK)
}
_TEXTS = (_DEVICE, _DROP, _NUMBER, _RETURN, _BAG)
_LINK_BYTES = 32
_LAST_SECOND = 253_402_300_799
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ReceiptClaims:
    """One committed drop. `bag_id` is "" where all was returnless; `committed_at` is kept to the
    second, UTC. `link` is the hash of the drop's event in the kiosk's chain, in hex
    (kiosk.domain.chain), so that the paper pins the history; "" on receipts of before."""

    device_id: str
    drop_id: str
    drop_number: str
    return_id: str
    bag_id: str
    committed_at: datetime
    link: str = ""


def issue(claims: ReceiptClaims, key: SigningKey) -> str:
    """The text of the receipt's QR code."""
    said = {
        _DEVICE: text_string(claims.device_id),
        _DROP: text_string(claims.drop_id),
        _COMMITTED: head(UNSIGNED, int(claims.committed_at.timestamp())),
        _NUMBER: text_string(claims.drop_number),
        _RETURN: text_string(claims.return_id),
        _BAG: text_string(claims.bag_id),
    }
    if claims.link:
        said[_LINK] = byte_string(bytes.fromhex(claims.link))
    return PREFIX + base45.encode(cose.seal(_written(said), key, PURPOSE))


def _written(said: Mapping[int, bytes]) -> bytes:
    """A map of items in CBOR; its keys are in the order of their bytes already."""
    return head(MAP, len(said)) + b"".join([_KEYS[key] + item for key, item in said.items()])


def verify(text: str, public: bytes) -> ReceiptClaims | Reason:
    """The claims, if the device with this public key made them; CODE_UNREADABLE for what is no
    receipt, CODE_FORGED for one that is not this device's. Never raises.

    The key's name is taken from the envelope as a hint only: the key is the caller's.
    """
    if not text.startswith(PREFIX) or len(text) > LONGEST_TEXT:
        return Reason(Why.CODE_UNREADABLE)
    try:
        sign1 = cose.split(base45.decode(text.removeprefix(PREFIX)))
    except ValueError:
        return Reason(Why.CODE_UNREADABLE)
    if sign1 is None:
        return Reason(Why.CODE_UNREADABLE)
    if not cose.verified_by(sign1, public, PURPOSE):
        return Reason(Why.CODE_FORGED)
    return _read(sign1.payload) or Reason(Why.CODE_FORGED)


def claimed(text: str) -> ReceiptClaims | None:
    """What a receipt says of itself, whoever made it: to look it up. Never a reason to believe
    it; that is `verify`. Never raises."""
    if not text.startswith(PREFIX) or len(text) > LONGEST_TEXT:
        return None
    try:
        sign1 = cose.split(base45.decode(text.removeprefix(PREFIX)))
    except ValueError:
        return None
    return None if sign1 is None else _read(sign1.payload)


def _read(payload: bytes) -> ReceiptClaims | None:
    try:
        claims = cose.decode(payload)
    except ValueError:
        return None
    if not isinstance(claims, Mapping) or {*claims, _LINK} != {*_TEXTS, _COMMITTED, _LINK}:
        return None
    link = claims.get(_LINK, b"")
    if not isinstance(link, bytes) or (_LINK in claims and len(link) != _LINK_BYTES):
        return None
    second = claims[_COMMITTED]
    if not all(isinstance(claims[key], str) for key in _TEXTS) or isinstance(second, bool):
        return None
    if not isinstance(second, int) or not 0 <= second <= _LAST_SECOND:
        return None
    return ReceiptClaims(
        device_id=claims[_DEVICE],
        drop_id=claims[_DROP],
        drop_number=claims[_NUMBER],
        return_id=claims[_RETURN],
        bag_id=claims[_BAG],
        committed_at=_EPOCH + timedelta(seconds=second),
        link=link.hex(),
    )
