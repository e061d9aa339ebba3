"""What stands before a kiosk's day begins: a centre with the sample shops, an enrolled kiosk."""

from __future__ import annotations

import pickle
from pathlib import Path

from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import Identity, enrol
from sync.central import demo
from sync.central.serve import CentralServer

KIOSK, SAMPLE = "K1", "sample"


def prepare(folder: Path) -> Path:
    """A centre with the sample shops and in `folder` an enrolled kiosk with an empty ledger; the
    kiosk's directory. How both come to be is cut in tests.power.enrolling."""
    folder.mkdir()
    clock, ids = SystemClock(), SystemIds()
    url = f"sqlite:///{folder / 'central.db'}"
    sample = demo.fill(url, clock, ids, folder / "keys")
    (folder / SAMPLE).write_bytes(pickle.dumps(sample))
    server = CentralServer(url, clock, ids)
    server.start()
    kiosk = folder / KIOSK
    made = enrol(server.url, sample.enrolment_code, kiosk, clock, ids)
    server.stop()
    assert isinstance(made, Identity), made
    open_store(kiosk, clock, ids).close()
    return kiosk
