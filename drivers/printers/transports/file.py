"""A device node such as /dev/usb/lp0, a named pipe, or a plain file that receipts are added to."""

from __future__ import annotations

import os
import select
import stat
from contextlib import suppress
from pathlib import Path

from drivers.printers.transports import Lost, system_fault
from kiosk.ports import DeviceFault

CHUNK = 8192


class File:
    """A device node is read too, so that it can be asked; a plain file only grows."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._descriptor: int | None = None
        self._reads = False
        self._plain = False

    @property
    def answers(self) -> bool:
        return self._descriptor is None or self._reads

    def open(self) -> Lost | None:
        self.close()
        try:
            self._descriptor = self._open()
            mode = os.fstat(self._descriptor).st_mode
        except OSError as error:
            self.close()
            return system_fault(error, DeviceFault.NOT_FOUND)
        self._plain = stat.S_ISREG(mode)
        return None

    def _open(self) -> int:
        flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | os.O_APPEND
        missing = not self._path.exists()
        if missing and Path("/dev") not in self._path.resolve().parents:
            # Never below /dev: a printer that is not plugged in would become a plain file there
            # and swallow every receipt from then on.
            return os.open(self._path, flags | os.O_WRONLY | os.O_CREAT, 0o640)
        if not self._path.is_char_device():
            # A pipe opened for both ways would take a receipt that nobody reads.
            return os.open(self._path, flags | os.O_WRONLY)
        self._reads = True
        try:
            return os.open(self._path, flags | os.O_RDWR)
        except PermissionError:
            self._reads = False
            return os.open(self._path, flags | os.O_WRONLY)

    def send(self, data: bytes, stall: float) -> Lost | None:
        if self._descriptor is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        rest = memoryview(data)
        try:
            while rest:
                if not select.select([], [self._descriptor], [], stall)[1]:
                    return Lost(DeviceFault.NOT_ANSWERING, f"{len(rest)} bytes were not taken")
                with suppress(BlockingIOError):
                    rest = rest[os.write(self._descriptor, rest[:CHUNK]) :]
            if self._plain:
                os.fsync(self._descriptor)
        except OSError as error:
            return system_fault(error, DeviceFault.DISCONNECTED)
        return None

    def receive(self, timeout: float) -> bytes | Lost:
        if self._descriptor is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        if not self._reads:
            return b""
        try:
            if not select.select([self._descriptor], [], [], timeout)[0]:
                return b""
            data = os.read(self._descriptor, 4096)
            self._reads = bool(data)  # an end of file is for ever: this node does not talk
            return data
        except BlockingIOError:
            return b""
        except OSError as error:
            return system_fault(error, DeviceFault.DISCONNECTED)

    def abandon(self) -> bool:
        return False  # a write returns only when the bytes are there

    def close(self) -> None:
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)
        self._descriptor = None
        self._reads = self._plain = False
