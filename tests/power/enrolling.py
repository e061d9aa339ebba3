"""A new machine is enrolled, to be recorded: python -m tests.power.enrolling FOLDER URL CODE

FOLDER is what the system brought; all below it is made now.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import Identity, enrol
from tests.power.telling import Telling

DATA = Path("takeback", "K1")


def main(folder: Path, url: str, code: str) -> None:
    clock, ids = SystemClock(), SystemIds()
    telling = Telling(folder.with_name("told"), ())
    made = enrol(url, code, folder / DATA, clock, ids)
    assert isinstance(made, Identity), made
    telling.tell("enrolled", device=made.device_id)
    store = open_store(folder / DATA, clock, ids)
    telling.tell("epoch", name=store.outbox.position().epoch)
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
