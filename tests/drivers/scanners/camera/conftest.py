"""A V4L2 device over a made-up kernel and capture."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.scanners.camera.device import Device
from drivers.scanners.camera.nodes import Node
from drivers.scanners.camera.setup import setup
from tests.drivers.scanners.camera.made_up import Capture, Kernel


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def capture(time) -> Capture:
    return Capture(time)


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A character device that goes and comes as the test likes."""
    path = tmp_path / "video0"
    path.symlink_to("/dev/null")
    return path


@pytest.fixture
def make(time, kernel, capture, node):
    def device(**options: object) -> Device:
        opener = lambda path: capture  # noqa: E731 - in place of OpenCV's
        return Device(Node(str(node), node.parent), setup(options), time, opener, kernel.controls)

    return device
