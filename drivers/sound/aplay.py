"""Plays a WAV file with `aplay` (alsa-utils) as a child process; never waits, never raises."""

from __future__ import annotations

import shutil
import subprocess
from enum import StrEnum
from pathlib import Path


class Played(StrEnum):
    """What became of a sound. A kiosk works without: nothing here is an error."""

    STARTED = "started"
    NO_PLAYER = "no_player"
    NO_FILE = "no_file"


class Aplay:
    """A new sound ends the one before: cues follow what the shopper does."""

    def __init__(self, program: str = "aplay", device: str = "") -> None:
        self._program = shutil.which(program)
        self._device = ["-D", device] if device else []
        self._child: subprocess.Popen[bytes] | None = None

    def play(self, sound: Path) -> Played:
        self.stop()
        if self._program is None:
            return Played.NO_PLAYER
        if not sound.is_file():
            return Played.NO_FILE
        command = [self._program, "-q", *self._device, "--", str(sound)]
        try:
            self._child = subprocess.Popen(  # noqa: S603 - the program and our own file, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return Played.NO_PLAYER
        return Played.STARTED

    def stop(self) -> None:
        """Silence; may be called twice. The child dies at once, so collecting it takes no time."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
