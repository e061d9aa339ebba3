"""How much a batch may hold, so that it takes a few seconds on whatever line there is.

What counts is what travels: bytes after compression. A batch that was full and quick lets the next
be twice as large; one that was slow is followed by one that would have taken the time meant for
it; a line that broke under one halves it. Nothing grows unless twice the time is still half of the
time-out, so a line that stays as it is never meets it.

What a slow line bears is remembered over a restart; what a fast one bears is found in a few
batches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.store.store import Store

FIRST = 64 << 10
LEAST = 1 << 10
MOST_PLAIN = 900_000
"""Of JSON before compression: under the centre's 1 MiB even where something on the way unpacks."""
_KEPT = "push.bytes"
_PACKS = 4.0
"""To one, before anything was packed: events pack better than that, mostly."""
_BEST = 20.0


@dataclass(slots=True)
class Sizing:
    """`most` is what a batch may weigh on the line; raises StoreFailed where it is kept."""

    store: Store
    timeout_s: float
    most: int = field(init=False)
    _kept: int = field(init=False)
    _packs: float = _PACKS

    def __post_init__(self) -> None:
        kept = self.store.meta.get(_KEPT) or ""
        self._kept = int(kept) if kept.isascii() and kept.isdigit() else 0
        self.most = min(max(self._kept or FIRST, LEAST), FIRST)

    @property
    def plain(self) -> int:
        """Bytes of JSON that will weigh no more than `most`, by how the last batch packed."""
        return min(MOST_PLAIN, int(self.most * self._packs))

    def went(self, plain: int, packed: int, took_s: float) -> None:
        """A batch of so many bytes, before and after compression, was answered in `took_s`."""
        self._weighed(plain, packed)
        meant = self.timeout_s / 4
        if took_s > 2 * meant:
            self._set(int(min(packed, self.most) * meant / took_s))
        elif took_s <= meant and 2 * packed >= self.most:
            self._set(2 * self.most)

    def broke(self, plain: int, packed: int) -> None:
        """The line was cut under such a batch. One small drop that is lost says little of what the
        line bears: it halves as well, and no more."""
        self._weighed(plain, packed)
        self._set(self.most // 2)

    def _weighed(self, plain: int, packed: int) -> None:
        self._packs = min(max(plain / max(packed, 1), 1.0), _BEST)

    def _set(self, most: int) -> None:
        self.most = min(max(most, LEAST), MOST_PLAIN)
        kept = self.most if self.most < FIRST else 0
        if kept != self._kept:
            self._kept = kept
            self.store.meta.set(_KEPT, str(kept or ""))
