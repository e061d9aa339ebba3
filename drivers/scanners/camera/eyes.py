"""What the squares of a QR code tell when the code itself does not read: three of one size are a
whole code, one or two may be a code that the picture cuts off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import hypot

from drivers.scanners.decoders.squares import Eye

_LARGE = 56  # pixels across; of one so large the others would be seen too, were they in view


def cut_off(seen: Sequence[Eye], width: int, height: int) -> bool:
    """Does the code of these eyes reach out of a picture of this size? Only ever for one or two:
    with all three in view it does not."""
    if len(seen) == 1:
        return seen[0].side >= _LARGE
    if len(seen) != 2 or not alike(seen):
        return False
    a, b = seen
    dx, dy = b.x - a.x, b.y - a.y
    room = a.side / 2

    def outside(x: float, y: float) -> bool:
        return not (room <= x <= width - room and room <= y <= height - room)

    # The third eye is on one side of these two or on the other; where a whole side is out of view
    # and the code is large, it is rather there than under a thumb.
    sides = ([(e.x + s * dy, e.y - s * dx) for e in seen] for s in (1, -1))
    large = hypot(dx, dy) > height / 3
    return large and any(all(outside(x, y) for x, y in side) for side in sides)


def alike(seen: Sequence[Eye]) -> bool:
    """Of about one size, and apart from each other: eyes of one code."""
    sides = [eye.side for eye in seen]
    apart = min(hypot(a.x - b.x, a.y - b.y) for a, b in combinations(seen, 2))
    return max(sides) < 1.6 * min(sides) and apart > 1.5 * max(sides)
