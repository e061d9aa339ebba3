"""One link of a kiosk's chain, sworn to: by the kiosk (a head) or by the centre (an anchor).

Whoever signed "event 17 of this epoch has this hash, and it was this time" can neither take it
back nor show another history later. What is signed is DSSE's PAE of the statement's type and the
canonical JSON of all fields but `kid` and `signature`, with Ed25519 (RFC 8032).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.domain import canonical, chain
from kiosk.seal import envelope, keys
from kiosk.seal.keys import SIGNATURE_BYTES, SigningKey


class Kind(StrEnum):
    """Who speaks. A head never passes for an anchor, nor the other way round."""

    HEAD = "application/vnd.takeback.head.v1+json"  # the kiosk, with its device key
    ANCHOR = "application/vnd.takeback.anchor.v1+json"  # the centre, with a key of its bundles


class Fault(StrEnum):
    """Why a statement is not believed."""

    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"


@dataclass(frozen=True, slots=True)
class Sworn:
    """`chain` is the hash of event `sequence` of `epoch`, in hex; `time` the speaker's clock in
    the form of `kiosk.domain.chain.moment`; `signature` 64 bytes in lower-case hex by key `kid`."""

    device: str
    epoch: str
    sequence: int
    chain: str
    time: str
    kid: str
    signature: str


def swear(
    kind: Kind,
    key: SigningKey,
    device: str,
    epoch: str,
    sequence: int,
    link: str,
    at: datetime,
) -> Sworn:
    """`at` is an aware instant."""
    unsigned = Sworn(device, epoch, sequence, link, chain.moment(at), key.kid, "")
    return Sworn(
        device,
        epoch,
        sequence,
        link,
        unsigned.time,
        key.kid,
        key.sign(_signed(kind, unsigned)).hex(),
    )


def fault(kind: Kind, told: Sworn, known: Mapping[str, bytes]) -> Fault | None:
    """None where one of `known` (name -> raw public key) said exactly this. Never raises."""
    public = known.get(told.kid)
    if public is None:
        return Fault.UNKNOWN_KEY
    return None if holds(kind, told, public) else Fault.BAD_SIGNATURE


def holds(kind: Kind, told: Sworn, public: bytes) -> bool:
    """Whether the holder of this key said exactly this, in its one form."""
    try:
        signature = bytes.fromhex(told.signature)
        signed = _signed(kind, told)
        one_form = chain.moment(told.time) == told.time and signature.hex() == told.signature
    except (ValueError, OverflowError):
        return False
    return one_form and len(signature) == SIGNATURE_BYTES and keys.verify(public, signature, signed)


def _signed(kind: Kind, told: Sworn) -> bytes:
    said = {
        "device": told.device,
        "epoch": told.epoch,
        "sequence": told.sequence,
        "chain": told.chain,
        "time": told.time,
    }
    return envelope.pae(kind.value, canonical.encode(said))
