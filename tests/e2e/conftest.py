"""`takeback demo --journey shopper` as a person starts it: a process of its own, on a real folder.

What came of it is read afterwards from what it left: pictures, paper, ledger and the centre's
database.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
import sqlalchemy as sa
import zxingcpp

from kiosk.seal import receipts
from kiosk.seal.receipts import ReceiptClaims
from kiosk.store import Store, open_store
from kiosk.world import SystemClock, SystemIds
from sync.agent.enrol import Identity, load_identity
from sync.central.database import Database
from sync.central.demo import DemoWorld
from sync.central.tables import cases, drops, events

PATIENCE_S = 110
ROOT = Path(__file__).parents[2]
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


def command(data: Path, out: Path, *arguments: str) -> list[str]:
    """The command line of a journey on this folder."""
    base = [sys.executable, "-m", "kiosk", "demo", "--journey", "shopper"]
    return [*base, "--data", str(data), "--out", str(out), *arguments]


def surroundings() -> dict[str, str]:
    """As on a machine without a screen."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "PYTHONUNBUFFERED": "1"}


@dataclass
class World:
    """A demo's folder, looked at while nobody runs in it."""

    data: Path
    out: Path

    @property
    def sample(self) -> DemoWorld:
        return msgspec.json.decode((self.data / "world.json").read_bytes(), type=DemoWorld)

    @property
    def identity(self) -> Identity:
        identity = load_identity(self.data / "kiosk")
        assert isinstance(identity, Identity), identity
        return identity

    def ledger(self) -> Store:
        return open_store(self.data / "kiosk", SystemClock(), SystemIds())

    @property
    def central(self) -> str:
        return f"sqlite:///{self.data / 'centre' / 'central.db'}"

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        database = Database(self.central)
        try:
            with database.reading() as c:
                return [dict(row) for row in c.execute(sa.select(table)).mappings()]
        finally:
            database.close()

    @property
    def arrived(self) -> list[dict[str, Any]]:
        """The drops that the centre has."""
        return self.rows(drops)

    @property
    def cases(self) -> list[dict[str, Any]]:
        return self.rows(cases)

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [row for row in self.rows(events) if row["type"] == f"takeback.{kind}.v1"]


@dataclass
class Journey(World):
    """One that has ended: what it said and left."""

    code: int
    said: str
    complained: str

    @property
    def steps(self) -> list[str]:
        return re.findall(r"^step: (.+) \(\d+\.\d\d s\)$", self.said, re.MULTILINE)

    @property
    def pictures(self) -> list[str]:
        """Names without their numbers, in order."""
        return [path.stem[3:] for path in sorted(self.out.glob("[0-9][0-9]-*.png"))]

    def proof(self) -> ReceiptClaims:
        """What the paper's QR code says, believed only for the kiosk's own signature."""
        paper = cv2.imread(str(self.out / "receipt.png"))
        assert paper is not None
        (code,) = zxingcpp.read_barcodes(paper, formats=zxingcpp.BarcodeFormat.QRCode)
        claims = receipts.verify(code.text, self.identity.key.public)
        assert isinstance(claims, ReceiptClaims), claims
        return claims


def picture_is_drawn(path: Path, orientation: str) -> None:
    """The right size, and something on it: several colours, and enough of them."""
    picture = cv2.imread(str(path))
    assert picture is not None, path
    assert (picture.shape[1], picture.shape[0]) == SIZES[orientation], path
    assert float(np.std(picture)) > 10, f"{path} is blank"
    colours = picture[::4, ::4].reshape(-1, 3) @ np.array([1, 1 << 8, 1 << 16])
    assert len(np.unique(colours)) > 16, f"{path} is blank"


def walked(journey: Journey, orientation: str = "portrait", offline: bool = False) -> None:
    """Everything that any journey must leave, whatever way it went."""
    assert journey.code == 0, journey.said + journey.complained
    assert "Traceback" not in journey.complained
    log = (journey.data / "kiosk.log").read_text()
    assert "Traceback" not in log, log
    assert journey.pictures[-1] == "already-dropped"
    for path in sorted(journey.out.glob("[0-9][0-9]-*.png")):
        picture_is_drawn(path, orientation)
    claims = journey.proof()
    wanted = journey.sample.find("three")
    assert (claims.return_id, claims.bag_id) == (wanted.return_id, journey.sample.bags[0])
    (arrived,) = journey.arrived
    assert arrived["drop_id"] == claims.drop_id
    assert arrived["drop_number"] == claims.drop_number
    assert (arrived["bag_id"], arrived["offline"]) == (claims.bag_id, offline)
    assert arrived["receipt"] == "printed"
    assert journey.cases == []
    assert f"centre: drop {claims.drop_number} of return {wanted.return_id}" in journey.said
    page = (journey.out / "centre-drop.html").read_text()
    assert claims.drop_number in page
    store = journey.ledger()
    try:
        assert store.outbox.verify() is None
        with store.look() as work:
            promised = work.drops.receipt(claims.drop_number)
            assert promised is not None
            assert promised.bag_id == claims.bag_id
            assert work.drops.all_open() == ()
            assert work.drops.unsettled_jobs() == ()
    finally:
        store.close()


@pytest.fixture
def journey(tmp_path: Path) -> Callable[..., Journey]:
    """Walks a journey to its end, in an empty folder unless another is given."""

    def walk(*arguments: str, data: Path | None = None) -> Journey:
        folder, out = data or tmp_path / "data", tmp_path / "out"
        done = subprocess.run(
            command(folder, out, *arguments),
            cwd=ROOT,
            env=surroundings(),
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Journey(folder, out, done.returncode, done.stdout, done.stderr)

    return walk


@pytest.fixture
def all_is_there() -> Callable[..., None]:
    return walked


@pytest.fixture
def nothing_runs_on(tmp_path: Path) -> Iterator[None]:
    """No process of the demo stays behind: each names its folder on its command line."""
    yield
    assert running(tmp_path) == []


def running(folder: Path) -> list[int]:
    """Processes that have this folder on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "cmdline").read_bytes()
        except OSError:
            continue  # it ended meanwhile
        if str(folder).encode() in told and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


@pytest.fixture
def journey_command() -> Callable[..., list[str]]:
    return command


@pytest.fixture
def left_behind(tmp_path: Path) -> World:
    """What a journey that was killed in this test's folder has left there."""
    return World(tmp_path / "data", tmp_path / "out")
