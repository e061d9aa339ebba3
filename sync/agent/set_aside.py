"""Events that the centre holds and could not use: counted over restarts, for staff, the centre's
page of kiosks and `takeback doctor`.

Nothing of them is lost: the centre has them quarantined, each with a case for the back office, and
they stay in the ledger as long as any event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kiosk.store import aside
from sync.wire.messages import Notice

if TYPE_CHECKING:
    from kiosk.store.store import Store


def note(store: Store, notices: Sequence[Notice]) -> None:
    """Raises StoreFailed."""
    told = [notice for notice in notices if notice.kind == "quarantined"]
    if told:
        before, last = aside.read(store.meta.get), told[-1]
        text = f"{last.sequence}: {last.reason}"
        with store.work() as work:
            for key, value in aside.more(before, len(told), text, store.now()).items():
                work.set(key, value)
