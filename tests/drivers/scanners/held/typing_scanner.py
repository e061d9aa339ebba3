"""A scanner that types, as the kernel tells of it: real event bytes, and a kernel beneath."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.scanners.held.evdev import (
    EVENT,
    EVIOCGKEY,
    EVIOCGRAB,
    EVIOCSCLOCKID,
    KEY_BYTES,
)
from drivers.scanners.held.inputs import Node
from drivers.scanners.held.layouts import LAYOUTS, Layout

ENTER, TAB, LEFT_SHIFT, LEFT_CTRL, LEFT_ALT, ALT_GR, CAPS, BRACKET = 28, 15, 42, 29, 56, 100, 58, 27
US = LAYOUTS["us"]
KEYPAD = dict(zip("0123456789", (82, 79, 80, 81, 75, 76, 77, 71, 72, 73), strict=True))
LETTERS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"


def event(code: int, value: int, kind: int = 1) -> bytes:
    """One event and the report that closes it."""
    return EVENT.pack(0, 0, kind, code, value) + EVENT.pack(0, 0, 0, 0, 0)


def tap(code: int) -> bytes:
    return event(code, 1) + event(code, 0)


def chord(held: Iterable[int], code: int) -> bytes:
    """A key pressed while others are held."""
    down, up = [event(key, 1) for key in held], [event(key, 0) for key in held]
    return b"".join([*down, tap(code), *up])


def with_key(held: int, code: int) -> bytes:
    return chord((held,), code)


def keys_for(char: str, layout: Layout = US) -> bytes:
    """The keys that a scanner of this layout presses for a character."""
    for level, held in enumerate(((), (LEFT_SHIFT,), (ALT_GR,), (LEFT_SHIFT, ALT_GR))):
        if level >= len(layout.levels):
            break
        for code, typed in layout.levels[level].items():
            if typed == char:
                dead = (code, level) in layout.dead
                return chord(held, code) + (tap(57) if dead else b"")
    return by_number(char)


def by_number(char: str) -> bytes:
    """ALT and four digits on the keypad, as in ALT+0064."""
    (value,) = char.encode("cp1252")
    digits = b"".join(tap(KEYPAD[digit]) for digit in f"{value:04}")
    return event(LEFT_ALT, 1) + digits + event(LEFT_ALT, 0)


def typed(text: str, end: int | None = ENTER, layout: Layout = US) -> bytes:
    """What a scanner sends for a text."""
    keys = b"".join(keys_for(char, layout) for char in text)
    return keys if end is None else keys + tap(end)


@dataclass
class Plug:
    """One plugged-in event device: what is written to `write` comes out at its reader."""

    node: Node
    held: set[int] = field(default_factory=set)
    lights: bytes = b""
    refuses: int = 0  # an errno that opening it fails with
    grabbed_by: object = None
    ends: list[socket.socket] = field(default_factory=list)

    def write(self, data: bytes) -> None:
        for end in self.ends:
            end.sendall(data)


class FakeKernel:
    """drivers.scanners.held.evdev.Kernel over devices that a test plugs in."""

    def __init__(self) -> None:
        self.plugs: dict[Path, Plug] = {}
        self.asked: list[int] = []
        self.opened: list[Path] = []
        self._open: dict[int, tuple[socket.socket, Plug]] = {}

    def plug(self, number: int, usb: str = "05e0:1200", body: str = "usb-1.4", **more) -> Plug:
        path = Path(f"/dev/input/event{number}")
        types = more.pop("types", True)
        plug = Plug(Node(path, usb, more.pop("name", "Bar Code Scanner"), body, types), **more)
        self.plugs[path] = plug
        return plug

    def unplug(self, plug: Plug) -> None:
        del self.plugs[plug.node.path]
        for end in plug.ends:
            end.close()
        plug.ends.clear()

    def nodes(self) -> list[Node]:
        return [plug.node for plug in self.plugs.values()]

    def open(self, path: Path) -> int:
        if path not in self.plugs:
            raise FileNotFoundError(errno.ENOENT, "gone", str(path))
        plug = self.plugs[path]
        self.opened.append(path)
        if plug.refuses:
            raise OSError(plug.refuses, os.strerror(plug.refuses))
        mine, theirs = socket.socketpair()
        mine.setblocking(False)
        plug.ends.append(theirs)
        self._open[mine.fileno()] = mine, plug
        return mine.fileno()

    def is_device(self, descriptor: int) -> bool:
        return True

    def ioctl(self, descriptor: int, request: int, argument: int | bytes) -> bytes:
        self.asked.append(request)
        _, plug = self._open[descriptor]
        if request == EVIOCGRAB:
            if plug.grabbed_by is not None:
                raise OSError(errno.EBUSY, "Device or resource busy")
            plug.grabbed_by = self
        elif request == EVIOCGKEY:
            bits = bytearray(KEY_BYTES)
            for key in plug.held:
                bits[key // 8] |= 1 << key % 8
            return bytes(bits)
        else:
            assert request == EVIOCSCLOCKID
        return b""

    def write(self, descriptor: int, data: bytes) -> None:
        self._open[descriptor][1].lights += data

    def close(self, descriptor: int) -> None:
        mine, plug = self._open.pop(descriptor)
        mine.close()
        if plug.grabbed_by is self:
            plug.grabbed_by = None

    @property
    def grabbed(self) -> set[str]:
        return {p.node.path.name for p in self.plugs.values() if p.grabbed_by is self}

    def end(self) -> None:
        for plug in list(self.plugs.values()):
            self.unplug(plug)
