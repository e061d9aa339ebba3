"""COSE_Sign1 (RFC 9052) with Ed25519 in one exact form, so that nothing unverified is decoded.

    18([ h'{1: -8, 4: kid}', {}, payload, signature ])        deterministic CBOR (RFC 8949, 4.2)

The bytes have one possible shape: tag, array of four, three byte strings and an empty map. It is
taken apart by comparing bytes; the protected header is compared with the one expected for a
pinned key, never read. So the algorithm cannot be chosen by the sender, a key in a header is
refused, and no depth, duplicate or tag reaches a decoder before the signature holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cbor2

from kiosk.domain.quick import quick
from kiosk.seal import keys
from kiosk.seal.exact import BYTES, byte_string, head, read_string
from kiosk.seal.keys import SigningKey

EDDSA = -8
_HEAD = b"\xd2\x84"  # tag 18, array of four
_NO_UNPROTECTED = b"\xa0"
_OF_SIGNATURE = head(BYTES, keys.SIGNATURE_BYTES)
_SIGNATURE_1 = b"\x84\x6aSignature1"  # array of four, of which the first says what is signed


def encode(value: object) -> bytes:
    """Deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> object:
    """Deterministic CBOR of depth two at most; ValueError for anything else."""
    try:
        value: object = cbor2.loads(
            data, max_depth=2, allow_indefinite=False, allow_duplicate_keys=False
        )
        if encode(value) == data:
            return value
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise ValueError("no CBOR of ours") from error
    raise ValueError("not in its deterministic form")


@quick
@dataclass(frozen=True, slots=True)
class Sign1:
    """The parts of an envelope, none of them verified."""

    protected: bytes
    payload: bytes
    signature: bytes


@lru_cache(maxsize=1024)  # every pinned key's is compared with every code held up
def header(kid: str) -> bytes:
    """The protected header of a key: its algorithm and its name, nothing else."""
    return encode({1: EDDSA, 4: kid.encode()})


def to_be_signed(protected: bytes, payload: bytes, external: bytes) -> bytes:
    """Sig_structure (RFC 9052, 4.4). `external` keeps two kinds of envelope apart."""
    return _SIGNATURE_1 + byte_string(protected) + byte_string(external) + byte_string(payload)


def seal(payload: bytes, key: SigningKey, external: bytes = b"") -> bytes:
    """A signed envelope around `payload`."""
    protected = header(key.kid)
    signature = key.sign(to_be_signed(protected, payload, external))
    told = byte_string(protected) + _NO_UNPROTECTED + byte_string(payload)
    return _HEAD + told + byte_string(signature)


def split(data: bytes) -> Sign1 | None:
    """Take an envelope apart by its bytes; None if it has any other shape."""
    if not data.startswith(_HEAD):
        return None
    try:
        protected, at = read_string(data, len(_HEAD), BYTES)
        if not data.startswith(_NO_UNPROTECTED, at):
            return None
        payload, at = read_string(data, at + len(_NO_UNPROTECTED), BYTES)
    except ValueError:
        return None
    begin = at + len(_OF_SIGNATURE)
    if not data.startswith(_OF_SIGNATURE, at) or len(data) != begin + keys.SIGNATURE_BYTES:
        return None
    return Sign1(protected, payload, data[begin:])


def verified(sign1: Sign1, kid: str, public: bytes, external: bytes = b"") -> bool:
    """Whether this key, under this name, signed the envelope."""
    if sign1.protected != header(kid):
        return False
    signed = to_be_signed(sign1.protected, sign1.payload, external)
    return keys.verify(public, sign1.signature, signed)


def verified_by(sign1: Sign1, public: bytes, external: bytes = b"") -> bool:
    """Whether this key signed the envelope, under whatever name.

    For a caller that already knows whose key it must be. The header must still be of the one
    shape: algorithm EdDSA and a name.
    """
    prefix = header("")[:-1]  # up to the name's own length
    if not sign1.protected.startswith(prefix):
        return False
    try:
        _, end = read_string(sign1.protected, len(prefix), BYTES)
    except ValueError:
        return False
    if end != len(sign1.protected):
        return False
    signed = to_be_signed(sign1.protected, sign1.payload, external)
    return keys.verify(public, sign1.signature, signed)
