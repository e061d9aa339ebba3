"""What only hardware has of a V4L2 camera, made up: OpenCV's capture and the kernel's ioctl."""

from __future__ import annotations

import errno

import cv2
import numpy as np

from drivers.scanners.camera import v4l2
from drivers.scanners.camera.v4l2 import Controls, Id

PICTURE = np.zeros((720, 1280, 3), np.uint8)


class Kernel:
    """The camera's side of the controls, in the bytes of linux/videodev2.h.

    `has` is control to (kind, least, most, step, usual, menu); `holds` their values; `stubborn`
    ones take a value and stay as they are.
    """

    def __init__(self) -> None:
        menu = (3, 0, 3, 1, 3, {1, 3})
        self.has = {
            Id.EXPOSURE_AUTO: menu,
            Id.EXPOSURE_ABSOLUTE: (1, 3, 2047, 1, 250, set()),
            Id.GAIN: (1, 0, 255, 1, 0, set()),
            Id.FOCUS_ABSOLUTE: (1, 0, 250, 5, 0, set()),
            Id.FOCUS_AUTO: (2, 0, 1, 1, 1, set()),
            Id.POWER_LINE_FREQUENCY: (3, 0, 2, 1, 2, {0, 1, 2}),
        }
        self.holds = {control: values[4] for control, values in self.has.items()}
        self.stubborn: set[Id] = set()
        self.closed = 0

    def __call__(self, file: int, request: int, block: bytearray) -> None:
        if request == 0x80685600:  # VIDIOC_QUERYCAP
            block[16:48] = b"Test Camera".ljust(32, b"\0")
            return
        control = int.from_bytes(block[:4], "little")
        if control not in self.has:
            raise OSError(errno.EINVAL, "no such control")
        kind, least, most, step, usual, menu = self.has[Id(control)]
        match request:
            case 0xC0445624:  # VIDIOC_QUERYCTRL
                block[:] = v4l2._QUERY.pack(control, kind, b"", least, most, step, usual, 0)
            case 0xC02C5625:  # VIDIOC_QUERYMENU
                if int.from_bytes(block[4:8], "little") not in menu:
                    raise OSError(errno.EINVAL, "no such item")
            case 0xC008561C:  # VIDIOC_S_CTRL
                value = int.from_bytes(block[4:8], "little", signed=True)
                if not least <= value <= most or (menu and value not in menu):
                    raise OSError(errno.ERANGE, "out of range")
                if control not in self.stubborn:
                    self.holds[Id(control)] = value
            case 0xC008561B:  # VIDIOC_G_CTRL
                block[4:8] = self.holds[Id(control)].to_bytes(4, "little", signed=True)

    def controls(self, path: str) -> Controls:
        return Controls(path, self)


class Capture:
    """An OpenCV capture that answers as told. Each grab takes `takes` seconds of the clock, or
    none while `buffered` frames wait; `stamp` tells when the frame was taken."""

    def __init__(self, time, takes: float = 0.03) -> None:
        self.time, self.takes = time, takes
        self.came, self.opened, self.whole = True, True, True
        self.buffered = 0
        self.stamps: list[float] = []
        self.grabs = self.decoded = 0
        self.size = (1280.0, 720.0)
        self.released = False

    def isOpened(self) -> bool:
        return self.opened

    def set(self, *_: float) -> bool:
        return True

    def get(self, wanted: int) -> float:
        if wanted == cv2.CAP_PROP_POS_MSEC:
            return self.stamps[min(self.grabs, len(self.stamps)) - 1] * 1000 if self.stamps else 0.0
        known = {
            cv2.CAP_PROP_FRAME_WIDTH: self.size[0],
            cv2.CAP_PROP_FRAME_HEIGHT: self.size[1],
            cv2.CAP_PROP_FPS: 30.0,
        }
        return known.get(wanted, 0.0)

    def grab(self) -> bool:
        self.grabs += 1
        if self.buffered:
            self.buffered -= 1
        else:
            self.time.now += self.takes
        return self.came

    def retrieve(self):
        self.decoded += 1
        return self.whole, PICTURE if self.whole else None

    def release(self) -> None:
        self.released = True
