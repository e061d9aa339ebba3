"""The whole way: a served centre sends by its own loop, beside whatever else it serves."""

from __future__ import annotations

import pytest

from kiosk.world import SystemIds
from sync.central.database import Database
from sync.central.serve import CentralServer
from tests.sync.conftest import DATABASES, Centre
from tests.sync.rest.conftest import a_return
from tests.sync.rest.receiver import Receiver


@pytest.fixture(autouse=True)
def quiet():
    """Not here."""


@pytest.fixture
def centre(database_url, clock):
    """One that may send to loopback."""
    server = CentralServer(database_url, clock, SystemIds(), webhook_networks=("127.0.0.0/8",))
    server.start()
    database = Database(database_url)
    yield Centre(server, database, clock)
    server.stop()
    database.close()


@pytest.mark.parametrize("database_url", DATABASES[-1:], indirect=True)
def test_what_happens_is_sent_without_a_word(linden):
    receiver = Receiver()
    linden.post("/v1/webhooks", {"url": receiver.url}).raise_for_status()
    linden.put("/v1/returns/RMA-1", a_return()).raise_for_status()
    assert receiver.got.get(timeout=30).told["type"] == "return.created"
    receiver.stop()
