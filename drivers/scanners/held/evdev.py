"""Event devices of Linux: the few calls that we make, and the bytes that come (linux/input.h)."""

from __future__ import annotations

import fcntl
import os
import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

EVENT = struct.Struct("llHHi")  # struct input_event: seconds, microseconds, type, code, value
EV_SYN, EV_KEY, EV_LED = 0, 1, 0x11
SYN_REPORT, SYN_DROPPED = 0, 3
KEY_BYTES = 96  # KEY_CNT is 0x300, a bit each

EVIOCGRAB = 0x40044590
EVIOCSCLOCKID = 0x400445A0
EVIOCGKEY = 0x80004518 | KEY_BYTES << 16
_CLOCK_MONOTONIC = 1
_NUM_LIGHT, _CAPS_LIGHT = 0, 1


class Kernel(Protocol):
    """The seam: all that is ever asked of the system for an event device."""

    def open(self, path: Path) -> int:
        """Raises OSError."""
        ...

    def is_device(self, descriptor: int) -> bool:
        """False for a pipe or a recording, where there is nothing that could be grabbed."""
        ...

    def ioctl(self, descriptor: int, request: int, argument: int | bytes) -> bytes:
        """Raises OSError."""
        ...

    def write(self, descriptor: int, data: bytes) -> None:
        """Raises OSError."""
        ...

    def close(self, descriptor: int) -> None: ...


class Linux:
    """The real one."""

    def open(self, path: Path) -> int:
        flags = os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
        if not stat.S_ISCHR(os.stat(path).st_mode):
            return os.open(path, os.O_RDONLY | flags)
        try:
            return os.open(path, os.O_RDWR | flags)  # to write is to set its lights
        except PermissionError:
            return os.open(path, os.O_RDONLY | flags)

    def is_device(self, descriptor: int) -> bool:
        return stat.S_ISCHR(os.fstat(descriptor).st_mode)

    def ioctl(self, descriptor: int, request: int, argument: int | bytes) -> bytes:
        answer = fcntl.ioctl(descriptor, request, argument)
        return answer if isinstance(answer, bytes) else b""

    def write(self, descriptor: int, data: bytes) -> None:
        os.write(descriptor, data)

    def close(self, descriptor: int) -> None:
        os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Key:
    """A key event; `at` is monotonic seconds."""

    code: int
    value: int
    at: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The kernel lost events before this point."""

    at: float


class Events:
    """Cuts the byte stream into events. After SYN_DROPPED everything up to the next report is
    void (Documentation/input/event-codes.rst), and `Lost` stands in for it."""

    def __init__(self) -> None:
        self._rest = b""
        self._dropping = False

    def read(self, data: bytes, at: float) -> Iterator[Key | Lost]:
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        for seconds, micros, kind, code, value in EVENT.iter_unpack(data[:whole]):
            stamp = seconds + micros / 1e6
            # Its own time where it counts in our clock: reading may have been late.
            when = stamp if 0 < stamp <= at < stamp + 60 else at
            if kind == EV_SYN and code == SYN_DROPPED:
                self._dropping = True
            elif kind == EV_SYN and code == SYN_REPORT and self._dropping:
                self._dropping = False
                yield Lost(when)
            elif kind == EV_KEY and not self._dropping:
                yield Key(code, value, when)


def take(kernel: Kernel, descriptor: int) -> None:
    """Keep every key of a device to ourselves, and count its time in our clock. Raises OSError."""
    kernel.ioctl(descriptor, EVIOCGRAB, 1)
    try:
        kernel.ioctl(descriptor, EVIOCSCLOCKID, struct.pack("i", _CLOCK_MONOTONIC))
        # Some scanners look at the lights and type for a locked keyboard: Caps Lock off and Num
        # Lock on make them type plainly. Other keyboards cannot change a grabbed one's lights.
        lights = ((EV_LED, _CAPS_LIGHT, 0), (EV_LED, _NUM_LIGHT, 1), (EV_SYN, SYN_REPORT, 0))
        kernel.write(descriptor, b"".join(EVENT.pack(0, 0, *light) for light in lights))
    except OSError:
        pass  # neither is needed: reading time is near enough, and most have no lights


def held(kernel: Kernel, descriptor: int) -> frozenset[int]:
    """The keys that are down now; none where the device cannot say."""
    try:
        bits = kernel.ioctl(descriptor, EVIOCGKEY, bytes(KEY_BYTES))
    except OSError:
        return frozenset()
    return frozenset(8 * i + j for i, byte in enumerate(bits) for j in range(8) if byte >> j & 1)
