"""A core that is woken again after its store has broken: no person is needed for it.

The ledger is mended while it is opened (kiosk.store.recovery.opening); here is only the going to
bed and getting up again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.core import Core

log = logging.getLogger("takeback")


def keep_awake(
    rouse: Callable[[], Core | None],
    awake: Callable[[Core], None],
    asleep: Callable[[], None],
    leaving: threading.Event,
) -> None:
    """Until `leaving`: a core from `rouse` (None ends it), handed to `awake`; once its store has
    broken it is stopped behind `asleep`, and the next one roused. Whoever sets `leaving` also
    calls `Core.let_go` of the core in hand, and stops that one."""
    while (core := rouse()) is not None:
        awake(core)
        core.until_broken()
        if leaving.is_set():
            return
        log.error("the store has broken (%s); starting again", core.store.broken)
        asleep()
        core.store.rescue()
        core.stop()
