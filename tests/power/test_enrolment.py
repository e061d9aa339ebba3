"""The power goes while a new machine is enrolled and makes its first ledger."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import EnrolFault, Identity, load_identity
from sync.central import demo
from sync.central.serve import CentralServer
from tests.power.cuts import Cut, cuts, states
from tests.power.disk import Recording
from tests.power.enrolling import DATA
from tests.power.examine import PATIENCE_S, some
from tests.power.recorder import Recorder, read
from tests.power.restart import lay_out
from tests.power.trace import record

CLOCK, IDS = SystemClock(), SystemIds()
FEW = 25


def record_enrolment(folder: Path) -> Recording:
    url = f"sqlite:///{folder / 'central.db'}"
    sample = demo.fill(url, CLOCK, IDS, folder / "keys")
    server = CentralServer(url, CLOCK, IDS)
    server.start()
    system, trace = folder / "var", folder / "trace"
    system.mkdir()
    recorder = Recorder(system, folder / "told")
    program = ["-m", "tests.power.enrolling", str(system), server.url, sample.enrolment_code]
    record([sys.executable, *program], trace, PATIENCE_S)
    server.stop()
    return read(trace, [recorder])[0]


@pytest.mark.timeout(300)
def test_a_machine_is_enrolled_or_can_be_and_stays_what_it_is(folder) -> None:
    """Its key is never half, and what it was told to be it is for ever: the code is used up."""
    recording = record_enrolment(folder)
    stays_what_it_is(recording, some(cuts(recording, 1), FEW), folder)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_after_any_cut(folder) -> None:
    recording = record_enrolment(folder)
    stays_what_it_is(recording, cuts(recording, 4), folder)


def stays_what_it_is(recording: Recording, chosen: list[Cut], folder: Path) -> None:
    for state in states(recording, chosen):
        lay_out(state, folder / "after")
        data = folder / "after" / DATA
        told = {fact["kind"]: fact for fact in map(json.loads, state.told)}
        identity = load_identity(data)
        assert identity is not EnrolFault.UNREADABLE, state.cut
        if "enrolled" in told:
            assert isinstance(identity, Identity), state.cut
            assert identity.device_id == told["enrolled"]["device"]
        store = open_store(data, CLOCK, IDS)
        epoch = store.outbox.position().epoch
        store.close()
        assert "epoch" not in told or epoch == told["epoch"]["name"], state.cut
