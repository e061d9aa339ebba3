"""What is held of a PIN: an argon2id verifier (RFC 9106) as its own text (PHC string format).

One cost for all of them, the centre's start PINs and those that are chosen at a counter: what
costs more to check would tell who it belongs to. 19 MiB and two passes are the least that OWASP's
Password Storage Cheat Sheet takes; a small computer behind a counter does it in a tenth of a
second. What keeps six digits safe is the count of wrong tries, not the cost.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SALT_BYTES = 16
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 << 10, parallelism=1, hash_len=32)


def make(pin: str, salt: bytes) -> str:
    """A verifier. `salt`: 16 random bytes, never used twice. ValueError for another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return _HASHER.hash(pin.encode(), salt=salt)


def matches(verifier: str, pin: str) -> bool:
    """Whether it is the PIN of that verifier. False for a verifier that is none."""
    try:
        return _HASHER.verify(verifier, pin.encode())
    except (VerificationError, InvalidHashError, ValueError):
        return False
