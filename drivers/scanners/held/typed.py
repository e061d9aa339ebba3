"""What scanners with a decoder of their own send: a payload, maybe after its identifier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from drivers.scanners.formats import symbology_of
from drivers.scanners.texts import text_of
from kiosk.ports import Scanned, Symbology

LONGEST = 7_200  # bytes; the largest QR code holds 7,089 digits
PATIENCE_S = 1.0  # a scanner sends without a pause; older remains are of a scan that broke off
SAME_AGAIN_S = 1.0  # a code must have been silent for so long to be news again
_STX, _ETX, _GS = b"\x02", b"\x03", b"\x1d"
_NOISE = b"\x00\x80\xc0\xe0\xf0\xf8\xfc\xfe\xff"  # what a line reads as while it settles
# Identifiers of GS1 data, in which `^]` can only stand for a separator: neither sign is of the
# character set that GS1 allows (General Specifications, figure 7.11-1).
_GS1 = frozenset({"]C1", "]e0", "]d2", "]Q3", "]J1", "]z1", "]L6"})


class End(StrEnum):
    """What told that a payload was complete."""

    ENTER = "enter"
    TAB = "tab"
    LINE = "line end"
    ETX = "etx"
    SILENCE = "silence"
    REPORT = "report"
    NONE = "none"  # it never came: the payload is not to be believed


@dataclass(frozen=True, slots=True)
class Sent:
    """One payload as a device sent it, and how it came.

    `whole` is False for what broke off, has a gap, or is longer than any code. Times in ms:
    `lasted` from the first to the last piece, `slowest` the longest pause between two. `keys` are
    the (code, value) events of a scanner that types, `ignored` how many of its keys mean nothing.
    """

    payload: bytes
    end: End
    whole: bool = True
    aim: str = ""  # where the device tells it apart from the payload
    lasted: float = 0.0
    slowest: float = 0.0
    pieces: int = 0
    ignored: int = 0
    keys: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """How an installation's scanner dresses its payloads: text that it puts in front or behind,
    and what it sends in place of a group separator."""

    before: bytes = b""
    after: bytes = b""
    separator: bytes = b""

    @classmethod
    def of(cls, options: Mapping[str, str | int | bool]) -> Form:
        """From the options `prefix`, `tail` and `separator`. Raises ValueError."""
        parts = [options.get(key, "") for key in ("prefix", "tail", "separator")]
        if not all(isinstance(part, str) for part in parts):
            raise ValueError("prefix, tail and separator are texts")
        return cls(*(str(part).encode() for part in parts))


def scanned(
    payload: bytes, source: str, seen_at: float, aim: str = "", form: Form | None = None
) -> Scanned | None:
    """A payload as a scan, with the identifier of ISO/IEC 15424 (`]C1`) split off where there is
    one; None for nothing at all."""
    form = form or Form()
    payload = _undressed(payload, form)
    if not aim:
        aim, payload = _split(payload)
        payload = payload.removeprefix(form.before)  # some put their prefix behind the identifier
    if form.separator:
        payload = payload.replace(form.separator, _GS)
    elif aim in _GS1:
        payload = payload.replace(b"^]", _GS)
    if not payload:
        return None
    symbology = symbology_of(aim) if aim else Symbology.UNKNOWN
    return Scanned(text_of(payload), payload, symbology, aim, source, seen_at)


def _undressed(payload: bytes, form: Form) -> bytes:
    """Without the noise of a line that was just plugged in, a framing STX and ETX, and what the
    installation says is no part of a code."""
    clean = payload.lstrip(_NOISE)
    payload = clean if _split(clean)[0] else payload.lstrip(b"\x00")
    if payload[:1] == _STX:
        payload = payload[1:].removesuffix(_ETX)
    return payload.removeprefix(form.before).removesuffix(form.after)


def _split(payload: bytes) -> tuple[str, bytes]:
    head = payload[:3]
    if len(head) == 3 and head[:1] == b"]" and head[1:2].isalpha() and head[2:].isalnum():
        return head.decode("ascii"), payload[3:]
    return "", payload


class Gathering:
    """Puts the pieces of a payload together until its end comes, and keeps the time."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._bytes = bytearray()
        self._keys: list[tuple[int, int]] = []
        self._first_at = self._last_at = float("-inf")
        self._slowest = 0.0
        self._pieces = self._ignored = 0
        self._spoilt = False

    @property
    def begun(self) -> bool:
        return self._pieces > 0 or self._spoilt

    @property
    def last_at(self) -> float:
        return self._last_at

    def key(self, code: int, value: int) -> None:
        """Remember a key event, for whoever wants to know how a payload was typed."""
        if len(self._keys) < 8 * LONGEST:
            self._keys.append((code, value))

    def add(self, piece: bytes, at: float) -> None:
        if self.begun:
            self._slowest = max(self._slowest, at - self._last_at)
        else:
            self._first_at = at
        self._last_at = at
        self._pieces += 1
        if len(self._bytes) + len(piece) > LONGEST:
            self._spoilt = True
        else:
            self._bytes += piece

    def ignore(self) -> None:
        self._ignored += 1

    def spoil(self, at: float) -> None:
        """Something of this payload was lost: it must not be believed."""
        if not self.begun:
            self._first_at = at
        self._last_at = at
        self._spoilt = True

    def stale(self, at: float) -> bool:
        return self.begun and at - self._last_at > PATIENCE_S

    def end(self, end: End) -> Sent | None:
        """The payload with its story; None where nothing had come."""
        if not self.begun:
            self.clear()
            return None
        sent = Sent(
            bytes(self._bytes),
            end,
            whole=not self._spoilt and end is not End.NONE,
            lasted=1000 * (self._last_at - self._first_at),
            slowest=1000 * self._slowest,
            pieces=self._pieces,
            ignored=self._ignored,
            keys=tuple(self._keys),
        )
        self.clear()
        return sent


class Again:
    """Holds back a code that a scanner keeps sending: one left with its trigger held, or on its
    stand with a label before it. It is news again after SAME_AGAIN_S without it."""

    def __init__(self) -> None:
        self._last: Scanned | None = None

    def is_news(self, scan: Scanned) -> bool:
        last, self._last = self._last, scan
        if last is None or replace(last, seen_at=scan.seen_at) != scan:
            return True
        return scan.seen_at - last.seen_at > SAME_AGAIN_S
