"""Photographs that the centre did not take: how often each was offered, over restarts.

The centre takes only what an accepted event names. An event that is set apart there (of a kiosk
that was revoked, with a content that it cannot use, or without its body) names nothing, and its
photographs would be offered once an hour for ever. So they are offered ever more rarely, and after
some days no more. Nothing is lost by that: whatever the centre waits for, it asks for by name with
the answer to a heartbeat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sync.wire import codec

if TYPE_CHECKING:
    from kiosk.store.meta import Meta

PATIENCE: Final = 8
"""After so many refusals one that the centre does not expect is set aside: with an hour to begin
with that is between four and five days."""
LONGEST_S: Final = 86_400.0
_KEPT: Final = "photos.refused"


@dataclass(slots=True)
class Unwanted:
    """`first_s` is the wait after the first refusal; each doubles the one before. `meta` is None
    where nothing needs to outlive this process. Raises StoreFailed."""

    first_s: float
    meta: Meta | None
    _times: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        kept = "" if self.meta is None else self.meta.get(_KEPT) or ""
        self._times = codec.decode(kept.encode(), dict[str, int]) or {}

    def refused(self, name: str, waiting: Iterable[str]) -> int:
        """Once more; how often by now. Of those that are not `waiting` any more nothing is kept."""
        there = {one: self._times[one] for one in waiting if one in self._times}
        self._times = there | {name: there.get(name, 0) + 1}
        self._keep()
        return self._times[name]

    def patience(self, name: str) -> float:
        """Seconds until it may be offered again."""
        times = self._times.get(name, 1)
        return min(LONGEST_S, self.first_s * float(1 << min(times - 1, 16)))

    def drop(self, name: str) -> None:
        """It was taken, set aside, or is asked for."""
        if self._times.pop(name, None) is not None:
            self._keep()

    def _keep(self) -> None:
        if self.meta is not None:
            self.meta.set(_KEPT, codec.encode(self._times).decode() if self._times else "")
