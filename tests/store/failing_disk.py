"""A store at work, for whoever makes its disk fail: python tests/store/failing_disk.py DIRECTORY

One line of JSON: what became of each record, and what stands in the end.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kiosk.domain.events import StaffNeeded
from kiosk.store import StoreFailed, open_store
from kiosk.world import SystemClock, SystemIds

RECORDS = 14


def main(directory: Path) -> None:
    store = open_store(directory, SystemClock(), SystemIds())
    told = []
    for number in range(RECORDS):
        fact = StaffNeeded("visit", "", "why", {"text": "x" * 5_000, "number": number})
        try:
            store.record(fact, "kiosk")
            told.append("ok")
        except StoreFailed as failure:
            told.append(failure.cause.value)
    found = {
        "told": told,
        "queued": store.outbox.position().queued,
        "whole": store.outbox.verify() is None,
        "failure": None if store.failure is None else store.failure.cause.value,
        "ballast": not store.short_of_space(),
    }
    store.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
