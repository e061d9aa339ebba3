"""A kiosk as an engineer has it in hand: enrolled at a real centre, with policy and one drop.

Made once a process and copied for each test, so that no test sees what another did.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from drivers.virtual import held
from drivers.virtual.printer import VirtualPrinter
from kiosk import __version__
from kiosk.app.drop_off import DropOff
from kiosk.cli.app import app
from kiosk.domain.visit import CommittedDrop, OpenDrop
from kiosk.ports import Scanned, Symbology
from kiosk.store import open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.agent import Agent, AgentState
from sync.agent.enrol import Identity, enrol
from sync.agent.pace import Pace
from sync.central.demo import DemoWorld, fill
from sync.central.serve import CentralServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

CLOCK, IDS = SystemClock(), SystemIds()
AT_ONCE = Pace(beat=60.0, policy=60.0, first_contact=0.0, retry_least=0.1, retry_most=0.5)


def scan(text: str) -> Scanned:
    return Scanned(text, text.encode(), Symbology.QR, "]Q1", "test", CLOCK.monotonic())


@dataclass(frozen=True)
class Made:
    """What all tests start from."""

    folder: Path
    world: DemoWorld
    drop: CommittedDrop


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("installation")
    database = f"sqlite:///{folder / 'central.db'}"
    world = fill(database, CLOCK, IDS, folder / "keys")
    server = CentralServer(database, CLOCK, IDS)
    server.start()
    try:
        who = enrol(server.url, world.enrolment_code, folder / "kiosk", CLOCK, IDS)
        assert isinstance(who, Identity), who
        return Made(folder, world, _first_drop(folder / "kiosk", who, server.url, world))
    finally:
        server.stop()


def _first_drop(data: Path, who: Identity, url: str, world: DemoWorld) -> CommittedDrop:
    store = open_store(data, CLOCK, IDS)
    came = threading.Event()

    def changed(state: AgentState) -> None:
        if state.policy_number:
            came.set()

    agent = Agent(
        store,
        url,
        who.device_id,
        who.key,
        who.bundle_keys,
        CLOCK,
        IDS,
        __version__,
        5.0,
        changed,
        tenant=who.tenant,
        pace=AT_ONCE,
    )
    agent.start()
    assert came.wait(60), "the policy did not come"
    agent.stop()
    drop_off = DropOff(store, CLOCK, IDS, who.kiosk_code, who.device_id, who.key, lambda: False)
    easy = next(one for one in world.returns if set(one.expected) == {"accept"})
    opened = drop_off.check("visit-1", scan(easy.signed_code))
    assert isinstance(opened, OpenDrop), opened
    drop = drop_off.commit(opened, scan(world.bags[0]))
    assert isinstance(drop, CommittedDrop), drop
    store.close()
    return drop


def toml(value: Any) -> str:
    """A value in one line; JSON's texts and numbers are TOML's."""
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


@dataclass
class Shop:
    """A copy of the installation, with a settings file that a test may change."""

    folder: Path
    world: DemoWorld
    drop: CommittedDrop
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "kiosk"

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder / 'central.db'}"

    @property
    def settings(self) -> str:
        """The settings file as it is to be now."""
        file = self.folder / "takeback.toml"
        whole = {
            "data_dir": str(self.data),
            "site_name": "Demo street 1",
            "timezone": "Europe/Berlin",
            "languages": ["en"],
        }
        lines = [f"{key} = {toml(value)}" for key, value in (whole | self.changes).items()]
        file.write_text("\n".join(lines) + "\n")
        return str(file)

    def has(self, **changes: Any) -> None:
        self.changes |= changes

    def picture(self, text: str) -> Path:
        """A phone that shows `text`, photographed."""
        file = self.folder / "phone.png"
        cv2.imwrite(str(file), held.phone(text, ("Shop",)))
        return file

    def has_camera(self, text: str) -> None:
        options = {"file": str(self.picture(text)), "loop": True}
        self.has(scanners=[{"name": "camera", "driver": "camera", "options": options}])

    def has_printer(self, port: int) -> None:
        options = {
            "host": "127.0.0.1",
            "port": port,
            "connect_ms": 500,
            "answer_ms": 300,
            "finish_ms": 3000,
        }
        self.has(printers=[{"name": "paper", "driver": "escpos-network", "options": options}])


@pytest.fixture
def shop(made: Made, tmp_path: Path) -> Shop:
    folder = tmp_path / "shop"
    shutil.copytree(made.folder, folder)
    return Shop(folder, made.world, made.drop)


@pytest.fixture
def healthy(
    shop: Shop, centre: CentralServer, printer: VirtualPrinter, monkeypatch: pytest.MonkeyPatch
) -> Shop:
    """Nothing is missing. In this process Qt is not looked at again for every test."""
    shop.has_camera("hello")
    monkeypatch.setattr("kiosk.checks.machine.window", list)
    return shop


@pytest.fixture
def centre(shop: Shop) -> Iterator[CentralServer]:
    """The shop's centre, up and known to the kiosk's settings."""
    server = CentralServer(shop.database, CLOCK, IDS)
    server.start()
    shop.has(centre={"url": server.url, "timeout_s": 5.0})
    yield server
    server.stop()


@pytest.fixture
def printer(shop: Shop, tmp_path: Path) -> Iterator[VirtualPrinter]:
    """A printer that the shop's settings name."""
    machine = VirtualPrinter(tmp_path / "paper")
    machine.start()
    shop.has_printer(machine.port)
    yield machine
    machine.stop()


@dataclass(frozen=True)
class Answer:
    """What a command left: exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def says(self, code: int, *words: str) -> Answer:
        """It left with `code`, said all these words, and nothing like a traceback."""
        everything = self.out + self.err
        assert self.code == code, everything
        assert "Traceback" not in everything
        for word in words:
            assert word in everything, everything
        return self


_tree = cache(get_command)
"""Typer's runner would build the whole tree of commands for every call: most of a test's time."""


@pytest.fixture
def takeback(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """The command in this process; an exception that leaves it fails the test."""
    monkeypatch.setattr("typer.testing._get_command", _tree)

    def call(*arguments: object) -> Answer:
        result: Result = CliRunner().invoke(
            app, [str(a) for a in arguments], catch_exceptions=False, env={"COLUMNS": "200"}
        )
        return Answer(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def process() -> Callable[..., Answer]:
    """The command as a process of its own, as people call it."""

    def call(*arguments: object, stdin: str = "") -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "COLUMNS": "200"},
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return call
