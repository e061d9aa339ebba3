"""What a driver's app takes along from our screen, signed with the device's key (Ed25519).

`RH1:` + Base45(COSE_Sign1) is a hand-over: the manifest, the digest of its frozen list
(kiosk.domain.counter.listed) and how much went. `RD1:` + the same is a delivery: how many parcels
of a round were taken and how many refused. Both fit one QR code in its alphanumeric mode; whoever
has the device's public key proves them offline, as they prove receipts. Each has a purpose of its
own, so that neither passes for the other, nor for a receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from kiosk.domain.codes import base45
from kiosk.domain.codes.foreign import DELIVERY, HAND_OVER
from kiosk.domain.counter.listed import Counts
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import cose
from kiosk.seal.keys import SigningKey

LONGEST_TEXT: Final = 900
_PURPOSES: Final = {
    HAND_OVER: b"takeback hand-over v1",
    DELIVERY: b"takeback delivery v1",
}
_DEVICE, _SUBJECT, _AT = 1, 2, 6  # iss, sub, iat of RFC 8392
# Private use; of a hand-over the first six, of a delivery the carrier and the last two.
_CARRIER, _DIGEST, _CONTAINERS, _BAGS, _PARCELS, _LOOSE, _TAKEN, _REFUSED = range(
    -70011, -70019, -1
)
_DIGEST_BYTES = 32
_LAST_SECOND = 253_402_300_799
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HandOverClaims:
    """One signed manifest. `digest` is the SHA-256 of its list in hex; `signed_at` is kept to the
    second, UTC."""

    device_id: str
    manifest_id: str
    carrier: str
    digest: str
    counts: Counts
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryClaims:
    """What a shop took from a round; `round_id` and `carrier` are "" where no driver's code was
    shown."""

    device_id: str
    carrier: str
    round_id: str
    taken: int
    refused: int
    received_at: datetime


def issue_hand_over(claims: HandOverClaims, key: SigningKey) -> str:
    """The text of the QR code on the driver's side of the screen and on the paper."""
    return _issued(
        HAND_OVER,
        {
            _DEVICE: claims.device_id,
            _SUBJECT: claims.manifest_id,
            _AT: int(claims.signed_at.timestamp()),
            _CARRIER: claims.carrier,
            _DIGEST: bytes.fromhex(claims.digest),
            _CONTAINERS: claims.counts.containers,
            _BAGS: claims.counts.bags,
            _PARCELS: claims.counts.parcels,
            _LOOSE: claims.counts.loose,
        },
        key,
    )


def issue_delivery(claims: DeliveryClaims, key: SigningKey) -> str:
    """The text of the QR code at the end of a delivery."""
    return _issued(
        DELIVERY,
        {
            _DEVICE: claims.device_id,
            _SUBJECT: claims.round_id,
            _AT: int(claims.received_at.timestamp()),
            _CARRIER: claims.carrier,
            _TAKEN: claims.taken,
            _REFUSED: claims.refused,
        },
        key,
    )


def verify_hand_over(text: str, public: bytes) -> HandOverClaims | Reason:
    """The claims, if the device with this public key made them; CODE_UNREADABLE for what is no
    hand-over, CODE_FORGED for one that is not this device's. Never raises."""
    said = _verified(HAND_OVER, text, public)
    return said if isinstance(said, Reason) else _hand_over(said) or Reason(Why.CODE_FORGED)


def verify_delivery(text: str, public: bytes) -> DeliveryClaims | Reason:
    """As `verify_hand_over`, of a delivery."""
    said = _verified(DELIVERY, text, public)
    return said if isinstance(said, Reason) else _delivery(said) or Reason(Why.CODE_FORGED)


def _issued(prefix: str, said: Mapping[int, object], key: SigningKey) -> str:
    return prefix + base45.encode(cose.seal(cose.encode(said), key, _PURPOSES[prefix]))


def _verified(prefix: str, text: str, public: bytes) -> Mapping[int, object] | Reason:
    if not text.startswith(prefix) or len(text) > LONGEST_TEXT:
        return Reason(Why.CODE_UNREADABLE)
    try:
        sign1 = cose.split(base45.decode(text.removeprefix(prefix)))
    except ValueError:
        return Reason(Why.CODE_UNREADABLE)
    if sign1 is None:
        return Reason(Why.CODE_UNREADABLE)
    if not cose.verified_by(sign1, public, _PURPOSES[prefix]):
        return Reason(Why.CODE_FORGED)
    try:
        said = cose.decode(sign1.payload)
    except ValueError:
        return Reason(Why.CODE_FORGED)
    return said if isinstance(said, Mapping) else Reason(Why.CODE_FORGED)


def _hand_over(said: Mapping[int, object]) -> HandOverClaims | None:
    texts = _texts(said, (_DEVICE, _SUBJECT, _CARRIER))
    numbers = _numbers(said, (_CONTAINERS, _BAGS, _PARCELS, _LOOSE))
    at, digest = _moment(said), said.get(_DIGEST)
    if texts is None or numbers is None or at is None or len(said) != 9:
        return None
    if not isinstance(digest, bytes) or len(digest) != _DIGEST_BYTES:
        return None
    device, manifest, carrier = texts
    return HandOverClaims(device, manifest, carrier, digest.hex(), Counts(*numbers), at)


def _delivery(said: Mapping[int, object]) -> DeliveryClaims | None:
    texts = _texts(said, (_DEVICE, _CARRIER, _SUBJECT))
    numbers, at = _numbers(said, (_TAKEN, _REFUSED)), _moment(said)
    if texts is None or numbers is None or at is None or len(said) != 6:
        return None
    device, carrier, round_id = texts
    taken, refused = numbers
    return DeliveryClaims(device, carrier, round_id, taken, refused, at)


def _texts(said: Mapping[int, object], keys: tuple[int, ...]) -> list[str] | None:
    found = [text for key in keys if isinstance(text := said.get(key), str)]
    return found if len(found) == len(keys) else None


def _numbers(said: Mapping[int, object], keys: tuple[int, ...]) -> list[int] | None:
    found = [
        number
        for key in keys
        if isinstance(number := said.get(key), int) and not isinstance(number, bool) and number >= 0
    ]
    return found if len(found) == len(keys) else None


def _moment(said: Mapping[int, object]) -> datetime | None:
    seconds = _numbers(said, (_AT,))
    if seconds is None or seconds[0] > _LAST_SECOND:
        return None
    return _EPOCH + timedelta(seconds=seconds[0])
