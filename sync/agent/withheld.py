"""Events that travel without their body: something on the way refused it, or our disk changed it.

"For good" is somebody's opinion of one moment: a sign-in page or a proxy that answers 400 for a
quarter of an hour would otherwise cost the centre the content of an innocent drop. So the body is
offered again, ever more rarely, until it is taken or no longer kept. What is waiting stands in
the ledger's database, by event id; nothing else of the queue waits for it.

A body that the disk has changed is never sent: a new epoch would give it a link that holds, and a
wrong amount would be believed. The centre opens a case, and the paper and the bag tell the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from kiosk.ports import Clock
from kiosk.store import aside
from sync.wire import codec

if TYPE_CHECKING:
    from kiosk.store.store import Store
    from kiosk.store.values import Batch

_LOG = logging.getLogger(__name__)

FIRST_S = 3600.0
LONGEST_S = 86_400.0
_KEPT = aside.WITHHELD
_DAMAGED = "push.damaged"
_MOST = 1000


class _Waiting(msgspec.Struct, frozen=True):
    """Where the centre knows the event by its hash, and how often its body was offered again."""

    epoch: str
    sequence: int
    tries: int = 0


@dataclass(slots=True)
class Withheld:
    """Raises StoreFailed where the disk does. A restart begins the waiting time anew, not the
    count."""

    store: Store
    clock: Clock
    _waiting: dict[str, _Waiting] = field(init=False)
    _due: dict[str, float] = field(init=False)
    _damaged: dict[str, bool] = field(init=False)

    def __post_init__(self) -> None:
        kept = (self.store.meta.get(_KEPT) or "").encode()
        self._waiting = codec.decode(kept, dict[str, _Waiting]) or {}
        damaged = (self.store.meta.get(_DAMAGED) or "").encode()
        self._damaged = codec.decode(damaged, dict[str, bool]) or {}
        self._due = {name: self._later(one.tries) for name, one in self._waiting.items()}

    def damage(self, names: Iterable[str]) -> None:
        """The disk has changed these; remembered, for a later link may hold again."""
        new = [name for name in names if name not in self._damaged]
        if new:
            _LOG.error("events changed on our disk, their bodies stay here: %s", new)
            self._damaged |= dict.fromkeys(new, True)
            self.store.meta.set(_DAMAGED, codec.encode(self._damaged).decode())

    def is_damaged(self, name: str) -> bool:
        return name in self._damaged

    def add(self, name: str, epoch: str, sequence: int) -> None:
        """The centre has the event without its body."""
        tries = self._waiting[name].tries if name in self._waiting else 0
        if name not in self._waiting and len(self._waiting) >= _MOST:
            return  # whoever refuses a thousand bodies refuses the next one too
        self._put(name, _Waiting(epoch, sequence, tries))

    def due(self) -> Batch | None:
        """The one event whose body should be offered now, as a batch of its own."""
        now = self.clock.monotonic()
        for name in [name for name, at in self._due.items() if at <= now]:
            one = self._waiting[name]
            batch = self.store.outbox.at(one.epoch, one.sequence)
            if batch is not None and batch.events[0].id == name:
                return batch
            self.drop(name)  # told anew in another epoch, or too old to be kept
        return None

    def refused(self, name: str) -> None:
        """Once more in vain."""
        one = self._waiting[name]
        self._put(name, _Waiting(one.epoch, one.sequence, one.tries + 1))

    def drop(self, name: str) -> None:
        """It waits no longer."""
        if self._waiting.pop(name, None) is not None:
            del self._due[name]
            self._keep()

    def _put(self, name: str, one: _Waiting) -> None:
        self._waiting[name] = one
        self._due[name] = self._later(one.tries)
        self._keep()

    def _later(self, tries: int) -> float:
        return self.clock.monotonic() + min(LONGEST_S, FIRST_S * (1 << min(tries, 8)))

    def _keep(self) -> None:
        self.store.meta.set(_KEPT, codec.encode(self._waiting).decode() if self._waiting else "")
