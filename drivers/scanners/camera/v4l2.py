"""The controls of a V4L2 camera: exposure, focus and the like (linux/videodev2.h, v4l2-controls.h).

They are set by ioctl on a file of their own, beside the one that OpenCV streams from, as the
kernel allows: OpenCV has no names for some of them, and cannot tell a control's range or whether
the device has it at all. What the device made of a value is read back.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum

_QUERYCAP, _QUERYCTRL, _QUERYMENU = 0x80685600, 0xC0445624, 0xC02C5625
_G_CTRL, _S_CTRL = 0xC008561B, 0xC008561C
_QUERY = struct.Struct("=II32siiiiI8x")
_VALUE = struct.Struct("=Ii")
_MENU = struct.Struct("=II32sI")
_CAPABILITY = struct.Struct("=16s32s32sIII12x")
_DISABLED = 0x0001
_TYPE_MENU = 3

Ioctl = Callable[[int, int, bytearray], object]


class Id(IntEnum):
    """The controls that matter to a scanner."""

    AUTO_WHITE_BALANCE = 0x0098090C
    GAIN = 0x00980913
    POWER_LINE_FREQUENCY = 0x00980918
    WHITE_BALANCE_TEMPERATURE = 0x0098091A
    EXPOSURE_AUTO = 0x009A0901
    EXPOSURE_ABSOLUTE = 0x009A0902
    FOCUS_ABSOLUTE = 0x009A090A
    FOCUS_AUTO = 0x009A090C


MANUAL, AUTO, APERTURE_PRIORITY = 1, 0, 3  # values of EXPOSURE_AUTO; UVC cameras know 1 and 3


@dataclass(frozen=True, slots=True)
class Range:
    """What a control takes; `menu` are the values that exist where they are names."""

    least: int
    most: int
    step: int
    usual: int
    menu: frozenset[int] = frozenset()

    def nearest(self, value: int) -> int:
        """The closest value that the control can have."""
        step = max(1, self.step)
        value = min(self.most, max(self.least, value))
        return self.least + round((value - self.least) / step) * step


class Controls:
    """One camera's controls. Nothing raises: a device that does not answer has no controls."""

    def __init__(self, path: str, ioctl: Ioctl = fcntl.ioctl) -> None:
        self._ioctl = ioctl
        try:
            self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            with suppress(OSError):
                os.close(file)

    def card(self) -> str:
        """The camera's own name; "" when it tells none."""
        answer = self._ask(_QUERYCAP, bytearray(_CAPABILITY.size))
        if answer is None:
            return ""
        return bytes(_CAPABILITY.unpack(answer)[1]).split(b"\0")[0].decode(errors="replace")

    def range(self, control: Id) -> Range | None:
        """None for a control that the camera does not have."""
        answer = self._ask(_QUERYCTRL, bytearray(_QUERY.pack(control, 0, b"", 0, 0, 0, 0, 0)))
        if answer is None:
            return None
        _, kind, _, least, most, step, usual, flags = _QUERY.unpack(answer)
        if flags & _DISABLED:
            return None
        menu = self._menu(control, least, most) if kind == _TYPE_MENU else frozenset()
        return Range(least, most, step, usual, menu)

    def get(self, control: Id) -> int | None:
        answer = self._ask(_G_CTRL, bytearray(_VALUE.pack(control, 0)))
        return None if answer is None else int(_VALUE.unpack(answer)[1])

    def set(self, control: Id, value: int) -> int | None:
        """Set it, and tell what it is then; None when the camera does not take it."""
        if self._ask(_S_CTRL, bytearray(_VALUE.pack(control, value))) is None:
            return None
        return self.get(control)

    def _menu(self, control: Id, least: int, most: int) -> frozenset[int]:
        def exists(index: int) -> bool:
            return self._ask(_QUERYMENU, bytearray(_MENU.pack(control, index, b"", 0))) is not None

        return frozenset(filter(exists, range(max(0, least), min(most, 31) + 1)))

    def _ask(self, request: int, block: bytearray) -> bytearray | None:
        if self._file < 0:
            return None
        try:
            self._ioctl(self._file, request, block)
        except OSError:
            return None
        return block
