"""A hand-held or fixed scanner on a serial line, or on USB with a serial profile (CDC-ACM)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import serial

from drivers.scanners.line import LineScanner
from drivers.scanners.typed import Gathering, scanned
from kiosk.ports import DeviceFault, Scanner, ScannerReport


class SerialWire:
    """A serial port by path, 8 data bits, no parity, 1 stop bit."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = port
        self._baud = baud
        self._serial: serial.Serial | None = None

    def open(self) -> int | DeviceFault:
        if not os.path.exists(self._port):
            return DeviceFault.NOT_FOUND
        if not os.access(self._port, os.R_OK | os.W_OK):
            return DeviceFault.PERMISSION
        try:
            # Exclusive: two readers would each get half of a code.
            self._serial = serial.Serial(self._port, self._baud, timeout=0, exclusive=True)
        except (serial.SerialException, OSError, ValueError):
            return DeviceFault.NOT_ANSWERING
        return int(self._serial.fileno())

    def close(self) -> None:
        if self._serial is not None:
            self._serial.close()
            self._serial = None


class Lines:
    """Cuts the stream at CR, LF or both; a code's own separators (GS, RS, EOT) stay in it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._gathering = Gathering()

    def feed(self, data: bytes, at: float) -> list[ScannerReport]:
        reports: list[ScannerReport] = []
        *complete, rest = data.replace(b"\r", b"\n").split(b"\n")
        for piece in complete:
            self._gathering.add(piece, at)
            scan = scanned(self._gathering.end(at), self._source, at)
            if scan is not None:
                reports.append(scan)
        if rest:
            self._gathering.add(rest, at)
        return reports

    def reset(self) -> None:
        self._gathering.clear()


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry. Options: `port` (a path; use /dev/serial/by-id/...),
    `baud` (9600). Raises ValueError for options that cannot work."""
    unknown = set(options) - {"port", "baud"}
    if unknown:
        raise ValueError(f"a serial scanner has no option {', '.join(sorted(unknown))}")
    port, baud = options.get("port", ""), options.get("baud", 9600)
    if not isinstance(port, str) or not port.startswith("/"):
        raise ValueError("a serial scanner needs its port, such as /dev/ttyACM0")
    if isinstance(baud, bool) or not isinstance(baud, int) or baud <= 0:
        raise ValueError(f"baud is a number of bits a second, not {baud!r}")
    return LineScanner(name, SerialWire(port, baud), Lines(name), monotonic)
