"""Events that the centre holds and could not use: counted over restarts, for `takeback doctor`.

Nothing of them is lost: the centre has them quarantined, each with a case for the back office, and
they stay in the ledger as long as any event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sync.wire.messages import Notice

if TYPE_CHECKING:
    from kiosk.store.store import Store

KEPT = "push.set_aside"
_LONGEST = 200


def note(store: Store, notices: Sequence[Notice]) -> None:
    """Raises StoreFailed."""
    told = [notice for notice in notices if notice.kind == "quarantined"]
    if told:
        before = (store.meta.get(KEPT) or "0").partition(" ")[0]
        last = told[-1]
        count = int(before) + len(told)
        store.meta.set(KEPT, f"{count} {last.sequence}: {last.reason}"[:_LONGEST])
