"""Fixtures of a street with a centre and a kiosk in it; see tests.misfortune.street."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from drivers.virtual.printer import VirtualPrinter
from kiosk.settings import Printer, Scanner, Settings
from kiosk.world import SystemClock
from sync.agent.enrol import Identity, enrol
from sync.central import demo
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.serve import CentralServer
from tests.misfortune.street import IDS, Kiosk, Street, TurnableClock


@pytest.fixture(autouse=True)
def nothing_of_ours_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Misfortune is expected: no step of the flow and no turn of the agent may break by it."""
    yield
    told = [record.getMessage() for record in caplog.get_records("call")]
    ours = ("a step broke", "the agent stumbled", "no safe screen", "could not be told")
    assert not [message for message in told if any(sign in message for sign in ours)]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DemoWorld]:
    """A centre's database with the sample shops, to be copied: quicker than filling each time."""
    folder = tmp_path_factory.mktemp("filled")
    url = f"sqlite:///{folder / 'central.db'}"
    return folder, demo.fill(url, SystemClock(), IDS, folder / "keys")


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def street(
    tmp_path: Path, filled: tuple[Path, DemoWorld], clock: TurnableClock
) -> Iterator[Street]:
    folder = tmp_path / "centre"
    shutil.copytree(filled[0], folder)
    url = f"sqlite:///{folder / 'central.db'}"
    server = CentralServer(url, clock, IDS)
    server.start()
    database = Database(url)
    yield Street(folder, filled[1], clock, server, database)
    server.stop()
    database.close()


@pytest.fixture
def install(tmp_path: Path, street: Street) -> Iterator[Callable[..., Kiosk]]:
    """Puts up a kiosk: enrolled, with a camera and a printer, switched off."""
    with ExitStack() as ends:

        def put_up(code: str = "K1", printer: bool = True, camera: bool = True) -> Kiosk:
            folder = tmp_path / code
            identity = enrol(
                street.server.url, street.enrolment_code(code), folder, street.clock, IDS
            )
            assert isinstance(identity, Identity), identity
            machine = VirtualPrinter() if printer else None
            if machine is not None:
                machine.start()
                ends.callback(machine.stop)
            kiosk = Kiosk(street, folder, identity, machine, _settings(folder, machine, camera))
            ends.callback(kiosk.close)
            return kiosk

        yield put_up


def _settings(folder: Path, machine: VirtualPrinter | None, camera: bool) -> Settings:
    network = "escpos-network"
    return Settings(
        site_name="Street 1",
        data_dir=str(folder),
        timezone="Europe/Berlin",
        scanners=(
            (Scanner(name="camera", driver="virtual-camera", options={"fps": 15}),)
            if camera
            else ()
        ),
        printers=()
        if machine is None
        else (
            Printer(
                name="receipts",
                driver=network,
                options={"host": "127.0.0.1", "port": machine.port},
            ),
        ),
    )


@pytest.fixture
def kiosk(install: Callable[..., Kiosk]) -> Kiosk:
    """One kiosk, switched on and idle, with its first bundle in force."""
    return install().ready()
