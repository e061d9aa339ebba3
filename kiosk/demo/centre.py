"""The central service as a process of its own, so that stopping it is as real as an outage."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

PATIENCE_S = 60.0


class CentreFailed(Exception):
    """It did not come up; the message names its log."""


class Centre:
    """`url` is good once `start` has returned, and stays the same over stops."""

    def __init__(self, database_url: str, log: Path, bundle_key: str) -> None:
        self._database_url = database_url
        self._log = log
        self._bundle_key = bundle_key
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._awaited = False  # launched, and not yet said to serve
        self.url = ""

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Begin to start it and go on: it takes seconds, in which much else can be done."""
        if self.running:
            return
        command = [sys.executable, "-m", "kiosk", "central", "serve", "--until-eof"]
        command += ["--database", self._database_url, "--port", str(self._port)]
        command += ["--bundle-key", self._bundle_key]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        # It leaves when its standard input ends: with us, however we end.
        self._awaited = True

    def start(self) -> None:
        """Waits until requests are served. Raises CentreFailed."""
        self.launch()
        process = self._process
        if process is None or not self._awaited:
            return
        self._awaited = False
        watchdog = threading.Timer(PATIENCE_S, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline().decode()
        finally:
            watchdog.cancel()
        if not line.startswith("serving "):
            self.stop()
            raise CentreFailed(f"the centre did not come up; see {self._log}")
        self.url = line.split()[1]
        self._port = int(self.url.rsplit(":", 1)[1])

    def stop(self) -> None:
        """Ends it and waits; may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
