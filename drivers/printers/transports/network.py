"""Raw TCP, as every network receipt printer speaks it on port 9100. IPv4 and IPv6."""

from __future__ import annotations

import fcntl
import socket
import struct
import sys
import termios
from contextlib import suppress

from drivers.printers.transports import Lost, system_fault
from kiosk.ports import DeviceFault

CHUNK = 8192


class Network:
    """One connection at a time and always closed: many printers refuse a second one."""

    answers = True

    def __init__(self, host: str, port: int, connect_s: float) -> None:
        self._address = (host, port)
        self._connect_s = connect_s
        self._socket: socket.socket | None = None

    def open(self) -> Lost | None:
        self.close()
        try:
            self._socket = socket.create_connection(self._address, self._connect_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # The system would take megabytes for a printer that takes none.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32768)
        except OSError as error:  # an unknown name, a time-out and a refusal are all OSError
            self.close()
            return system_fault(error, DeviceFault.NOT_FOUND)
        return None

    def send(self, data: bytes, stall: float) -> Lost | None:
        if self._socket is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        rest = memoryview(data)
        try:
            self._socket.settimeout(stall)
            while rest:
                rest = rest[self._socket.send(rest[:CHUNK]) :]
        except TimeoutError:
            return Lost(DeviceFault.NOT_ANSWERING, f"{len(rest)} bytes were not taken")
        except OSError as error:
            return system_fault(error, DeviceFault.DISCONNECTED)
        return None

    def receive(self, timeout: float) -> bytes | Lost:
        if self._socket is None:
            return Lost(DeviceFault.DISCONNECTED, "not open")
        try:
            # Zero would mean non-blocking, which reports silence as an error.
            self._socket.settimeout(max(timeout, 0.001))
            data = self._socket.recv(4096)
        except TimeoutError:
            return b""
        except OSError as error:
            return system_fault(error, DeviceFault.DISCONNECTED)
        return data or Lost(DeviceFault.DISCONNECTED, "the printer closed the connection")

    def abandon(self) -> bool:
        """Half a receipt that arrives minutes later would be worse than none."""
        if self._socket is None:
            return False
        with suppress(OSError):
            waiting = fcntl.ioctl(self._socket, termios.TIOCOUTQ, b"\0\0\0\0")
            if not int.from_bytes(waiting, sys.byteorder):
                return False
        with suppress(OSError):
            # The close that follows becomes a reset and drops the rest.
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return True

    def close(self) -> None:
        if self._socket is None:
            return
        with suppress(OSError):
            # Unread answers would turn the close into a reset, and a reset may make the printer
            # drop what it has not printed yet.
            self._socket.setblocking(False)
            while self._socket.recv(4096):
                pass
        self._socket.close()
        self._socket = None
