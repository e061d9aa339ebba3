"""The wedge over whatever is there to type: always the seam, and on a machine with /dev/uinput
that we may write (root, mostly) a keyboard that the kernel itself makes. Where there is none, the
second is not collected: a container has no input devices, and pretending would prove nothing."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.scanners.held import inputs
from drivers.scanners.held.evdev import EVIOCGRAB, Linux
from drivers.scanners.held.inputs import Node
from drivers.scanners.held.wedge import make_over
from kiosk.ports import DeviceFault
from tests.drivers.scanners.held.typing_scanner import FakeKernel, typed

pytestmark = pytest.mark.usefixtures("no_thread_left")

UINPUT = Path("/dev/uinput")
KINDS = ["seam", *(["uinput"] if os.access(UINPUT, os.W_OK) else [])]
NAME = "Takeback test scanner"

# linux/uinput.h
_SET_EVENT, _SET_KEY, _SETUP = 0x40045564, 0x40045565, 0x405C5503
_CREATE, _DESTROY = 0x5501, 0x5502


@contextmanager
def kernels_own() -> Iterator[tuple[object, object, object]]:
    """A keyboard of the kernel's making, under USB numbers that nobody has."""
    device = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
    try:
        fcntl.ioctl(device, _SET_EVENT, 1)
        for key in range(1, 112):
            fcntl.ioctl(device, _SET_KEY, key)
        about = struct.pack("HHHH80sI", 3, 0xF0F0, 0x0F0F, 1, NAME.encode(), 0)
        fcntl.ioctl(device, _SETUP, about)
        fcntl.ioctl(device, _CREATE)
        yield Linux(), inputs.nodes, lambda keys: os.write(device, keys)
        fcntl.ioctl(device, _DESTROY)
    finally:
        os.close(device)


@contextmanager
def seam() -> Iterator[tuple[object, object, object]]:
    kernel = FakeKernel()
    plug = kernel.plug(7, usb="f0f0:0f0f", name=NAME)
    yield kernel, kernel.nodes, plug.write
    kernel.end()


@pytest.fixture(params=KINDS)
def keyboard(request):
    with {"seam": seam, "uinput": kernels_own}[request.param]() as parts:
        yield parts


def test_it_is_found_grabbed_read_and_missed(keyboard, ear) -> None:
    kernel, there, write = keyboard
    wedge = make_over(kernel, "wedge", {"usb": "f0f0:0f0f"}, time.monotonic, there)
    wedge.start(ear)
    ear.fault(DeviceFault.NONE)
    write(typed("]Q1RK1:A"))
    scan = ear.scan()
    assert (scan.text, scan.aim) == ("RK1:A", "]Q1")
    wedge.stop()


def test_nobody_else_can_take_it_meanwhile(keyboard, ear) -> None:
    kernel, there, _ = keyboard
    wedge = make_over(kernel, "wedge", {"label": NAME}, time.monotonic, there)
    wedge.start(ear)
    ear.fault(DeviceFault.NONE)
    (node,) = [node for node in there() if isinstance(node, Node) and node.name == NAME]
    other = kernel.open(node.path)
    with pytest.raises(OSError, match="busy"):
        kernel.ioctl(other, EVIOCGRAB, 1)
    kernel.close(other)
    wedge.stop()
