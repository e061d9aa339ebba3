"""Passwords: argon2id (RFC 9106), and which are too weak (NIST SP 800-63B-4, 3.1.1).

No rules of composition, no expiry: length, and not one that guessers try first. Hashes of an
earlier version (scrypt, RFC 7914) are still verified, and replaced at the next sign-in.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from enum import StrEnum, unique
from functools import cache
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kiosk.ports import Ids
from sync.central.people.common import COMMON

LEAST_PASSWORD = 12  # characters, beside a second factor
LEAST_ALONE = 15  # where the password is all there is
LONGEST_PASSWORD = 256
_SCRYPT_MEMORY = 64 << 20
_SALT_BITS = 128


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess takes. 64 MiB and three passes are RFC 9106's second choice, on one lane:
    about a tenth of a second of one core."""

    passes: int = 3
    memory_kib: int = 64 << 10


COST = Cost()


@unique
class Weak(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    COMMON = "common"
    PATTERN = "pattern"  # a run, a row of keys, something said again and again
    NAMED = "named"  # mostly the person's, the tenant's or the product's name


def _hasher(cost: Cost) -> PasswordHasher:
    return PasswordHasher(
        time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1, hash_len=32
    )


@cache
def _nobody(cost: Cost) -> str:
    """Compared where the name is unknown, so that guessing names takes as long as guessing
    passwords."""
    return _hasher(cost).hash("nobody", salt=bytes(_SALT_BITS // 8))


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def hash_password(password: str, ids: Ids) -> str:
    salt = ids.token(_SALT_BITS).to_bytes(_SALT_BITS // 8)
    return _hasher(COST).hash(_normal(password), salt=salt)


def password_fits(password: str, kept: str) -> bool:
    """Costs the same where `kept` is "" (no such person, or one without a password)."""
    if kept.startswith("scrypt$"):
        return _scrypt_fits(password, kept)
    try:
        _hasher(COST).verify(kept or _nobody(COST), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept) and len(password) <= LONGEST_PASSWORD


def _scrypt_fits(password: str, kept: str) -> bool:
    _, n, r, p, salt, digest = kept.split("$")
    made = hashlib.scrypt(
        password.encode("utf-8", "replace"),
        salt=base64.b64decode(salt),
        n=int(n),
        r=int(r),
        p=int(p),
        maxmem=_SCRYPT_MEMORY,
        dklen=32,
    )
    return hmac.compare_digest(made, base64.b64decode(digest))


def is_outdated(kept: str) -> bool:
    """Whether a hash is to be made anew now that the password is at hand."""
    return kept.startswith("scrypt$") or _hasher(COST).check_needs_rehash(kept)


def weakness(password: str, least: int, named: tuple[str, ...] = ()) -> Weak | None:
    """Why it is not taken, or None. `named` are words that anybody would try for this person."""
    plain = unicodedata.normalize("NFC", password).casefold()
    if len(plain) < least:
        return Weak.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return Weak.TOO_LONG
    if _is_pattern(plain):
        return Weak.PATTERN
    if plain in COMMON or _stem(plain) in COMMON:
        return Weak.COMMON
    words = {*named, "takeback"}
    if any(len(word) > 2 and _without(plain, word.casefold()) < 6 for word in words):
        return Weak.NAMED
    return None


_LOOK_ALIKES = str.maketrans("4@301$57", "aaeoisst")
_ROWS = ("qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")


def _stem(plain: str) -> str:
    """What is left without the digits and signs that people put around a word: P4ssword!2026."""
    kept = plain.rstrip("0123456789!?.,-_#*$%&+ ").lstrip("0123456789!?.,-_#*$%&+ ")
    return kept.translate(_LOOK_ALIKES)


def _without(plain: str, word: str) -> int:
    """How many letters and digits are left when a word is taken out."""
    return sum(sign.isalnum() for sign in plain.replace(word, ""))


def _is_pattern(plain: str) -> bool:
    """Made of a short piece said again, or of runs (abcdef, 98765, a row of keys)."""
    if any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, 5)):
        return True
    steps = [_follows(a, b) for a, b in pairwise(plain)]
    return sum(steps) >= 0.75 * len(steps)


def _follows(a: str, b: str) -> bool:
    if abs(ord(a) - ord(b)) <= 1:
        return True
    return any(a + b in row or b + a in row for row in _ROWS)


def make_password(ids: Ids) -> str:
    """Sixteen characters, 80 bits, without look-alikes."""
    return spelled(ids.token(80), 16)


def spelled(value: int, length: int) -> str:
    """Random bits as a person may type them: groups of four out of 32 signs."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    text = "".join(alphabet[value >> 5 * i & 31] for i in range(length))
    return "-".join(text[i : i + 4] for i in range(0, length, 4))
