"""A scanner that types: a USB keyboard as far as Linux knows, taken away from everybody else.

The device is grabbed, so that no barcode can press keys in any window, a terminal included.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

from drivers.scanners.keymap import ENDS, Keyboard
from drivers.scanners.line import LineScanner
from drivers.scanners.typed import Gathering, scanned
from kiosk.ports import DeviceFault, Scanner, ScannerReport

EVENT = struct.Struct("llHHi")  # struct input_event: time, type, code, value
_EV_SYN, _EV_KEY = 0, 1
_SYN_DROPPED = 3
_EVIOCGRAB = 0x40044590
_SYS = Path("/sys/class/input")


def find(usb: str, label: str, sys: Path = _SYS, dev: Path = Path("/dev/input")) -> Path | None:
    """The event device with this `vvvv:pppp`, or whose name contains `label`; the first one that
    has letter keys, because such a scanner often brings a second device with power keys only."""
    for entry in sorted(sys.glob("event*"), key=lambda p: int(p.name[5:] or 0)):
        about = entry / "device"
        same = usb and f"{_text(about / 'id/vendor')}:{_text(about / 'id/product')}" == usb.lower()
        called = label and label.lower() in _text(about / "name").lower()
        if (same or called) and _types(about):
            return dev / entry.name
    return None


def _types(about: Path) -> bool:
    """Has it the keys A and Enter? The kernel prints key bits in words, the lowest last."""
    words = _text(about / "capabilities/key").split()
    lowest = int(words[-1], 16) if words else 0
    return bool(lowest >> 28 & 1 and lowest >> 30 & 1)


def _text(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


class WedgeWire:
    """An event device, by path or looked for anew each time, since numbers change on replugging."""

    def __init__(self, where: Callable[[], Path | None]) -> None:
        self._where = where
        self._descriptor = -1

    def open(self) -> int | DeviceFault:
        path = self._where()
        if path is None or not path.exists():
            return DeviceFault.NOT_FOUND
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            return DeviceFault.PERMISSION
        except OSError:
            return DeviceFault.NOT_ANSWERING
        self._descriptor = descriptor
        if not stat.S_ISCHR(os.fstat(descriptor).st_mode):
            return descriptor  # a recording or a pipe: nothing there that could be grabbed
        try:
            fcntl.ioctl(descriptor, _EVIOCGRAB, 1)
        except OSError:
            self.close()
            return DeviceFault.NOT_ANSWERING  # another program holds it and gets every key
        return descriptor

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class Keys:
    """Makes scans of key events: characters until Enter or Tab."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.reset()

    def reset(self) -> None:
        self._keyboard = Keyboard()
        self._gathering = Gathering()
        self._rest = b""
        self._spoilt = False

    def feed(self, data: bytes, at: float) -> list[ScannerReport]:
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        reports: list[ScannerReport] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == _EV_SYN and code == _SYN_DROPPED:
                self._spoilt = True  # the kernel lost keys: what is typed now has a gap
            elif kind == _EV_KEY:
                reports.extend(self._key(code, value, at))
        return reports

    def _key(self, code: int, value: int, at: float) -> list[ScannerReport]:
        if code not in ENDS:
            self._gathering.add(self._keyboard.event(code, value).encode("latin-1"), at)
            return []
        if value != 1:
            return []
        payload, spoilt = self._gathering.end(at), self._spoilt
        self._spoilt = False
        scan = None if spoilt else scanned(payload, self._source, at)
        return [] if scan is None else [scan]


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry. One option of `usb` ("05e0:1200"), `label` (a part of the
    device's name) and `device` (a path, best one of /dev/input/by-id). Raises ValueError."""
    unknown = set(options) - {"usb", "label", "device"}
    if unknown or len(options) != 1:
        raise ValueError("a wedge scanner needs one of usb, label, device, and nothing else")
    usb, label, device = (str(options.get(key, "")) for key in ("usb", "label", "device"))
    if usb and not re.fullmatch(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}", usb):
        raise ValueError(f"usb is vendor:product in hexadecimal, such as 05e0:1200, not {usb!r}")
    if not (usb or label or device.startswith("/")):
        raise ValueError(f"device is a path, not {device!r}")
    where = (lambda: Path(device)) if device else (lambda: find(usb, label))
    return LineScanner(name, WedgeWire(where), Keys(name), monotonic)
