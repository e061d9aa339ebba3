"""A scanner that types: what is made of its keys, and that nobody else gets them."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.scanners.held.evdev import EVENT, EVIOCGRAB
from drivers.scanners.held.inputs import Where, bodies, nodes
from drivers.scanners.held.keys import Keys
from drivers.scanners.held.typed import End
from drivers.scanners.held.wedge import make, make_over
from kiosk.ports import DeviceFault, DeviceState, Symbology
from tests.drivers.scanners.held.typing_scanner import (
    ENTER,
    LEFT_CTRL,
    LEFT_SHIFT,
    LETTERS,
    TAB,
    US,
    FakeKernel,
    event,
    tap,
    typed,
    with_key,
)

pytestmark = pytest.mark.usefixtures("no_thread_left")
DROPPED = EVENT.pack(0, 0, 0, 3, 0)
REPORT = EVENT.pack(0, 0, 0, 0, 0)


def until(true) -> None:
    """For what nobody tells."""
    while not true():
        time.sleep(0.01)


def payloads(keys: Keys, data: bytes, at: float = 1.0) -> list[str]:
    return [sent.payload.decode() for sent in keys.feed(data, at) if sent.whole]


# --- what a payload is ----------------------------------------------------------------------------


@pytest.mark.parametrize(("end", "name"), [(ENTER, End.ENTER), (96, End.ENTER), (TAB, End.TAB)])
def test_characters_until_enter_or_tab_are_a_payload(end, name) -> None:
    (sent,) = Keys(US).feed(typed("RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./", end), 1.0)
    assert (sent.payload, sent.end) == (b"RK1:6BFOXN*TS0BI$ZD-PHQ7I9%+./", name)
    assert sent.whole


def test_ctrl_m_and_ctrl_j_end_a_payload_as_enter_does() -> None:
    data = typed("A", None) + with_key(LEFT_CTRL, 50) + with_key(LEFT_CTRL, 36)
    assert payloads(Keys(US), data + typed("B")) == ["A", "B"]


def test_enter_alone_is_no_payload() -> None:
    assert payloads(Keys(US), tap(ENTER) * 3) == []


def test_keys_that_repeat_because_they_are_held_count_once() -> None:
    data = event(30, 1) + event(30, 2) * 5 + event(30, 0) + tap(ENTER)
    assert payloads(Keys(US), data) == ["a"]


def test_events_may_arrive_in_pieces() -> None:
    data, keys = typed("AB12"), Keys(US)
    heard = [sent for at in range(0, len(data), 7) for sent in payloads(keys, data[at : at + 7])]
    assert heard == ["AB12"]


def test_keys_that_press_things_elsewhere_press_nothing() -> None:
    """Alt+F4, Ctrl+Alt+Delete, Ctrl+Alt+F1, Windows+R, Escape, Backspace, arrows, power."""
    evil = b"".join(
        (
            with_key(56, 62),
            event(29, 1) + with_key(56, 111) + with_key(56, 59) + event(29, 0),
            with_key(125, 19),
            *(tap(code) for code in (1, 14, 103, 108, 59, 111, 116, 139)),
            with_key(LEFT_CTRL, 46),
        )
    )
    (sent,) = Keys(US).feed(typed("AB", None) + evil + typed("CD"), 1.0)
    assert sent.payload == b"ABCD"
    assert sent.ignored >= 12


def test_a_payload_without_an_end_is_dropped_and_told_after_a_second() -> None:
    keys = Keys(US)
    assert keys.feed(typed("BROKEN", None), 1.0) == []
    assert keys.due() == 2.0
    (sent,) = keys.late(2.0)
    assert (sent.whole, sent.end) == (False, End.NONE)
    assert keys.due() is None
    assert payloads(keys, typed("WHOLE"), 5.0) == ["WHOLE"]


def test_what_broke_off_does_not_stick_to_what_comes_even_if_nobody_looked_meanwhile() -> None:
    keys = Keys(US)
    keys.feed(typed("BROKEN", None), 1.0)
    assert payloads(keys, typed("WHOLE"), 5.0) == ["WHOLE"]


def test_a_scanner_without_a_suffix_ends_by_a_pause() -> None:
    keys = Keys(US, gap_s=0.1)
    assert keys.feed(typed("]E04006381333931", None), 1.0) == []
    assert keys.late(1.05) == []
    (sent,) = keys.late(1.1)
    assert (sent.payload, sent.end, sent.whole) == (b"]E04006381333931", End.SILENCE, True)


def test_the_kernels_own_times_count_not_those_of_a_late_reader() -> None:
    """Two scans read in one go are two, by the pause that the kernel saw between them."""
    keys = Keys(US, gap_s=0.1)

    def at(seconds: float, code: int) -> bytes:
        return EVENT.pack(int(seconds), int(seconds % 1 * 1e6), 1, code, 1)

    data = at(9.0, 30) + at(9.01, 48) + at(9.5, 46)
    (first,) = keys.feed(data, 10.0)
    assert first.payload == b"ab"
    assert [sent.payload for sent in keys.late(10.0)] == [b"c"]


def test_more_than_any_code_can_hold_is_dropped_and_the_next_is_whole() -> None:
    keys = Keys(US)
    assert payloads(keys, typed("A" * 8000)) == []
    assert payloads(keys, typed("OK"), 1.1) == ["OK"]


# --- keys that the kernel lost --------------------------------------------------------------------


def test_a_payload_of_which_the_kernel_lost_keys_is_dropped() -> None:
    keys = Keys(US)
    data = typed("HO", None) + DROPPED + event(30, 1) + typed("LE")
    assert payloads(keys, data) == []
    assert payloads(keys, typed("OK"), 1.1) == ["OK"]


def test_everything_up_to_the_next_report_is_void_after_a_loss() -> None:
    """An Enter among the debris must not end anything."""
    keys = Keys(US)
    debris = EVENT.pack(0, 0, 1, ENTER, 1) + EVENT.pack(0, 0, 1, 30, 1)
    (sent,) = keys.feed(typed("HO", None) + DROPPED + debris + REPORT + typed("LE"), 1.0)
    assert (sent.payload, sent.whole) == (b"HOLE", False)


def test_after_a_loss_the_held_keys_are_asked_for() -> None:
    """Shift came up among the lost events: it must not hang for ever."""
    held: set[int] = set()
    keys = Keys(US, held=lambda: frozenset(held))
    keys.feed(event(LEFT_SHIFT, 1) + DROPPED + REPORT + tap(ENTER), 1.0)
    assert payloads(keys, typed("1a", None) + tap(ENTER), 1.1) == ["1a"]
    held.add(LEFT_SHIFT)
    keys.feed(DROPPED + REPORT + tap(ENTER), 1.2)
    assert payloads(keys, tap(30) + tap(ENTER), 1.3) == ["A"]


# --- the device ---------------------------------------------------------------------------------


@pytest.fixture
def kernel() -> Iterator[FakeKernel]:
    fake = FakeKernel()
    yield fake
    fake.end()


@pytest.fixture
def start(kernel, ear):
    """Starts a wedge over the fake kernel; all are stopped at the end."""
    started = []

    def go(ear=ear, **options):
        wedge = make_over(
            kernel, "wedge", options or {"usb": "05e0:1200"}, time.monotonic, kernel.nodes
        )
        wedge.start(ear)
        started.append(wedge)
        return wedge

    yield go
    for wedge in started:
        wedge.stop()


def test_a_scan_with_its_identifier(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("]C1010950600013435210AB"))
    scan = ear.scan()
    assert (scan.aim, scan.symbology, scan.text) == (
        "]C1",
        Symbology.CODE_128,
        "010950600013435210AB",
    )
    assert (scan.raw, scan.source) == (b"010950600013435210AB", "wedge")


def test_without_an_identifier_the_family_is_unknown(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("TB0012345675"))
    scan = ear.scan()
    assert (scan.aim, scan.symbology, scan.text) == ("", Symbology.UNKNOWN, "TB0012345675")


def test_every_device_of_a_composite_scanner_is_taken(kernel, start, ear) -> None:
    """The media keys as well: a code must not turn the kiosk's sound off, or the kiosk."""
    kernel.plug(6, types=False, name="Scanner Consumer Control")
    plug = kernel.plug(7)
    kernel.plug(8, types=False, name="Scanner System Control")
    kernel.plug(9, usb="046d:c31c", body="usb-1.2", name="Office Keyboard")
    start()
    ear.fault(DeviceFault.NONE)
    assert kernel.grabbed == {"event6", "event7", "event8"}
    kernel.plugs[Path("/dev/input/event8")].write(tap(116))
    plug.write(typed("RK1:A"))
    assert ear.scan().text == "RK1:A"


def test_it_is_given_back_when_the_kiosk_stops(kernel, start, ear) -> None:
    kernel.plug(7)
    wedge = start()
    ear.fault(DeviceFault.NONE)
    wedge.stop()
    wedge.stop()
    assert kernel.grabbed == set()


def test_the_lights_are_set_so_that_it_types_plainly(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    lights = [event[2:] for event in EVENT.iter_unpack(plug.lights)]
    assert lights == [(0x11, 1, 0), (0x11, 0, 1), (0, 0, 0)]


def test_two_of_a_model_are_one_scanner_and_do_not_mix(kernel, start, ear) -> None:
    left, right = kernel.plug(7, body="usb-1.3"), kernel.plug(8, body="usb-1.4")
    start()
    ear.fault(DeviceFault.NONE)
    for one, other in zip("LEFT", "ABCD", strict=True):
        left.write(typed(one, None))
        right.write(typed(other, None))
    left.write(tap(ENTER))
    right.write(tap(ENTER))
    ear.wait(lambda r: len(ear.scans) == 2)
    assert sorted(scan.text for scan in ear.scans) == ["ABCD", "LEFT"]
    kernel.unplug(left)
    right.write(typed("STILL HERE"))
    ear.wait(lambda r: len(ear.scans) == 3)
    assert ear.faults == [DeviceFault.NONE]


def test_a_second_one_is_taken_when_it_is_plugged_in(kernel, start, ear) -> None:
    kernel.plug(7, body="usb-1.3")
    start()
    ear.fault(DeviceFault.NONE)
    late = kernel.plug(12, body="usb-1.4")
    until(lambda: "event12" in kernel.grabbed)
    late.write(typed("LATE"))
    assert ear.scan().text == "LATE"


@pytest.mark.parametrize("half", ["HALF", ""])
def test_unplugged_in_the_middle_of_a_code_and_plugged_in_again(kernel, start, ear, half) -> None:
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed(half, None))
    kernel.unplug(plug)
    assert ear.fault(DeviceFault.DISCONNECTED).state is DeviceState.ABSENT
    back = kernel.plug(9)
    ear.fault(DeviceFault.NONE, after=2)
    back.write(typed("WHOLE"))
    assert ear.scan().text == "WHOLE"


def test_held_by_another_program(kernel, start, ear, caplog) -> None:
    plug = kernel.plug(7)
    plug.grabbed_by = "somebody"
    start()
    status = ear.fault(DeviceFault.NOT_ANSWERING)
    assert status.state is DeviceState.FAULTY
    assert "held by another program" in status.detail
    plug.grabbed_by = None
    ear.fault(DeviceFault.NONE)
    assert caplog.text.count("held by another program") == 1


def test_one_of_two_that_cannot_be_had_is_told_and_the_other_serves(
    kernel, start, ear, caplog
) -> None:
    kernel.plug(7, body="usb-1.3").grabbed_by = "somebody"
    plug = kernel.plug(8, body="usb-1.4")
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("OK"))
    assert ear.scan().text == "OK"
    assert caplog.text.count("a scanner is left out") == 1


def test_a_scanner_of_which_one_part_cannot_be_had_is_let_go_whole(kernel, start, ear) -> None:
    kernel.plug(6, types=False).grabbed_by = "somebody"
    kernel.plug(7)
    start()
    ear.fault(DeviceFault.NOT_ANSWERING)
    assert kernel.grabbed == set()


@pytest.mark.parametrize(
    ("refuses", "fault"),
    [
        (errno.EACCES, DeviceFault.PERMISSION),
        (errno.ENODEV, DeviceFault.NOT_FOUND),
        (errno.EIO, DeviceFault.NOT_ANSWERING),
    ],
)
def test_a_device_that_does_not_open(kernel, start, ear, refuses, fault) -> None:
    plug = kernel.plug(7, refuses=refuses)
    start()
    assert "event7" in ear.fault(fault).detail
    plug.refuses = 0
    ear.fault(DeviceFault.NONE)


def test_a_node_that_is_not_ours_yet_when_just_plugged_in_is_no_fault(kernel, start, ear) -> None:
    start()
    ear.fault(DeviceFault.NOT_FOUND)
    plug = kernel.plug(7, refuses=errno.EACCES)
    until(lambda: kernel.opened)
    plug.refuses = 0
    ear.fault(DeviceFault.NONE)
    assert ear.faults == [DeviceFault.NOT_FOUND, DeviceFault.NONE]


def test_an_absent_one_tells_what_types_here(kernel, start, ear) -> None:
    kernel.plug(9, usb="0c2e:0b61", name="Honeywell Imaging")
    start()
    detail = ear.fault(DeviceFault.NOT_FOUND).detail
    assert "no 05e0:1200" in detail
    assert "0c2e:0b61 'Honeywell Imaging'" in detail


def test_the_very_same_code_held_before_it_is_told_once(kernel, start, ear) -> None:
    """A trigger that is held, or a label before a scanner on its stand."""
    plug = kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    plug.write(typed("RK1:A") * 30 + typed("RK1:B") + typed("RK1:A"))
    ear.wait(lambda r: len(ear.scans) == 3)
    assert [scan.text for scan in ear.scans] == ["RK1:A", "RK1:B", "RK1:A"]


def test_what_an_installation_dresses_its_codes_in_is_taken_off(kernel, start, ear) -> None:
    plug = kernel.plug(7)
    start(usb="05e0:1200", prefix="S1-", tail="#", separator="{GS}")
    ear.fault(DeviceFault.NONE)
    plug.write(typed("S1-]d20100{GS}21A#") + typed("]d2S1-0100{GS}21B#"))
    ear.wait(lambda r: len(ear.scans) == 2)
    assert [scan.raw for scan in ear.scans] == [b"0100\x1d21A", b"0100\x1d21B"]
    assert {scan.aim for scan in ear.scans} == {"]d2"}


def test_a_scanner_of_another_layout(kernel, start, ear) -> None:
    from drivers.scanners.held.layouts import LAYOUTS

    plug = kernel.plug(7)
    start(usb="05e0:1200", layout="fr")
    ear.fault(DeviceFault.NONE)
    plug.write(typed("]Q1RK1:Zq0@~{}", layout=LAYOUTS["fr"]))
    assert ear.scan().text == "RK1:Zq0@~{}"


# --- over a pipe, without the seam ----------------------------------------------------------------


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    path = tmp_path / "event7"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)
    yield path, writer
    os.close(writer)


def test_through_the_same_bytes_as_a_device(pipe, ear) -> None:
    path, writer = pipe
    wedge = make("wedge", {"device": str(path)}, time.monotonic)
    wedge.start(ear)
    ear.fault(DeviceFault.NONE)
    os.write(writer, typed("]Q1RK1:A") + typed("TB0012345675"))
    ear.wait(lambda r: len(ear.scans) == 2)
    wedge.stop()
    assert [(s.text, s.symbology) for s in ear.scans] == [
        ("RK1:A", Symbology.QR),
        ("TB0012345675", Symbology.UNKNOWN),
    ]


def test_a_device_that_cannot_be_taken_from_others_is_not_used(ear) -> None:
    """/dev/null is a character device that knows no grab."""
    wedge = make("wedge", {"device": "/dev/null"}, time.monotonic)
    wedge.start(ear)
    status = ear.fault(DeviceFault.NOT_ANSWERING)
    assert "cannot be taken from others" in status.detail
    wedge.stop()


# --- which device it is ---------------------------------------------------------------------------


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


def test_nothing_but_these_calls_is_ever_made(kernel, start, ear) -> None:
    """The grab comes first: nothing typed may slip past before it."""
    kernel.plug(7)
    start()
    ear.fault(DeviceFault.NONE)
    assert kernel.asked[0] == EVIOCGRAB
