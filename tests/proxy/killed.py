"""A centre in another process, and hands to kill and to start it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sync.central.database import Database
from tests.misfortune.street import TurnableClock
from tests.proxy.central import Central
from tests.proxy.line import PATIENCE_S

ROOT = Path(__file__).parents[2]


class RealClock(TurnableClock):
    """Nobody can turn it: the centre next door has its own."""

    def later(self, seconds: float) -> None:
        raise AssertionError("two processes have no clock to turn together")


@dataclass
class Elsewhere(Central):
    """Its books are read over the same file."""

    def __post_init__(self) -> None:
        self.url = f"sqlite:///{self.path}"
        self.database = Database(self.url)
        self.trap = self.path.with_name("trap")
        command = [sys.executable, "-m", "tests.proxy.centre_process", self.path, self.trap]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.comes_up()

    def comes_up(self) -> None:
        """Always on the same port."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        up, port, child = self._told()
        assert up == "up"
        self.port, self._child = int(port), int(child)

    def dies(self) -> None:
        """Wait until it is gone, by SIGKILL."""
        assert self._told() == ["gone", str(-signal.SIGKILL)]

    def _told(self) -> list[str]:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE_S)
        assert ready, "the process next door says nothing"
        return self._process.stdout.readline().split()

    def close(self) -> None:
        """With a centre that is up."""
        os.kill(self._child, signal.SIGKILL)
        self.dies()
        self._process.communicate(timeout=20)
        self.database.close()
