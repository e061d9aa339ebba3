"""A scanner with the USB profile HID POS: its reports as the kernel hands them over."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from drivers.scanners.held import pos
from drivers.scanners.held.hid import Field, input_fields
from drivers.scanners.held.line import LineScanner
from drivers.scanners.held.pos import Node, PosWire, Reports, make, nodes, shapes
from drivers.scanners.held.typed import End
from kiosk.ports import DeviceFault, Symbology

pytestmark = pytest.mark.usefixtures("no_thread_left")

# Byte count, three bytes of identifier, 56 of data, two of the maker's own, a bit for "more".
USUAL = bytes.fromhex(
    "058c 0902 a101 8502 0912 a102 1500 26ff00 7508"
    "9501 0501 093b 8102"
    "9503 058c 09fb 09fc 09fd 8102"
    "9538 09fe 820201"
    "9502 0600ff 0901 0902 8102"
    "058c 1500 2501 7501 9501 09ff 8102"
    "7507 9501 8103"
    "c0"
    "8504 0914 a102 7501 9501 0900 9102 7507 9501 9103 c0"
    "c0"
)
# Without a byte count and without "more"; identifier first, then 59 bytes, and no report id.
BARE = bytes.fromhex("058c 0902 a101 7508 9503 19fb 29fd 8102 953b 09fe 8102 c0")
KEYBOARD = bytes.fromhex("0501 0906 a101 0507 19e0 29e7 7501 9508 8102 c0")


def reports(payload: bytes, aim: bytes = b"]d2") -> list[bytes]:
    """What a scanner with the usual descriptor sends for a payload."""
    parts = [payload[at : at + 56] for at in range(0, len(payload), 56)] or [b""]
    last = len(parts) - 1
    return [
        bytes([2, len(part)]) + aim + part.ljust(56, b"\0") + b"s\0" + bytes([number < last])
        for number, part in enumerate(parts)
    ]


def sent(payload: bytes, aim: bytes = b"]d2", descriptor: bytes = USUAL):
    parser = Reports(shapes(descriptor))
    (one,) = [s for report in reports(payload, aim) for s in parser.feed(report, 1.0)]
    return one


def test_where_the_fields_of_the_usual_report_lie() -> None:
    shape = shapes(USUAL)[2]
    assert shape.count == Field(0, 8)
    assert shape.aim == (Field(8, 8), Field(16, 8), Field(24, 8))
    assert shape.data == Field(32, 448)
    assert shape.continued == Field(496, 1)


def test_reports_of_output_and_of_other_devices_carry_no_codes() -> None:
    assert set(shapes(USUAL)) == {2}
    assert shapes(KEYBOARD) == {}


def test_a_short_code() -> None:
    one = sent(b"010950600013435210AB")
    assert (one.payload, one.aim, one.end) == (b"010950600013435210AB", "]d2", End.REPORT)


@pytest.mark.parametrize("length", [55, 56, 57, 112, 300, 2000])
def test_a_code_over_several_reports(length) -> None:
    payload = bytes(n % 255 + 1 for n in range(length))
    assert sent(payload).payload == payload.rstrip(b"\r\n")


def test_binary_bytes_are_counted_not_looked_for() -> None:
    assert sent(b"\x00A\x00\x1d\x00").payload == b"\x00A\x00\x1d\x00"


def test_an_end_left_over_from_its_days_as_a_keyboard_is_no_part_of_it() -> None:
    assert sent(b"TB0012345675\r\n").payload == b"TB0012345675"


@pytest.mark.parametrize("aim", [b"\0\0\0", b"abc", b"]d\0"])
def test_what_is_no_identifier_is_none(aim) -> None:
    assert sent(b"X", aim).aim == ""


def test_a_report_without_a_count_ends_at_its_zeros() -> None:
    (one,) = Reports(shapes(BARE)).feed(b"]Q1" + b"RK1:A".ljust(59, b"\0"), 1.0)
    assert (one.payload, one.aim) == (b"RK1:A", "]Q1")


def test_half_a_code_is_dropped_and_told() -> None:
    parser = Reports(shapes(USUAL))
    first, _ = reports(b"A" * 100)
    assert parser.feed(first, 1.0) == []
    assert parser.due() == 2.0
    half, whole = parser.feed(reports(b"WHOLE")[0], 9.0)
    assert (half.whole, whole.payload) == (False, b"WHOLE")


def test_a_code_that_never_ends_is_dropped() -> None:
    parser = Reports(shapes(USUAL))
    endless = reports(b"A" * 112)[0]
    assert [s for _ in range(200) for s in parser.feed(endless, 1.0)] == []
    (one,) = parser.feed(reports(b"END")[0], 1.0)
    assert not one.whole


def test_reports_of_buttons_are_passed_over_and_short_ones_survived() -> None:
    parser = Reports(shapes(USUAL))
    assert parser.feed(b"\x04\x01", 1.0) == []
    assert parser.feed(b"\x02", 1.0)[0].payload == b""


def test_no_descriptor_breaks_the_parser() -> None:
    dice = random.Random(7)
    for _ in range(400):
        junk = bytearray(USUAL)
        for _ in range(dice.randrange(1, 12)):
            junk[dice.randrange(len(junk))] = dice.randrange(256)
        cut = bytes(junk[: dice.randrange(len(junk))])
        for descriptor in (bytes(junk), cut, dice.randbytes(40)):
            for fields in input_fields(descriptor).values():
                assert all(field.bits <= 1 << 32 for field in fields.values())


# --- the device ---------------------------------------------------------------------------------


@pytest.fixture
def sys_hidraw(tmp_path) -> Path:
    for number, (descriptor, usb) in enumerate(
        ((KEYBOARD, "0000046D:0000C31C"), (USUAL, "000005E0:00001300"))
    ):
        device = tmp_path / f"hidraw{number}" / "device"
        device.mkdir(parents=True)
        (device / "report_descriptor").write_bytes(descriptor)
        (device / "uevent").write_text(f"DRIVER=hid-generic\nHID_ID=0003:{usb}\nHID_NAME=X\n")
    return tmp_path


def test_a_scanner_is_known_by_its_descriptor(sys_hidraw) -> None:
    (found,) = nodes(sys_hidraw)
    assert (found.path, found.usb) == (Path("/dev/hidraw1"), "05e0:1300")


class Plugs:
    """hidraw nodes that keep reports apart, as the kernel does."""

    def __init__(self) -> None:
        self.there: dict[Path, socket.socket] = {}
        self._kiosks: dict[Path, socket.socket] = {}

    def plug(self, number: int) -> socket.socket:
        path = Path(f"/dev/hidraw{number}")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        theirs.setblocking(False)
        self.there[path], self._kiosks[path] = ours, theirs
        return ours

    def nodes(self) -> list[Node]:
        return [Node(path, "05e0:1300", shapes(USUAL)) for path in self.there]

    def open(self, path: Path, flags: int) -> int:
        return os.dup(self._kiosks.pop(path).detach())

    def unplug(self, number: int) -> None:
        self.there.pop(Path(f"/dev/hidraw{number}")).close()


@pytest.fixture
def plugs(monkeypatch) -> Iterator[Plugs]:
    made = Plugs()
    monkeypatch.setattr(pos, "_open", made.open)
    yield made
    for end in made.there.values():
        end.close()


def test_scans_come_through_and_a_pulled_plug_is_noticed_and_mended(plugs, ear) -> None:
    scanner = LineScanner("pos", PosWire("05e0:1300", "", plugs.nodes), monotonic)
    scanner.start(ear)
    ear.fault(DeviceFault.NOT_FOUND)
    for number, code in enumerate(("FIRST" * 20, "SECOND")):
        heard = len(ear.heard)
        device = plugs.plug(number)
        ear.fault(DeviceFault.NONE, after=heard)
        for report in reports(code.encode(), b"]C1"):
            device.send(report)
        scan = ear.scan(after=heard)
        assert (scan.text, scan.aim, scan.symbology) == (code, "]C1", Symbology.CODE_128)
        device.send(reports(b"HALF" * 20)[0])
        plugs.unplug(number)
        ear.fault(DeviceFault.DISCONNECTED, after=heard)
    scanner.stop()
    assert len(ear.scans) == 2


@pytest.mark.parametrize(
    "options", [{"usb": "05e0"}, {"device": "hidraw1"}, {"port": "/dev/ttyS0"}]
)
def test_options_that_cannot_work_are_refused(options) -> None:
    with pytest.raises(ValueError, match=r"hid-pos|usb|device"):
        make("pos", options, monotonic)
