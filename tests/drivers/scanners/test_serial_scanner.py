"""A scanner on a serial line, played through a pseudo-terminal."""

from __future__ import annotations

import os
import tty
from pathlib import Path
from time import monotonic

import pytest

from drivers.scanners.serial import Lines, make
from kiosk.ports import DeviceFault, DeviceState, Symbology

pytestmark = pytest.mark.usefixtures("no_thread_left")


def texts(*pieces: bytes, at: float = 1.0) -> list[bytes]:
    lines = Lines("serial")
    return [scan.raw for piece in pieces for scan in lines.feed(piece, at)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_line_is_a_scan_however_it_ends(end) -> None:
    assert texts(b"ONE" + end + b"TWO" + end) == [b"ONE", b"TWO"]


def test_a_line_may_come_in_pieces() -> None:
    assert texts(b"RK", b"1:A", b"\r", b"\nN", b"EXT\r\n") == [b"RK1:A", b"NEXT"]


def test_separators_of_gs1_stay_in_the_code() -> None:
    (scan,) = Lines("serial").feed(b"]d2010950600013435210AB\x1d21\x1e\x04\r\n", 1.0)
    assert scan.raw == b"010950600013435210AB\x1d21\x1e\x04"
    assert (scan.aim, scan.symbology) == ("]d2", Symbology.DATA_MATRIX)


def test_bytes_beyond_ascii_are_kept() -> None:
    (scan,) = Lines("serial").feed("]Q1Grüße\r".encode(), 1.0)
    assert scan.text == "Grüße"
    (scan,) = Lines("serial").feed(b"\xff\xfe\r", 1.0)
    assert (scan.raw, scan.text) == (b"\xff\xfe", "ÿþ")


def test_an_identifier_without_a_code_is_no_scan() -> None:
    assert texts(b"]Q1\r\n\r\n") == []


def test_half_a_line_from_before_is_dropped() -> None:
    lines = Lines("serial")
    assert lines.feed(b"HALF", 1.0) == []
    assert [scan.text for scan in lines.feed(b"WHOLE\r", 9.0)] == ["WHOLE"]


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
    scanner.start(ear)
    assert ear.fault(DeviceFault.NOT_FOUND).state is DeviceState.ABSENT
    for code in ("FIRST", "SECOND"):
        heard = len(ear.heard)
        port = Port(link)
        ear.fault(DeviceFault.NONE, after=heard)
        os.write(port.scanner, b"]C0" + code.encode() + b"\r\n")
        scan = ear.scan(after=heard)
        assert (scan.text, scan.symbology, scan.aim) == (code, Symbology.CODE_128, "]C0")
        port.unplug()
        ear.fault(DeviceFault.DISCONNECTED, after=heard)
    scanner.stop()
    scanner.stop()


def test_a_port_that_another_program_reads_does_not_answer(tmp_path, ear) -> None:
    port = Port(tmp_path / "ttyACM0")
    options = {"port": str(port.link)}
    first, second = (make(name, options, monotonic) for name in ("first", "second"))
    first.start(ear)
    ear.fault(DeviceFault.NONE)
    second.start(ear)
    ear.fault(DeviceFault.NOT_ANSWERING)
    second.stop()
    first.stop()
    port.unplug()


@pytest.mark.parametrize(
    "options",
    [{}, {"port": "COM3"}, {"port": "/dev/ttyS0", "baud": "fast"}, {"port": "/x", "bauds": 1}],
)
def test_options_that_cannot_work_are_refused(options) -> None:
    with pytest.raises(ValueError, match=r"serial|baud"):
        make("serial", options, monotonic)
