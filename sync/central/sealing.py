"""Secrets that must be known again, unreadable in the database: second factors, webhooks' keys.

AES-256-GCM with a key from a file beside the database's machine, never in it. What is kept is
`s1:<kid>:<base64 of nonce and ciphertext>`; what it belongs to is associated data, so a value that
is put into another row is worth nothing there. The first key of the file seals; the others open
what was sealed before, until the next start has sealed it anew. Without a file secrets are kept as
they are, and the centre says so when it starts.

Passwords, recovery codes, sessions and machines' keys are kept as hashes and need none of this.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kiosk.ports import Ids

OPTION: Final = "takeback_secrets"
"""Under which every connection of a Database names its Secrets."""
SECOND_FACTOR: Final = "second factor"
WEBHOOK: Final = "webhook"
PEPPER: Final = "counter pepper"
NOTICE: Final = "notice"
CONTACT: Final = "notice contact"
CHANNEL: Final = "notice channel"
REFUSALS: Final = "notice pepper"
_FORM: Final = "s1"
_NONCE: Final = 12
_LINE: Final = re.compile(r"([A-Za-z0-9._-]{1,40})\s+([0-9a-f]{64})")


class Unreadable(Exception):
    """Sealed with a key that is not here, for another row, or changed."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Keys by id, each 32 bytes; the first one seals. None at all: nothing is sealed."""

    keys: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)

    def seal(self, plain: str, ids: Ids, what: str, whose: str) -> str:
        if not self.keys:
            return plain
        kid, key = self.keys[0]
        nonce = ids.token(8 * _NONCE).to_bytes(_NONCE)
        hidden = nonce + AESGCM(key).encrypt(nonce, plain.encode(), _of(kid, what, whose))
        return f"{_FORM}:{kid}:{base64.b64encode(hidden).decode()}"

    def open(self, kept: str, what: str, whose: str) -> str:
        """Raises Unreadable."""
        kid = kid_of(kept)
        if kid is None:
            return kept
        key = dict(self.keys).get(kid)
        if key is None:
            raise Unreadable(f"the key {kid} is not here")
        try:
            hidden = base64.b64decode(kept.split(":", 2)[2], validate=True)
            nonce, rest = hidden[:_NONCE], hidden[_NONCE:]
            return AESGCM(key).decrypt(nonce, rest, _of(kid, what, whose)).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise Unreadable(f"the {what} does not belong here, or was changed") from error


NONE: Final = Secrets()


def _of(kid: str, what: str, whose: str) -> bytes:
    return "\0".join(("takeback", _FORM, kid, what, whose)).encode()


def kid_of(kept: str) -> str | None:
    """By which key it was sealed; None where it was not. No secret of ours has a colon in it."""
    parts = kept.split(":", 2)
    return parts[1] if len(parts) == 3 and parts[0] == _FORM else None


def of(c: sa.Connection) -> Secrets:
    found = c.get_execution_options().get(OPTION, NONE)
    assert isinstance(found, Secrets)
    return found


def parse(text: str) -> Secrets:
    """A key a line: its id and 64 hex digits; what begins with # is a comment. Raises ValueError,
    which tells no key."""
    lines = [line.strip() for line in text.splitlines()]
    told = [(number, line) for number, line in enumerate(lines, 1) if line and line[0] != "#"]
    keys: list[tuple[str, bytes]] = []
    for number, line in told:
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"line {number} is not an id and 64 hex digits")
        if found[1] in dict(keys):
            raise ValueError(f"line {number} names {found[1]} again")
        keys.append((found[1], bytes.fromhex(found[2])))
    if not keys:
        raise ValueError("there is no key in it")
    return Secrets(tuple(keys))
