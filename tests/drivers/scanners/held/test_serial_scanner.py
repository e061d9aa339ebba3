"""A scanner on a serial line, played through a pseudo-terminal."""

from __future__ import annotations

import os
import tty
from pathlib import Path
from time import monotonic

import pytest

from drivers.scanners.held.framed import Framed
from drivers.scanners.held.serial import make, ports
from drivers.scanners.held.typed import End, Form, scanned
from kiosk.ports import DeviceFault, DeviceState, Symbology

pytestmark = pytest.mark.usefixtures("no_thread_left")


def texts(*pieces: bytes, at: float = 1.0, suffix: str = "line") -> list[bytes]:
    lines = Framed(suffix)
    sent = [one for piece in pieces for one in lines.feed(piece, at)]
    return [one.payload for one in sent if one.whole]


def scan(payload: bytes, form: Form | None = None):
    return scanned(payload, "serial", 1.0, form=form)


# --- where a payload ends -------------------------------------------------------------------------


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_line_is_a_payload_however_it_ends(end) -> None:
    assert texts(b"ONE" + end + b"TWO" + end) == [b"ONE", b"TWO"]


def test_a_line_may_come_in_pieces() -> None:
    assert texts(b"RK", b"1:A", b"\r", b"\nN", b"EXT\r\n") == [b"RK1:A", b"NEXT"]


def test_a_tab_where_the_settings_say_so() -> None:
    assert texts(b"ONE\tTWO\r\t", suffix="tab") == [b"ONE", b"TWO\r"]


def test_from_stx_to_etx_line_ends_belong_to_the_payload() -> None:
    data = b"noise\x02[)>\x1e06\x1dP1\r\n\x1e\x04\x03\r\n\x02TW", b"O\x03"
    assert texts(*data, suffix="etx") == [b"[)>\x1e06\x1dP1\r\n\x1e\x04", b"TWO"]


def test_a_second_stx_begins_anew() -> None:
    assert texts(b"\x02HALF\x02WHOLE\x03", suffix="etx") == [b"WHOLE"]


def test_a_pause_where_the_scanner_sends_no_end() -> None:
    lines = Framed("none", gap_s=0.1)
    assert lines.feed(b"40063", 1.0) == []
    assert lines.feed(b"81333931", 1.05) == []
    assert lines.due() == pytest.approx(1.15)
    (sent,) = lines.late(1.2)
    assert (sent.payload, sent.end, sent.whole) == (b"4006381333931", End.SILENCE, True)


def test_half_a_line_from_before_is_dropped_and_told() -> None:
    lines = Framed()
    assert lines.feed(b"HALF", 1.0) == []
    (half, whole) = lines.feed(b"WHOLE\r", 9.0)
    assert (half.whole, half.end) == (False, End.NONE)
    assert (whole.payload, whole.whole) == (b"WHOLE", True)


def test_more_than_any_code_can_hold_is_dropped_and_the_next_is_whole() -> None:
    assert texts(b"A" * 5000, b"A" * 5000 + b"\r", b"OK\r") == [b"OK"]


# --- what the line damaged ------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"\xff\x00\x00", b"\xff\x00Q"], ids=["a break", "a bad byte"])
def test_a_payload_with_damage_in_it_is_dropped(mark) -> None:
    assert texts(b"HA" + mark + b"LF\rWHOLE\r") == [b"WHOLE"]


def test_a_mark_may_come_in_pieces_and_a_true_ff_is_one() -> None:
    assert texts(b"A\xff", b"\xffB\r") == [b"A\xffB"]
    assert texts(b"A\xff", b"\x00", b"\x00B\r", b"OK\r") == [b"OK"]


def test_noise_of_plugging_in_before_an_identifier_is_no_part_of_the_code() -> None:
    assert scan(b"\x00\xf8\xff]C1010950600013435210AB").text == "010950600013435210AB"
    assert scan(b"\x00\x00TB0012345675").raw == b"TB0012345675"
    assert scan(b"\x00\x00") is None


# --- what is in it --------------------------------------------------------------------------------


def test_separators_of_gs1_stay_in_the_code() -> None:
    found = scan(b"]d2010950600013435210AB\x1d21\x1e\x04")
    assert found.raw == b"010950600013435210AB\x1d21\x1e\x04"
    assert (found.aim, found.symbology) == ("]d2", Symbology.DATA_MATRIX)


def test_every_byte_of_a_binary_code_is_kept() -> None:
    every = bytes(b for b in range(256) if b not in b"\r\n")
    assert scan(b"]d1" + every).raw == every


def test_bytes_beyond_ascii_are_text_too() -> None:
    assert scan("]Q1Grüße".encode()).text == "Grüße"
    assert scan(b"\xff\xfeX").text == "ÿþX"


def test_an_identifier_without_a_code_is_no_scan() -> None:
    assert scan(b"]Q1") is None


def test_stx_and_etx_around_a_line_are_taken_off() -> None:
    assert scan(b"\x02]Q1RK1:A\x03").raw == b"RK1:A"


def test_the_way_terminals_write_gs_is_undone_in_gs1_codes_only() -> None:
    assert scan(b"]C10100^]21").raw == b"0100\x1d21"
    assert scan(b"]Q1a^]b").raw == b"a^]b"
    assert scan(b"0100|21", Form(separator=b"|")).raw == b"0100\x1d21"


# --- the port -------------------------------------------------------------------------------------


class Port:
    """The scanner's end of a pseudo-terminal, reachable under a path that can be unplugged."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.scanner, self._kiosk = os.openpty()
        tty.setraw(self._kiosk)
        link.symlink_to(os.ttyname(self._kiosk))

    def unplug(self) -> None:
        self.link.unlink()
        os.close(self._kiosk)
        os.close(self.scanner)


def test_scans_come_through_and_a_pulled_plug_is_noticed_and_mended(tmp_path, ear) -> None:
    link = tmp_path / "ttyACM0"
    scanner = make("serial", {"port": str(link), "baud": 115200}, monotonic)
    scanner.expect(frozenset({Symbology.QR}))
    scanner.start(ear)
    assert ear.fault(DeviceFault.NOT_FOUND).state is DeviceState.ABSENT
    for code in ("FIRST", "SECOND"):
        heard = len(ear.heard)
        port = Port(link)
        ear.fault(DeviceFault.NONE, after=heard)
        os.write(port.scanner, b"]C0" + code.encode() + b"\r\n]C0HALF")
        found = ear.scan(after=heard)
        assert (found.text, found.symbology, found.aim) == (code, Symbology.CODE_128, "]C0")
        port.unplug()
        ear.fault(DeviceFault.DISCONNECTED, after=heard)
    scanner.stop()
    scanner.stop()
    assert [one.text for one in ear.scans] == ["FIRST", "SECOND"]


def test_a_binary_code_comes_through_the_terminal_unchanged(tmp_path, ear) -> None:
    """No byte is eaten, doubled or translated: flow control, FF, line ends between STX and ETX."""
    port = Port(tmp_path / "ttyACM0")
    scanner = make("serial", {"port": str(port.link), "suffix": "etx"}, monotonic)
    scanner.start(ear)
    ear.fault(DeviceFault.NONE)
    every = bytes(b for b in range(256) if b not in b"\x02\x03")
    os.write(port.scanner, b"\x02]d1" + every + b"\x03")
    assert ear.scan().raw == every
    scanner.stop()
    port.unplug()


def test_a_scanner_without_a_suffix_is_heard_by_the_pause(tmp_path, ear) -> None:
    port = Port(tmp_path / "ttyACM0")
    options = {"port": str(port.link), "suffix": "none", "gap_ms": 60}
    scanner = make("serial", options, monotonic)
    scanner.start(ear)
    ear.fault(DeviceFault.NONE)
    os.write(port.scanner, b"]C0TB0012345675")
    assert ear.scan().text == "TB0012345675"
    scanner.stop()
    port.unplug()


def test_a_port_that_another_program_reads_does_not_answer(tmp_path, ear) -> None:
    port = Port(tmp_path / "ttyACM0")
    options = {"port": str(port.link)}
    first, second = (make(name, options, monotonic) for name in ("first", "second"))
    first.start(ear)
    ear.fault(DeviceFault.NONE)
    second.start(ear)
    assert "ttyACM0" in ear.fault(DeviceFault.NOT_ANSWERING).detail
    second.stop()
    first.stop()
    port.unplug()


def test_a_port_that_may_not_be_opened(tmp_path, ear, monkeypatch) -> None:
    port = Port(tmp_path / "ttyACM0")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    scanner = make("serial", {"port": str(port.link)}, monotonic)
    scanner.start(ear)
    assert ear.fault(DeviceFault.PERMISSION).state is DeviceState.FAULTY
    scanner.stop()
    port.unplug()


def test_a_line_is_found_by_the_usb_numbers_of_its_device(tmp_path) -> None:
    devices, classes = tmp_path / "devices", tmp_path / "class"
    classes.mkdir()
    for name, body, usb in (
        ("ttyACM0", "1-1.2", "0c2e:0caa"),
        ("ttyACM1", "1-1.4", "05e0:1701"),
        ("ttyUSB0", "1-1.5", "05e0:1701"),
    ):
        inside = devices / body / f"{body}:1.0" / ("ttyUSB0" if name == "ttyUSB0" else "")
        (inside / "tty" / name).mkdir(parents=True)
        for part, value in zip(("idVendor", "idProduct"), usb.split(":"), strict=True):
            (devices / body / part).write_text(value + "\n")
        (inside / "tty" / name / "device").symlink_to(inside)
        (classes / name).symlink_to(inside / "tty" / name)
    (classes / "tty0").mkdir()
    dev = Path("/dev")
    assert ports("05E0:1701", classes) == [dev / "ttyACM1", dev / "ttyUSB0"]
    assert ports("ffff:0000", classes) == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"port": "COM3"},
        {"port": "/dev/ttyS0", "usb": "05e0:1701"},
        {"usb": "05e0"},
        {"port": "/dev/ttyS0", "baud": "fast"},
        {"port": "/dev/ttyS0", "baud": True},
        {"port": "/dev/ttyS0", "bits": 9},
        {"port": "/dev/ttyS0", "parity": "mark"},
        {"port": "/dev/ttyS0", "suffix": "bell"},
        {"port": "/x", "bauds": 1},
    ],
)
def test_options_that_cannot_work_are_refused(options) -> None:
    with pytest.raises(ValueError, match="serial scanner"):
        make("serial", options, monotonic)
