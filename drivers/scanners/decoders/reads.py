"""What a decoder found in a picture, and which of several findings to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from drivers.scanners.decoders.quads import Point, Quad, box, overlap, sides
from drivers.scanners.formats import BY_SYMBOLOGY, Proof
from kiosk.ports import Symbology

__all__ = ["Agreement", "Key", "Keys", "Point", "Quad", "Read", "Tally", "box", "overlap"]

# Characters of the shortest code that is believed: two of these stand in any texture of bars.
_LEAST = {Symbology.ITF: 4, Symbology.CODABAR: 6}

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

    @property
    def linear(self) -> bool:
        return BY_SYMBOLOGY[self.symbology].linear


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
        case Proof.ITF:
            return len(read.raw) == 14 and check_digit_holds(read.raw)
        case Proof.TWO_READS | Proof.ALONE:
            return False


def hopeless(read: Read) -> bool:
    """A read that no second opinion can save."""
    return len(read.raw) < _LEAST.get(read.symbology, 1)


def _rank(read: Read) -> tuple[bool, bool, float]:
    return sure(read), read.proof is not Proof.ALONE, min(sides(read.quad))


def untangle(reads: Iterable[Read]) -> list[Read]:
    """Of reads that lie on each other keep the surer, then the one that spans more rows: a short
    code found in a few rows of a longer one, or in the texture of a 2-D code, is a phantom."""
    kept: list[Read] = []
    for read in sorted((r for r in reads if not hopeless(r)), key=_rank, reverse=True):
        if not any(_in_the_way(read, other) for other in kept):
            kept.append(read)
    return kept


def tall(read: Read) -> Quad:
    """Corners of a read, those of bars made as high as they are long: what was read in a few rows
    says little about how high the bars are."""
    width, height = sides(read.quad)
    if not read.linear or height >= 0.9 * width:
        return read.quad
    a, b, c, d = read.quad
    ux, uy = (b[0] - a[0] + c[0] - d[0]) / 2, (b[1] - a[1] + c[1] - d[1]) / 2
    more = (0.9 - height / max(width, 1.0)) / 2
    vx, vy = -uy * more, ux * more
    down = (d[0] - a[0] + c[0] - b[0]) * vx + (d[1] - a[1] + c[1] - b[1]) * vy
    vx, vy = (vx, vy) if down >= 0 else (-vx, -vy)
    return (
        (a[0] - vx, a[1] - vy),
        (b[0] - vx, b[1] - vy),
        (c[0] + vx, c[1] + vy),
        (d[0] + vx, d[1] + vy),
    )


def _in_the_way(read: Read, other: Read) -> bool:
    """Does `other`, which stands, leave no room for `read`? Two error-corrected codes may lie in
    each other, and do: a small one in the middle of a large one."""
    if read.key == other.key:
        return True
    if sure(read) and sure(other) and not read.linear and not other.linear:
        return False
    if read.proof is Proof.ALONE:
        return overlap(tall(read), tall(other)) > 0.2
    return overlap(read.quad, other.quad) > 0.5


class Tally:
    """The looks at one still picture, and what they prove together.

    Two looks that agree prove what one does not. Where looks disagree about the bars in one place
    the text with more votes must lead by two.
    """

    def __init__(self) -> None:
        self._best: dict[Key, Read] = {}
        self._votes: dict[Key, set[str]] = {}

    def add(self, reads: Iterable[Read], look: str) -> None:
        """The reads of one look. Looks of one name are one vote: they err alike. Names that begin
        with `zbar` are that decoder's."""
        for read in reads:
            if hopeless(read):
                continue
            best = self._best.get(read.key)
            if best is None or min(sides(read.quad)) > min(sides(best.quad)):
                quality = read.quality if best is None else best.quality
                self._best[read.key] = replace(read, quality=quality)
            self._votes.setdefault(read.key, set()).add(look)

    def proven(self) -> list[Read]:
        """What may be acted upon."""
        ranked = sorted(self._best.values(), key=self._standing, reverse=True)
        stand: list[Read] = []
        for read in ranked:
            if self._proves(read) and not any(_in_the_way(read, other) for other in stand):
                stand.append(read)
        return stand

    def pending(self) -> list[Read]:
        """Reads in places where nothing is proven yet: another look may prove them."""
        stand = self.proven()
        return [
            read
            for read in self._best.values()
            if not any(_in_the_way(read, other) for other in stand)
        ]

    def _standing(self, read: Read) -> tuple[bool, bool, int, float]:
        return (*_rank(read)[:2], len(self._votes[read.key]), min(sides(read.quad)))

    def _proves(self, read: Read) -> bool:
        if sure(read):
            return True
        looks = self._votes[read.key]
        if read.proof is Proof.ITF and all(look.startswith("zbar") for look in looks):
            return False  # zbar reads blurred ones wrongly, and the same way each time
        rivals = [
            len(self._votes[other.key])
            for other in self._best.values()
            if other.key != read.key
            and other.linear is read.linear
            and overlap(other.quad, read.quad) > 0.5
        ]
        return len(looks) >= 2 + max(rivals, default=0)


class Agreement:
    """Frames that say the same, each within a second of the one before, prove what one does not:
    two of them, and three where the family is a weak one."""

    def __init__(self, within_s: float = 1.0) -> None:
        self._within_s = within_s
        self._pending: dict[Key, tuple[float, int]] = {}

    def admit(self, reads: Iterable[Read], at: float) -> list[Read]:
        """The reads that stand, given those seen before. `at` in seconds, never running back;
        reads of one look count once."""
        fresh = {k: seen for k, seen in self._pending.items() if at - seen[0] <= self._within_s}
        stand, now = [], dict(fresh)
        for read in reads:
            votes = fresh.get(read.key, (at, 0))[1] + 1
            if sure(read) or votes >= (3 if read.proof is Proof.ALONE else 2):
                stand.append(read)
            if not sure(read):
                now[read.key] = (at, votes)
        self._pending = now
        return stand

    @property
    def waiting(self) -> Keys:
        """The codes that were read once, or again, in the last look and need two reads."""
        return frozenset(self._pending)

    def forget(self) -> None:
        self._pending.clear()
