"""What was refused, told once: a bad bundle that is offered every minute is one fact, not many."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.wire import codec
from sync.wire.faults import BundleFault

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_TOLD = "policy.refused"
_MOST = 100


@dataclass(slots=True)
class Refusals:
    """Kept over restarts, and forgotten once a bundle comes into force."""

    store: Store

    def tell(self, number: int, fault: BundleFault) -> None:
        """Record it unless this number was refused for this cause already."""
        told = self._told()
        mark = f"{number} {fault}"
        if mark in told:
            return
        _LOG.error("policy bundle %d is not taken: %s", number, fault)
        self.store.policy.refuse(number, fault.value)
        self.store.meta.set(_TOLD, codec.encode([*told, mark][-_MOST:]).decode())

    def over(self) -> None:
        self.store.meta.set(_TOLD, "")

    def _told(self) -> list[str]:
        return codec.decode((self.store.meta.get(_TOLD) or "").encode(), list[str]) or []
