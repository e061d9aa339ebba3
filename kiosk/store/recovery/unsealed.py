"""Pages of an encrypted ledger, one by one: a page that was hit costs itself and no other.

SQLCipher 4 encrypts each page with AES-256-CBC; the end of the page keeps the start vector and a
check of 64 bytes (https://www.zetetic.net/sqlcipher/design/). The check is not made: what matters
is proven by the hash chain.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from kiosk.store import keys
from kiosk.store.recovery.pages import PAGE, Decipher

RESERVED = 80
_VECTOR = 16
_SALT = 16
_MAGIC = b"SQLite format 3\0"


def key_of(path: Path) -> bytes | None:
    """None for a plain file, or one that is not there. Raises StoreFailed where the key is not."""
    text = keys.key_text(path)
    return bytes.fromhex(text[2:-1]) if text else None


def decipher(key: bytes) -> Decipher:
    def plain(number: int, page: bytes) -> bytes:
        if len(page) != PAGE:
            return page
        start = _SALT if number == 1 else 0
        end = PAGE - RESERVED
        how = Cipher(algorithms.AES256(key), modes.CBC(page[end : end + _VECTOR])).decryptor()
        text = how.update(page[start:end]) + how.finalize()
        return (_MAGIC if number == 1 else b"") + text + bytes(RESERVED)

    return plain
