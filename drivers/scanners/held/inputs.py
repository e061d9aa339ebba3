"""Which event devices there are, and which of them belong to one scanner.

Many scanners are composite: a keyboard, and beside it a second device with media or power keys.
They share their physical path up to the interface: `usb-0000:00:14.0-1.4/input0` and `.../input1`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SYS = Path("/sys/class/input")
_INTERFACE = re.compile(r"/input\d+$")
DEV = Path("/dev/input")


@dataclass(frozen=True, slots=True)
class Node:
    """An event device. `types`: it has letters and Enter. `body` is common to the nodes of one
    physical device."""

    path: Path
    usb: str
    name: str
    body: str
    types: bool


def nodes(sys: Path = SYS, dev: Path = DEV) -> list[Node]:
    """All of them, by number."""
    found: list[Node] = []
    for entry in sorted(sys.glob("event*"), key=_number):
        about = entry / "device"
        usb = f"{_text(about / 'id/vendor')}:{_text(about / 'id/product')}"
        # On Bluetooth the path is that of the computer's own radio, and `uniq` the device.
        physical = _INTERFACE.sub("", _text(about / "phys"))
        body = " ".join(filter(None, (physical, _text(about / "uniq")))) or entry.name
        found.append(Node(dev / entry.name, usb, _text(about / "name"), body, _types(about)))
    return found


def _number(entry: Path) -> int:
    digits = entry.name[5:]
    return int(digits) if digits.isdecimal() else 0


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


@dataclass(frozen=True, slots=True)
class Where:
    """What the settings say of a scanner: one of `usb` ("05e0:1200"), `label` (a part of its
    name) and `device` (a path)."""

    usb: str = ""
    label: str = ""
    device: str = ""

    def __str__(self) -> str:
        return self.usb or self.label or self.device


def bodies(where: Where, there: Sequence[Node]) -> list[list[Node]]:
    """The scanners that fit, each with all of its nodes. Only one that types is a scanner; a path
    names one device, usb and label every one of that kind."""
    real = Path(where.device).resolve() if where.device else None
    fitting = dict.fromkeys(node.body for node in there if _fits(node, where, real))
    if not fitting and real is not None and real.exists():
        # Nothing that the kernel lists, as in a container: it is what the engineer says it is.
        return [[Node(real, "", "", str(real), True)]]
    found = [[node for node in there if node.body == body] for body in fitting]
    return [body for body in found if any(node.types for node in body)]


def _fits(node: Node, where: Where, real: Path | None) -> bool:
    if real is not None:
        return node.path == real
    if where.usb:
        return node.usb == where.usb.lower()
    return where.label.lower() in node.name.lower()


def described(there: Sequence[Node]) -> str:
    """The devices that type, for an engineer who looks for the right one."""
    typing = [f"{node.usb} {node.name!r}" for node in there if node.types]
    return ", ".join(typing) or "none"
