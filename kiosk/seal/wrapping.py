"""Secrets that lie on a disk only under another key.

One 32-byte root key opens everything; what is used for one purpose is derived from it (HKDF with
SHA-256, RFC 5869), so that no two uses share a key. A wrapped secret is `NONCE || ciphertext` of
ChaCha20-Poly1305 (RFC 8439), bound to its name.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


def derive(root: bytes, purpose: str) -> bytes:
    """32 bytes for this purpose only. ValueError for a root of another length than 32 bytes."""
    if len(root) != KEY_BYTES:
        raise ValueError(f"a root key has {KEY_BYTES} bytes")
    info = f"takeback {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)


def wrap(root: bytes, name: str, secret: bytes, nonce: bytes) -> bytes:
    """The secret as it may lie on a disk. `nonce`: 12 random bytes, never used twice."""
    sealed = ChaCha20Poly1305(derive(root, "wrapping")).encrypt(nonce, secret, name.encode())
    return nonce + sealed


def unwrap(root: bytes, name: str, wrapped: bytes) -> bytes | None:
    """The secret; None for another root, another name and anything changed."""
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(derive(root, "wrapping")).decrypt(nonce, sealed, name.encode())
    except (InvalidTag, ValueError):
        return None
