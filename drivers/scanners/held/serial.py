"""A hand-held or fixed scanner on a serial line, or on USB with a serial profile (CDC-ACM).

Only listened to: there is no standard command that makes every scanner scan, and an ACK or NAK
handshake is a maker's own option that is off unless switched on.
"""

from __future__ import annotations

import os
import re
import termios
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import serial

from drivers.scanners.held.framed import SUFFIXES, Framed
from drivers.scanners.held.line import Lines, LineScanner, Refusal, Wire
from drivers.scanners.held.typed import Form
from kiosk.ports import DeviceFault, Scanner

_SYS = Path("/sys/class/tty")
_PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


def ports(usb: str, sys: Path = _SYS, dev: Path = Path("/dev")) -> list[Path]:
    """The serial lines of a USB device such as "05e0:1701", by name."""
    found = []
    for entry in sorted(sys.glob("tty*")):
        device = (entry / "device").resolve()
        for about in (device, *device.parents[:3]):
            if (about / "idVendor").is_file():
                ids = [(about / part).read_text().strip() for part in ("idVendor", "idProduct")]
                if ":".join(ids) == usb.lower():
                    found.append(dev / entry.name)
                break
    return found


class SerialWire(Wire):
    """The first of some serial ports that nobody else reads."""

    def __init__(
        self,
        where: Callable[[], list[Path]],
        baud: int,
        parser: Callable[[], Framed],
        bits: int = 8,
        parity: str = "none",
    ) -> None:
        self._where = where
        self._baud = baud
        self._parser = parser
        self._bits = bits
        self._parity = _PARITIES[parity]
        self._serial: serial.Serial | None = None

    def open(self) -> Lines | Refusal:
        refusal = Refusal(DeviceFault.NOT_FOUND, "no serial line with these usb numbers")
        for port in self._where():
            opened = self._try(port)
            if not isinstance(opened, Refusal):
                return {opened: self._parser()}
            refusal = opened
        return refusal

    def _try(self, port: Path) -> int | Refusal:
        if not port.exists():
            return Refusal(DeviceFault.NOT_FOUND, f"{port} is not there")
        if not os.access(port, os.R_OK | os.W_OK):
            return Refusal(DeviceFault.PERMISSION, f"{port} may not be opened")
        try:
            # Exclusive: two readers would each get half of a code.
            self._serial = serial.Serial(
                str(port),
                self._baud,
                bytesize=self._bits,
                parity=self._parity,
                timeout=0,
                exclusive=True,
            )
            descriptor = int(self._serial.fileno())
            _mark_damage(descriptor)
        except (serial.SerialException, OSError, ValueError, termios.error) as error:
            self.close()
            return Refusal(DeviceFault.NOT_ANSWERING, f"{port}: {error}")
        return descriptor

    def close(self) -> None:
        port, self._serial = self._serial, None
        if port is not None:
            with suppress(OSError):
                port.close()


def _mark_damage(descriptor: int) -> None:
    """Have the kernel mark breaks and damaged bytes, where it would pass on a zero or flush what
    came before."""
    iflag, *others = termios.tcgetattr(descriptor)
    iflag &= ~(termios.IGNBRK | termios.BRKINT | termios.IGNPAR | termios.ISTRIP)
    iflag |= termios.PARMRK
    if others[1] & termios.PARENB:
        iflag |= termios.INPCK
    termios.tcsetattr(descriptor, termios.TCSANOW, [iflag, *others])


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry. Options: `port` (a path; use /dev/serial/by-id/...) or
    `usb` ("05e0:1701"), `baud` (9600) and others; see docs/engineer.md. Raises ValueError for
    options that cannot work."""
    unknown = set(options) - {
        "port", "usb", "baud", "bits", "parity", "suffix", "gap_ms", "prefix", "tail", "separator",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"a serial scanner has no option {', '.join(sorted(unknown))}")
    where = _where(str(options.get("port", "")), str(options.get("usb", "")))
    baud, gap = _number(options, "baud", 9600), _number(options, "gap_ms", 100)
    bits = _number(options, "bits", 8)
    parity, suffix = str(options.get("parity", "none")), str(options.get("suffix", "line"))
    if bits not in (7, 8):
        raise ValueError(f"bits of a serial scanner are 7 or 8, not {bits}")
    for key, value, known in (("parity", parity, _PARITIES), ("suffix", suffix, SUFFIXES)):
        if value not in known:
            raise ValueError(f"{key} of a serial scanner is one of {', '.join(known)}")
    wire = SerialWire(where, baud, lambda: Framed(suffix, gap / 1000), bits, parity)
    return LineScanner(name, wire, monotonic, Form.of(options))


def _where(port: str, usb: str) -> Callable[[], list[Path]]:
    if port and usb:
        raise ValueError("a serial scanner needs its port or its usb numbers, not both")
    if usb:
        if not re.fullmatch(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", usb):
            raise ValueError(f"usb is vendor:product in hexadecimal, not {usb!r}; serial scanner")
        return lambda: ports(usb)
    if not port.startswith("/"):
        raise ValueError("a serial scanner needs its port, such as /dev/ttyACM0")
    return lambda: [Path(port)]


def _number(options: Mapping[str, str | int | bool], key: str, default: int) -> int:
    value = options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        what = "a number of bits a second" if key == "baud" else "a number above zero"
        raise ValueError(f"{key} of a serial scanner is {what}, not {value!r}")
    return value
