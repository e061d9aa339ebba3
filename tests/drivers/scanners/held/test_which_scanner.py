"""Which input devices of a machine are the scanner, and which options cannot work."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.scanners.held.inputs import Where, bodies, nodes
from drivers.scanners.held.wedge import make
from tests.drivers.scanners.held.typing_scanner import (
    LETTERS,
)

pytestmark = pytest.mark.usefixtures("no_thread_left")


def plug_in(sys: Path, number: int, usb: str, name: str, keys: str, phys: str = "") -> None:
    about = sys / f"event{number}" / "device"
    vendor, product = usb.split(":")
    for part, text in (
        ("id/vendor", vendor),
        ("id/product", product),
        ("name", name),
        ("capabilities/key", keys),
        ("phys", phys),
    ):
        (about / part).parent.mkdir(parents=True, exist_ok=True)
        (about / part).write_text(text + "\n")


@pytest.fixture
def sys_input(tmp_path) -> Path:
    plug_in(tmp_path, 2, "05e0:1200", "Symbol Consumer Control", "3f 0 0 0", "usb-1.4/input1")
    plug_in(tmp_path, 10, "05e0:1200", "Symbol Bar Code Scanner", LETTERS, "usb-1.4/input0")
    plug_in(tmp_path, 3, "046d:c31c", "Office Keyboard", LETTERS, "usb-1.2/input0")
    plug_in(tmp_path, 4, "05e0:1200", "Power Button", "10000000000000 0", "")
    return tmp_path


@pytest.mark.parametrize(
    "where",
    [Where(usb="05E0:1200"), Where(label="bar code"), Where(device="/dev/input/event10")],
)
def test_a_scanner_is_found_with_all_its_devices(sys_input, where) -> None:
    (found,) = bodies(where, nodes(sys_input))
    assert [node.path.name for node in found] == ["event2", "event10"]


def test_a_path_to_its_media_keys_leads_to_the_whole_scanner(sys_input) -> None:
    """Either of the links in /dev/input/by-id may have been copied into the settings."""
    (found,) = bodies(Where(device="/dev/input/event2"), nodes(sys_input))
    assert [node.path.name for node in found] == ["event2", "event10"]


def test_neighbours_at_the_same_controller_are_not_taken_along(tmp_path) -> None:
    """Bluetooth devices share the path of the radio, PS/2 ones that of their chip."""
    for number, (phys, uniq) in enumerate(
        (
            ("aa:bb:cc:dd:ee:ff", "11:11:11:11:11:11"),
            ("aa:bb:cc:dd:ee:ff", "22:22:22:22:22:22"),
            ("isa0060/serio0/input0", ""),
            ("isa0060/serio1/input0", ""),
        )
    ):
        plug_in(tmp_path, number, f"0001:000{number}", "Keys", LETTERS, phys)
        (tmp_path / f"event{number}/device/uniq").write_text(uniq + "\n")
    for number in range(4):
        (found,) = bodies(Where(usb=f"0001:000{number}"), nodes(tmp_path))
        assert [node.path.name for node in found] == [f"event{number}"]


@pytest.mark.parametrize("where", [Where(usb="ffff:0000"), Where(label="no such thing")])
def test_nothing_fits(sys_input, where) -> None:
    assert bodies(where, nodes(sys_input)) == []


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "needs one of"),
        ({"usb": "05e0"}, "usb is vendor"),
        ({"usb": "05e0:1200", "label": "x"}, "needs one of"),
        ({"device": "event3"}, "is a path"),
        ({"name": "x"}, "no option name"),
        ({"label": "x", "layout": "klingon"}, "layout is one of us, uk, de"),
        ({"label": "x", "suffix": "bell"}, "suffix of a wedge"),
        ({"label": "x", "gap_ms": 5}, "from 20 to 1000"),
        ({"label": "x", "prefix": 5}, "are texts"),
    ],
)
def test_options_that_cannot_work_are_refused(options, says) -> None:
    with pytest.raises(ValueError, match=says):
        make("wedge", options, time.monotonic)
