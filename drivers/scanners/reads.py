"""What a decoder found in a picture, and which of several findings to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drivers.scanners.formats import BY_SYMBOLOGY, Proof
from kiosk.ports import Symbology

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Key = tuple[Symbology, bytes]
Keys = frozenset[Key]


@dataclass(frozen=True, slots=True)
class Read:
    """One code in one picture. `quad` are its corners in pixels of that picture, in reading order.

    `quality` is 1.0 when the bare picture was enough and falls with each further attempt it took.
    """

    symbology: Symbology
    aim: str
    text: str
    raw: bytes
    quad: Quad
    quality: float = 1.0

    @property
    def key(self) -> Key:
        """What makes two reads the same code."""
        return self.symbology, self.raw

    @property
    def proof(self) -> Proof:
        return BY_SYMBOLOGY[self.symbology].proof


def check_digit_holds(digits: bytes) -> bool:
    """The GS1 check digit (General Specifications, 7.9): weights 3 and 1 from the right."""
    if not digits.isdigit():
        return False
    total = sum((digit - 48) * (3, 1)[i % 2] for i, digit in enumerate(reversed(digits[:-1])))
    return (10 - total % 10) % 10 == digits[-1] - 48


def sure(read: Read) -> bool:
    """May this read be acted upon without a second opinion?"""
    match read.proof:
        case Proof.ONE_READ:
            return True
        case Proof.ITF_14:
            return len(read.raw) == 14 and check_digit_holds(read.raw)
        case Proof.TWO_READS:
            return False


def hopeless(read: Read) -> bool:
    """A read that no second opinion can save: an ITF of the wrong length is stable, yet wrong."""
    return (read.proof is Proof.ITF_14 and not sure(read)) or not read.raw


def box(quad: Quad) -> tuple[float, float, float, float]:
    """Upright rectangle around the corners: left, top, right, bottom."""
    xs, ys = [p[0] for p in quad], [p[1] for p in quad]
    return min(xs), min(ys), max(xs), max(ys)


def overlap(first: Quad, second: Quad) -> float:
    """Shared area as a part of the smaller one's area, 0 to 1."""
    a, b = box(first), box(second)
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    smaller = min((r[2] - r[0]) * (r[3] - r[1]) for r in (a, b))
    return min(1.0, width * height / max(smaller, 1.0))


def _rank(read: Read) -> tuple[bool, float]:
    left, top, right, bottom = box(read.quad)
    return sure(read), min(right - left, bottom - top)


def untangle(reads: Iterable[Read]) -> list[Read]:
    """Of reads that lie on each other keep the surer, then the one that spans more rows: a short
    code found in a few rows of a longer one, or in the texture of a 2-D code, is a phantom."""
    kept: list[Read] = []
    for read in sorted((r for r in reads if not hopeless(r)), key=_rank, reverse=True):
        if not any(read.key == other.key or overlap(read.quad, other.quad) > 0.5 for other in kept):
            kept.append(read)
    return kept


class Agreement:
    """Two reads that say the same, within a second of each other, prove what one does not."""

    def __init__(self, within_s: float = 1.0) -> None:
        self._within_s = within_s
        self._pending: dict[Key, float] = {}

    def admit(self, reads: Iterable[Read], at: float) -> list[Read]:
        """The reads that stand, given those seen before. `at` in seconds, never running back;
        reads of one look count once."""
        fresh = {k: seen for k, seen in self._pending.items() if at - seen <= self._within_s}
        stand, now = [], dict(fresh)
        for read in reads:
            if sure(read) or read.key in fresh:
                stand.append(read)
            if not sure(read):
                now[read.key] = at
        self._pending = now
        return stand

    @property
    def waiting(self) -> Keys:
        """The codes that were read once, or again, in the last look and need two reads."""
        return frozenset(self._pending)

    def forget(self) -> None:
        self._pending.clear()
