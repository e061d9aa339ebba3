"""The first minute after a cut, to be recorded in its turn: python -m tests.power.again FOLDER

Each directory `data-*` in FOLDER is a disk after a cut. The store opens, recovers, records the
start and hands the queue to the agent; then the process ends, and the power may go again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from kiosk.app.recover import recover
from kiosk.domain.events import KioskStarted
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from tests.power.telling import Telling


def told_of(data: Path) -> Path:
    return data.with_name(data.name.replace("data", "told"))


def main(folder: Path) -> None:
    clock, ids = SystemClock(), SystemIds()
    for place, data in enumerate(sorted(folder.glob("data-*"))):
        with pytest.MonkeyPatch.context() as patch:
            Telling(told_of(data), ()).listen(patch)
            store = open_store(data, clock, ids)
            done = recover(store, clock)
            store.record(KioskStarted("test", done.abandoned, done.unprinted), "kiosk")
            store.outbox.next_batch(500, 1 << 20)
            if place % 2:
                store.close()  # folds the log back into the file
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
