"""What scanners with a decoder of their own send: a payload, maybe after its identifier."""

from __future__ import annotations

from drivers.scanners.formats import symbology_of
from drivers.scanners.zbar import text_of
from kiosk.ports import Scanned, Symbology

LONGEST = 7_200  # bytes; the largest QR code holds 7,089 digits
_PATIENCE_S = 1.0  # a scanner sends without a pause; older remains are of a scan that broke off


def scanned(payload: bytes, source: str, seen_at: float) -> Scanned | None:
    """A payload as a scan, with the identifier of ISO/IEC 15424 (`]C1`) split off where there is
    one; None for nothing at all."""
    aim = ""
    head = payload[:3]
    if len(head) == 3 and head[:1] == b"]" and head[1:2].isalpha() and head[2:].isalnum():
        aim, payload = head.decode("ascii"), payload[3:]
    if not payload:
        return None
    symbology = symbology_of(aim) if aim else Symbology.UNKNOWN
    return Scanned(text_of(payload), payload, symbology, aim, source, seen_at)


class Gathering:
    """Puts the pieces of a payload together until its end comes."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._last_at = float("-inf")
        self._too_long = False

    def add(self, piece: bytes, at: float) -> None:
        if at - self._last_at > _PATIENCE_S:
            self.clear()
        self._last_at = at
        self._too_long = self._too_long or len(self._bytes) + len(piece) > LONGEST
        if not self._too_long:
            self._bytes += piece

    def end(self, at: float) -> bytes:
        """The payload, empty when there is none, when it is stale or beyond every symbology."""
        fit = not self._too_long and at - self._last_at <= _PATIENCE_S
        payload = bytes(self._bytes) if fit else b""
        self.clear()
        return payload

    def clear(self) -> None:
        self._bytes.clear()
        self._too_long = False
