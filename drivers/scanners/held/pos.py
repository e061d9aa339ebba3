"""A scanner with the USB profile "HID POS": payloads in reports, with their identifier, no keys.

The format is that of the HID Point of Sale Usage Tables 1.02, page 0x8C. Where each field lies is
told by the device's report descriptor (USB HID 1.11, section 6.2.2), which the kernel shows in
/sys/class/hidraw; the reports themselves come one at a read from /dev/hidrawN.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from drivers.scanners.held.hid import Field, input_fields
from drivers.scanners.held.line import Lines, LineScanner, Refusal, Wire
from drivers.scanners.held.typed import PATIENCE_S, End, Form, Gathering, Sent
from kiosk.ports import DeviceFault, Scanner

_open = os.open  # the seam: the one call that tests have no device for
_SYS = Path("/sys/class/hidraw")
_BYTE_COUNT = 0x0001003B
_AIM = (0x008C00FB, 0x008C00FC, 0x008C00FD)
_DATA, _CONTINUED = 0x008C00FE, 0x008C00FF


@dataclass(frozen=True, slots=True)
class Shape:
    """Where a report keeps what. `count` and `continued` may be missing."""

    data: Field
    aim: tuple[Field, ...]
    count: Field | None
    continued: Field | None


def shapes(descriptor: bytes) -> dict[int, Shape]:
    """The reports that carry codes, by their id (0 where reports have none)."""
    found: dict[int, Shape] = {}
    for report, fields in input_fields(descriptor).items():
        data = fields.get(_DATA)
        if data is not None and data.bits >= 8:
            aim = tuple(fields[usage] for usage in _AIM if usage in fields)
            found[report] = Shape(data, aim, fields.get(_BYTE_COUNT), fields.get(_CONTINUED))
    return found


@dataclass(frozen=True, slots=True)
class Node:
    """A hidraw device that sends codes."""

    path: Path
    usb: str
    shapes: Mapping[int, Shape]


def nodes(sys: Path = _SYS, dev: Path = Path("/dev")) -> list[Node]:
    """All of them, by name."""
    found: list[Node] = []
    for entry in sorted(sys.glob("hidraw*")):
        try:
            descriptor = (entry / "device/report_descriptor").read_bytes()
            about = (entry / "device/uevent").read_text()
        except OSError:
            continue
        ids = re.search(r"^HID_ID=\w+:0000(\w{4}):0000(\w{4})$", about, re.MULTILINE)
        usb = f"{ids[1]}:{ids[2]}".lower() if ids else ""
        carrying = shapes(descriptor)
        if carrying:
            found.append(Node(dev / entry.name, usb, carrying))
    return found


class Reports:
    """Makes payloads of reports; each call of `feed` has exactly one."""

    def __init__(self, carrying: Mapping[int, Shape]) -> None:
        self._shapes = carrying
        self._gathering = Gathering()
        self._aim = ""

    def feed(self, data: bytes, at: float) -> list[Sent]:
        complete = self.late(at)
        report = 0 if 0 in self._shapes else data[0]
        shape = self._shapes.get(report)
        if shape is None:
            return complete  # of its buttons or its battery
        body = data if report == 0 else data[1:]
        if not self._gathering.begun:
            self._aim = "".join(chr(field.number(body)) for field in shape.aim)
        self._gathering.add(_part(shape, body), at)
        if shape.continued is not None and shape.continued.number(body):
            return complete
        return complete + self._end(End.REPORT)

    def due(self) -> float | None:
        return self._gathering.last_at + PATIENCE_S if self._gathering.begun else None

    def late(self, at: float) -> list[Sent]:
        due = self.due()
        return [] if due is None or at < due else self._end(End.NONE)

    def _end(self, end: End) -> list[Sent]:
        sent = self._gathering.end(end)
        if sent is None:
            return []
        aim = self._aim if re.fullmatch(r"\][A-Za-z][0-9A-Za-z]", self._aim) else ""
        # A suffix that is still programmed from its days as a keyboard.
        payload = sent.payload.rstrip(b"\r\n")
        return [Sent(payload, end, sent.whole, aim, sent.lasted, sent.slowest, pieces=sent.pieces)]


def _part(shape: Shape, body: bytes) -> bytes:
    data = shape.data.bytes(body)
    if shape.count is None:
        return data.rstrip(b"\x00")
    return data[: shape.count.number(body)]


class PosWire(Wire):
    """Every HID POS scanner that fits. They type nothing, so there is nothing to grab."""

    def __init__(self, usb: str, device: str, there: Callable[[], list[Node]] = nodes) -> None:
        self._usb = usb
        self._device = device
        self._there = there
        self._open: dict[int, Path] = {}

    def open(self) -> Lines | Refusal:
        fitting = self._fitting()
        if not fitting:
            sought = self._device or self._usb or "HID POS scanner"
            return Refusal(DeviceFault.NOT_FOUND, f"no {sought} that sends codes")
        lines: dict[int, Reports] = {}
        refusal = Refusal(DeviceFault.NOT_FOUND)
        for node in fitting:
            opened = self._take(node)
            if isinstance(opened, Refusal):
                refusal = opened
            else:
                lines[opened] = Reports(node.shapes)
        return lines or refusal

    def also(self) -> Lines:
        new = [node for node in self._fitting() if node.path not in self._open.values()]
        opened = [(self._take(node), node) for node in new]
        return {fd: Reports(node.shapes) for fd, node in opened if isinstance(fd, int)}

    def drop(self, descriptor: int) -> bool:
        self._close(descriptor)
        return bool(self._open)

    def close(self) -> None:
        for descriptor in list(self._open):
            self._close(descriptor)

    def _close(self, descriptor: int) -> None:
        del self._open[descriptor]
        with suppress(OSError):
            os.close(descriptor)

    def _fitting(self) -> list[Node]:
        real = Path(self._device).resolve() if self._device else None
        return [
            node
            for node in self._there()
            if (real is None or node.path == real) and (not self._usb or node.usb == self._usb)
        ]

    def _take(self, node: Node) -> int | Refusal:
        try:
            descriptor = _open(node.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except PermissionError:
            return Refusal(DeviceFault.PERMISSION, f"{node.path} may not be opened")
        except OSError as error:
            return Refusal(DeviceFault.NOT_ANSWERING, f"{node.path}: {error.strerror}")
        self._open[descriptor] = node.path
        return descriptor


def make(
    name: str, options: Mapping[str, str | int | bool], monotonic: Callable[[], float]
) -> Scanner:
    """The factory of drivers.registry. `usb` ("05e0:1300") or `device` (a path) narrow it down;
    without either it takes every HID POS scanner. Raises ValueError."""
    unknown = set(options) - {"usb", "device", "prefix", "tail", "separator"}
    if unknown:
        raise ValueError(f"a hid-pos scanner has no option {', '.join(sorted(unknown))}")
    usb, device = str(options.get("usb", "")).lower(), str(options.get("device", ""))
    if usb and not re.fullmatch(r"[0-9a-f]{4}:[0-9a-f]{4}", usb):
        raise ValueError(f"usb is vendor:product in hexadecimal, such as 05e0:1300, not {usb!r}")
    if device and not device.startswith("/"):
        raise ValueError(f"device is a path, not {device!r}")
    return LineScanner(name, PosWire(usb, device), monotonic, Form.of(options))
