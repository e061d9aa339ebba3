"""A real centre, a line to it, and a kiosk at its other end, plain and under TLS."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sync.agent.secure import Tls
from tests.misfortune.street import TurnableClock, eventually
from tests.proxy.cases import NAMES
from tests.proxy.central import Central
from tests.proxy.line import Line
from tests.proxy.opened import Open
from tests.proxy.places import NAME
from tests.proxy.secure import CERTIFICATES
from tests.proxy.site import Site
from tests.sync.conftest import prepare
from tests.sync.test_tls import Authority, presenting

DAY = timedelta(days=1)
STRAGGLERS = 4


@pytest.fixture(autouse=True)
def nothing_of_ours_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A fault is a value for the agent, never a mistake of its own."""
    yield
    told = [record.getMessage() for record in caplog.get_records("call")]
    assert not [message for message in told if "stumbled" in message]


@pytest.fixture(scope="session")
def prepared_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    path = tmp_path_factory.mktemp("prepared") / "centre.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def resolver() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", NAMES)
        yield


@pytest.fixture(scope="module")
def central(prepared_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Central]:
    path = tmp_path_factory.mktemp("lines") / "centre.db"
    path.write_bytes(prepared_centre.read_bytes())
    made = Central(path, TurnableClock())
    gc.collect()
    made.alone = Open.now()
    yield made
    made.close()


@contextmanager
def one_kiosk(central: Central, line: Line, folder: Path, tls: Tls) -> Iterator[Site]:
    made = Site(central, line, folder / "kiosk", tls).start()
    made.ready()
    yield made
    made.close()
    line.close()
    alone = central.alone
    if alone is not None:
        # One leaked for each fault would be many; a few may be on their way for a minute.
        few = Open(alone.threads + STRAGGLERS, alone.sockets + STRAGGLERS)
        eventually(lambda: Open.now().within(few), f"{few}")


@pytest.fixture(scope="module")
def kiosk(
    central: Central, resolver: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """One for all faults: it must be none the worse for any of them."""
    line = Line(lambda: central.port, host=NAME)
    with one_kiosk(central, line, tmp_path_factory.mktemp("site"), Tls()) as made:
        yield made


@pytest.fixture(scope="module")
def secure_kiosk(
    central: Central, resolver: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The same behind a proxy that ends TLS, by an authority that is pinned."""
    folder = tmp_path_factory.mktemp("secure")
    ours, theirs = Authority(folder, "ours"), Authority(folder, "theirs")
    now = central.clock.now()
    shown = {
        "expired": ours.issue(NAME, now - 3 * DAY, now - DAY),
        "not yet valid": ours.issue(NAME, now + DAY, now + 3 * DAY),
        "of another host": ours.issue("elsewhere.test"),
        "of another authority": theirs.issue(NAME),
    }
    assert tuple(shown) == CERTIFICATES
    line = Line(
        lambda: central.port,
        presenting(ours.issue(NAME)),
        certificates={which: presenting(path) for which, path in shown.items()},
        host=NAME,
    )
    with one_kiosk(central, line, folder, Tls(ca_file=str(ours.file))) as made:
        yield made


def a_page_of(kiosk: Site) -> Iterator[Site]:
    kiosk.drained()
    kiosk.new_page()
    yield kiosk
    kiosk.line.is_well()
    kiosk.hurry()


@pytest.fixture
def site(kiosk: Site) -> Iterator[Site]:
    yield from a_page_of(kiosk)


@pytest.fixture
def secure_site(secure_kiosk: Site) -> Iterator[Site]:
    yield from a_page_of(secure_kiosk)
