"""Ed25519 keys (RFC 8032): the only signature algorithm anywhere in the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

PRIVATE_BYTES = 32
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the name others know it by. `private` is the 32-byte seed and is kept out
    of every repr. ValueError for a seed of another length."""

    kid: str
    private: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.private) != PRIVATE_BYTES:
            raise ValueError(f"an Ed25519 seed has {PRIVATE_BYTES} bytes")

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return _private(self.private).public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """64 bytes."""
        return _private(self.private).sign(data)


def verify(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the holder of `public` signed `data`. A key or signature that is none is False."""
    try:
        _public(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=16)  # taking a seed in takes longer than signing with it
def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


@lru_cache(maxsize=256)
def _public(raw: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw)
