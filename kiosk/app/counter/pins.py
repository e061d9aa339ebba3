"""PINs by argon2id (kiosk.seal.pins), with salts of the machine's own."""

from __future__ import annotations

from functools import cached_property

from kiosk.ports import Ids
from kiosk.seal import pins


class SealedPins:
    """kiosk.ports.Pins. A check takes about a twentieth of a second; it gives the interpreter lock
    away meanwhile."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    @cached_property
    def nobodys(self) -> str:
        return self.make(f"{self._ids.token(128):032x}")

    def make(self, pin: str) -> str:
        salt = self._ids.token(8 * pins.SALT_BYTES).to_bytes(pins.SALT_BYTES)
        return pins.make(pin, salt)

    def matches(self, verifier: str, pin: str) -> bool:
        return pins.matches(verifier, pin)
