"""Fixtures of a street with a centre and a kiosk in it; see tests.misfortune.street."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.virtual.printer import VirtualPrinter
from kiosk import __version__
from kiosk.settings import Centre, Printer, Scanner, Settings
from kiosk.store import open_store
from kiosk.world import SystemClock
from sync.agent.agent import Agent
from sync.agent.enrol import Identity, enrol, load_identity
from sync.central import demo
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.serve import CentralServer
from tests.misfortune.street import IDS, PACE, Kiosk, Street, TurnableClock, eventually

OLD = "K1"


@pytest.fixture(autouse=True)
def nothing_of_ours_broke(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Misfortune is expected: no step of the flow and no turn of the agent may break by it."""
    yield
    told = [record.getMessage() for record in caplog.get_records("call")]
    ours = ("a step broke", "the agent stumbled", "no safe screen", "could not be told")
    assert not [message for message in told if any(sign in message for sign in ours)]


@dataclass(frozen=True)
class Yesterday:
    """Two folders to be copied, quicker than making them each time: a centre with the sample
    shops, and the kiosk K1 that was enrolled there and has its first bundle in force."""

    centre: Path
    kiosk: Path
    sample: DemoWorld


@pytest.fixture(scope="session")
def yesterday(tmp_path_factory: pytest.TempPathFactory) -> Yesterday:
    folder, clock = tmp_path_factory.mktemp("yesterday"), SystemClock()
    made = Yesterday(folder / "centre", folder / OLD, _filled(folder / "centre", clock))
    url = _url(made.centre)
    server, database = CentralServer(url, clock, IDS), Database(url)
    server.start()
    street = Street(made.centre, made.sample, clock, server, database)
    identity = enrol(server.url, street.enrolment_code(OLD), made.kiosk, clock, IDS)
    assert isinstance(identity, Identity), identity
    _fetch_the_bundle(made.kiosk, identity, clock)
    server.stop()
    database.close()
    return made


def _filled(folder: Path, clock: SystemClock) -> DemoWorld:
    folder.mkdir()
    return demo.fill(_url(folder), clock, IDS, folder / "keys")


def _url(folder: Path) -> str:
    return f"sqlite:///{folder / 'central.db'}"


def _fetch_the_bundle(folder: Path, who: Identity, clock: SystemClock) -> None:
    """The agent alone: nothing starts and no device is looked at, so nothing is told of it."""
    store = open_store(folder, clock, IDS)
    agent = Agent(
        store,
        who.centre_url,
        who.device_id,
        who.key,
        who.bundle_keys,
        clock,
        IDS,
        __version__,
        5.0,
        lambda _: None,
        tenant=who.tenant,
        pace=PACE,
    )
    agent.start()
    eventually(lambda: store.policy.number, "the first bundle")
    eventually(lambda: not store.outbox.position().queued, "an empty queue")
    agent.stop()
    store.close()


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
def street(tmp_path: Path, yesterday: Yesterday, clock: TurnableClock) -> Iterator[Street]:
    folder = tmp_path / "centre"
    shutil.copytree(yesterday.centre, folder)
    server = CentralServer(_url(folder), clock, IDS)
    server.start()
    database = Database(_url(folder))
    yield Street(folder, yesterday.sample, clock, server, database)
    server.stop()
    database.close()


@pytest.fixture
def install(tmp_path: Path, street: Street, yesterday: Yesterday) -> Iterator[Callable[..., Kiosk]]:
    """Puts up a kiosk with a camera and a printer, switched off: K1 as it was left yesterday, any
    other new, enrolled and without rules."""
    with ExitStack() as ends:

        def put_up(code: str = OLD, printer: bool = True, camera: bool = True) -> Kiosk:
            folder, server = tmp_path / code, street.server.url
            identity: object
            if code == OLD:
                shutil.copytree(yesterday.kiosk, folder)
                identity = load_identity(folder)
            else:
                identity = enrol(server, street.enrolment_code(code), folder, street.clock, IDS)
            assert isinstance(identity, Identity), identity
            machine = VirtualPrinter() if printer else None
            if machine is not None:
                machine.start()
                ends.callback(machine.stop)
            settings = _settings(folder, server, machine, camera)
            kiosk = Kiosk(street, folder, identity, machine, settings)
            ends.callback(kiosk.close)
            return kiosk

        yield put_up


def _settings(folder: Path, url: str, machine: VirtualPrinter | None, camera: bool) -> Settings:
    network = "escpos-network"
    return Settings(
        site_name="Street 1",
        data_dir=str(folder),
        centre=Centre(url=url),
        timezone="Europe/Berlin",
        scanners=(
            (Scanner(name="camera", driver="virtual-camera", options={"fps": 10}),)
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
    """The one from yesterday, switched on, idle and known to the centre."""
    return install().ready()
