"""A scanner that types, played through a pipe with the kernel's own event format."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from drivers.scanners.keymap import CAPS, PLAIN, SHIFTED, Keyboard
from drivers.scanners.wedge import EVENT, Keys, find, make
from kiosk.ports import DeviceFault, DeviceState, Symbology

pytestmark = pytest.mark.usefixtures("no_thread_left")

ENTER, TAB, LEFT_SHIFT, LEFT_CTRL, BRACKET = 28, 15, 42, 29, 27


def event(code: int, value: int, kind: int = 1) -> bytes:
    return EVENT.pack(0, 0, kind, code, value) + EVENT.pack(0, 0, 0, 0, 0)


def tap(code: int) -> bytes:
    return event(code, 1) + event(code, 0)


def with_key(held: int, code: int) -> bytes:
    return event(held, 1) + tap(code) + event(held, 0)


def typed(text: str, end: int = ENTER) -> bytes:
    """What a US keyboard sends for a text."""
    plain = {char: code for code, char in PLAIN.items()}
    shifted = {char: code for code, char in SHIFTED.items()}
    keys = b"".join(
        tap(plain[char]) if char in plain else with_key(LEFT_SHIFT, shifted[char]) for char in text
    )
    return keys + tap(end)


def scan_of(data: bytes, at: float = 1.0):
    (scan,) = Keys("wedge").feed(data, at)
    return scan


@pytest.mark.parametrize("end", [ENTER, TAB, 96])
def test_characters_until_enter_or_tab_are_a_scan(end) -> None:
    scan = scan_of(typed("RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./", end))
    assert (scan.text, scan.raw) == (
        "RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./",
        b"RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./",
    )
    assert (scan.symbology, scan.aim, scan.source) == (Symbology.UNKNOWN, "", "wedge")


def test_every_printable_character_has_a_key() -> None:
    every = "".join(chr(c) for c in range(33, 127))
    assert scan_of(typed("x" + every)).text == "x" + every


def test_the_identifier_is_split_off() -> None:
    scan = scan_of(typed("]C1010950600013435210AB"))
    assert (scan.aim, scan.symbology, scan.text) == (
        "]C1",
        Symbology.CODE_128,
        "010950600013435210AB",
    )


def test_the_group_separator_comes_through_and_no_other_control_key() -> None:
    keys = with_key(LEFT_CTRL, BRACKET) + with_key(LEFT_CTRL, 46) + tap(111) + tap(1)
    data = typed("]d20100")[: -len(tap(ENTER))] + keys + typed("21")
    assert scan_of(data).raw == b"0100\x1d21"


def test_caps_lock_turns_letters_only() -> None:
    keyboard = Keyboard()
    keyboard.event(CAPS, 1)
    keyboard.event(CAPS, 0)
    assert [keyboard.event(code, 1) for code in (30, 2)] == ["A", "1"]


def test_keys_that_repeat_because_they_are_held_count_once() -> None:
    assert scan_of(event(30, 1) + event(30, 2) * 5 + event(30, 0) + tap(ENTER)).text == "a"


def test_enter_alone_is_no_scan() -> None:
    assert Keys("wedge").feed(tap(ENTER) * 3, 1.0) == []


def test_events_may_arrive_in_pieces() -> None:
    data, keys = typed("AB12"), Keys("wedge")
    heard = [scan for at in range(0, len(data), 7) for scan in keys.feed(data[at : at + 7], 1.0)]
    assert [scan.text for scan in heard] == ["AB12"]


def test_a_scan_that_broke_off_does_not_stick_to_the_next() -> None:
    keys = Keys("wedge")
    keys.feed(typed("BROKEN")[: -len(tap(ENTER))], 1.0)
    assert [scan.text for scan in keys.feed(typed("WHOLE"), 5.0)] == ["WHOLE"]


def test_more_than_any_code_can_hold_is_dropped_and_the_next_scan_is_whole() -> None:
    keys = Keys("wedge")
    assert keys.feed(typed("A" * 8000), 1.0) == []
    assert [scan.text for scan in keys.feed(typed("OK"), 1.1)] == ["OK"]


def test_a_scan_of_which_the_kernel_lost_keys_is_dropped() -> None:
    keys = Keys("wedge")
    assert keys.feed(event(3, 0, kind=0) + typed("HOLE"), 1.0) == []
    assert [scan.text for scan in keys.feed(typed("OK"), 1.1)] == ["OK"]


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "event7"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    yield path, writer
    os.close(writer)


def test_through_the_same_bytes_as_a_device(pipe, ear) -> None:
    path, writer = pipe
    wedge = make("wedge", {"device": str(path)}, monotonic)
    wedge.start(ear)
    ear.fault(DeviceFault.NONE)
    os.write(writer, typed("]Q1RK1:A") + typed("TB0012345675"))
    ear.wait(lambda r: len(ear.scans) == 2)
    wedge.stop()
    wedge.stop()
    assert [(s.text, s.symbology) for s in ear.scans] == [
        ("RK1:A", Symbology.QR),
        ("TB0012345675", Symbology.UNKNOWN),
    ]


def test_plugged_in_late_and_again(tmp_path, ear) -> None:
    path = tmp_path / "event7"
    wedge = make("wedge", {"device": str(path)}, monotonic)
    wedge.expect(frozenset({Symbology.QR}))
    wedge.start(ear)
    assert ear.fault(DeviceFault.NOT_FOUND).state is DeviceState.ABSENT
    for code in ("FIRST", "SECOND"):
        heard = len(ear.heard)
        os.mkfifo(path)
        writer = os.open(path, os.O_RDWR)
        ear.fault(DeviceFault.NONE, after=heard)
        os.write(writer, typed(code))
        assert ear.scan(after=heard).text == code
        path.unlink()
        os.close(writer)
        ear.fault(DeviceFault.DISCONNECTED, after=heard)
    wedge.stop()


def test_a_device_that_cannot_be_taken_from_others_is_not_used(ear) -> None:
    """/dev/null is a character device that knows no grab."""
    wedge = make("wedge", {"device": "/dev/null"}, monotonic)
    wedge.start(ear)
    assert ear.fault(DeviceFault.NOT_ANSWERING).state is DeviceState.FAULTY
    wedge.stop()


def plug(sys: Path, number: int, vendor: str, product: str, name: str, keys: str) -> None:
    about = sys / f"event{number}" / "device"
    for part, text in (
        ("id/vendor", vendor),
        ("id/product", product),
        ("name", name),
        ("capabilities/key", keys),
    ):
        (about / part).parent.mkdir(parents=True, exist_ok=True)
        (about / part).write_text(text + "\n")


def test_a_scanner_is_found_by_its_usb_numbers_or_its_name(tmp_path) -> None:
    letters = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
    plug(tmp_path, 2, "05e0", "1200", "Symbol Scanner Consumer Control", "3f 0 0 0")
    plug(tmp_path, 10, "05e0", "1200", "Symbol Bar Code Scanner", letters)
    plug(tmp_path, 3, "046d", "c31c", "Office Keyboard", letters)
    dev = Path("/dev/input")
    assert find("05E0:1200", "", tmp_path) == dev / "event10"
    assert find("", "bar code", tmp_path) == dev / "event10"
    assert find("ffff:0000", "", tmp_path) is None
    assert find("", "no such thing", tmp_path) is None


@pytest.mark.parametrize(
    "options",
    [{}, {"usb": "05e0"}, {"usb": "05e0:1200", "label": "x"}, {"device": "event3"}, {"name": "x"}],
)
def test_options_that_cannot_work_are_refused(options) -> None:
    with pytest.raises(ValueError, match=r"wedge|usb|path"):
        make("wedge", options, monotonic)
