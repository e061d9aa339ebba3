"""Faults of TLS: who answers is not the centre, or does not speak as it should."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from dataclasses import dataclass

from tests.proxy.line import Fault, Line, handshake

CERTIFICATES = ("expired", "not yet valid", "of another host", "of another authority")
_RECORD = b"\x16\x03\x03\x40\x00"  # a handshake record of 16 KiB


class _Greeting(Fault):
    """Strikes new connections, so those that stand are cut."""

    def begin(self, line: Line) -> None:
        line.cut()


@dataclass
class Certificate(_Greeting):
    """Another certificate is shown, one of CERTIFICATES."""

    which: str

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        return handshake(kiosk, line.certificates[self.which])


class PlainOnly(_Greeting):
    """Plain HTTP on the port where TLS was."""

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        kiosk.recv(64 << 10)
        kiosk.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        return None


class SilentHandshake(_Greeting):
    """Hears the greeting and never says a word."""

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        _until_gone(line, kiosk)
        return None


class DrippingHandshake(_Greeting):
    """Begins a record and goes on a byte at a time."""

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        with contextlib.suppress(OSError):
            kiosk.sendall(_RECORD)
            while _until_gone(line, kiosk, 0.02):
                kiosk.sendall(b"\x02")
        return None


class BrokenHandshake(_Greeting):
    """RST in the middle of it."""

    def greet(self, line: Line, kiosk: socket.socket) -> socket.socket | None:
        kiosk.recv(64 << 10)
        kiosk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return None


def _until_gone(line: Line, kiosk: socket.socket, most_s: float | None = None) -> bool:
    """Whether both the kiosk and the fault are still there after `most_s`."""
    with line.now() as phase:
        while True:
            ready, _, _ = select.select([phase.lifted, kiosk], [], [], most_s)
            if not ready:
                return True
            if phase.lifted in ready or not kiosk.recv(64 << 10):
                return False
