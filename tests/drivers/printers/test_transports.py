"""The ways to a printer when nothing, or the wrong thing, is at the other end."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from drivers.printers.transports import Lost
from drivers.printers.transports.file import File
from drivers.printers.transports.network import Network
from drivers.printers.transports.serial import Flow, Serial
from drivers.printers.transports.usb import Usb
from drivers.registry import printer_factory
from kiosk.ports import DeviceFault, DeviceState, Unconfirmed
from tests.drivers.printers.conftest import draw, receipt

# --- network -------------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def read_to_the_end(host: socket.socket) -> None:
    while host.recv(1_000_000):
        pass


def test_nobody_listens() -> None:
    lost = Network("127.0.0.1", free_port(), 1.0).open()
    assert isinstance(lost, Lost)
    assert lost.fault is DeviceFault.NOT_FOUND


def test_ipv6_is_spoken() -> None:
    try:
        server = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        return  # a machine without IPv6 has nothing to prove here
    with server:
        line = Network("::1", server.getsockname()[1], 1.0)
        assert line.open() is None
        host, _ = server.accept()
        assert line.send(b"hello", 1.0) is None
        assert host.recv(16) == b"hello"
        host.sendall(b"\x12")
        assert line.receive(5.0) == b"\x12"
        host.close()
        line.close()


def test_silence_a_closed_line_and_an_unopened_one_are_three_things() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Network("127.0.0.1", server.getsockname()[1], 1.0)
        assert isinstance(line.receive(0.0), Lost)
        assert isinstance(line.send(b"x", 0.1), Lost)
        assert line.open() is None
        host, _ = server.accept()
        assert line.receive(0.01) == b""
        host.close()
        closed = line.receive(5.0)
        assert isinstance(closed, Lost)
        assert closed.fault is DeviceFault.DISCONNECTED
        line.close()
        line.close()


def test_a_peer_that_reads_nothing_stops_the_sending() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = Network("127.0.0.1", server.getsockname()[1], 1.0)
        assert line.open() is None
        lost = line.send(bytes(64_000_000), 0.05)
        assert isinstance(lost, Lost)
        assert lost.fault is DeviceFault.NOT_ANSWERING
        assert line.abandon()
        line.close()
        host, _ = server.accept()
        with host, pytest.raises(ConnectionResetError):
            read_to_the_end(host)


# --- file ----------------------------------------------------------------------------------------


def test_a_plain_file_grows_by_each_receipt(tmp_path: Path) -> None:
    path = tmp_path / "receipts.bin"
    printer = printer_factory("escpos-file")(
        "file", 576, 203, {"path": str(path)}, draw, time.monotonic
    )
    assert isinstance(printer.print(receipt()), Unconfirmed)  # a file cannot confirm anything
    once = path.stat().st_size
    assert isinstance(printer.print(receipt()), Unconfirmed)
    assert path.stat().st_size == 2 * once
    assert path.read_bytes().startswith(b"\x1b\x40")
    assert printer.status().state is DeviceState.UNKNOWN


def test_a_printer_that_is_not_plugged_in_never_becomes_a_plain_file_in_dev() -> None:
    lost = File("/dev/takeback-no-such-printer").open()
    assert isinstance(lost, Lost)
    assert lost.fault is DeviceFault.NOT_FOUND
    assert not Path("/dev/takeback-no-such-printer").exists()


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    lost = File(str(tmp_path / "none" / "receipts.bin")).open()
    assert isinstance(lost, Lost)
    assert lost.fault is DeviceFault.NOT_FOUND


def test_a_pipe_that_nobody_reads_is_not_printed_into(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert isinstance(File(str(path)).open(), Lost)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    line = File(str(path))
    assert line.open() is None
    assert line.send(b"hello", 1.0) is None
    assert os.read(reader, 16) == b"hello"
    os.close(reader)
    line.close()


def test_a_device_that_only_swallows_says_nothing_and_costs_no_time() -> None:
    line = File("/dev/null")
    assert line.open() is None
    assert line.send(b"hello", 1.0) is None
    assert line.receive(60.0) == b""
    assert not line.answers
    line.close()


# --- serial --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/dev/takeback-no-such-line", "/dev/null"])
def test_no_serial_line_there(path: str) -> None:
    assert isinstance(Serial(path, 9600, Flow.NONE).open(), Lost)


def test_a_serial_line_that_is_not_open() -> None:
    line = Serial("/dev/takeback-no-such-line", 9600, Flow.NONE)
    assert isinstance(line.send(b"x", 0.1), Lost)
    assert isinstance(line.receive(0.0), Lost)
    assert not line.abandon()
    line.close()


# --- USB -----------------------------------------------------------------------------------------


class FakeEndpoint:
    bmAttributes = 2  # bulk
    wMaxPacketSize = 64

    def __init__(self, address: int) -> None:
        self.bEndpointAddress = address
        self.written = b""
        self.replies: list[bytes | OSError] = []
        self.refuses: OSError | None = None

    def write(self, data: bytes, _timeout: int) -> int:
        if self.refuses is not None:
            raise self.refuses
        self.written += data[:1000]
        return len(data[:1000])

    def read(self, _size: int, _timeout: int) -> bytes:
        reply = self.replies.pop(0) if self.replies else OSError(110, "timed out")
        if isinstance(reply, OSError):
            raise reply
        return reply


class FakeInterface(list[FakeEndpoint]):
    bInterfaceClass = 7
    bInterfaceNumber = 0


class FakeDevice:
    """As much of a pyusb device as is used; libusb itself needs hardware."""

    def __init__(self) -> None:
        self.out, self.into = FakeEndpoint(0x01), FakeEndpoint(0x82)
        self.attached = True
        self._ctx = SimpleNamespace(
            managed_claim_interface=lambda *_: None,
            managed_release_interface=lambda *_: None,
            dispose=lambda *_: None,
        )

    def get_active_configuration(self) -> list[FakeInterface]:
        return [FakeInterface([self.out, self.into])]

    def is_kernel_driver_active(self, _interface: int) -> bool:
        return self.attached

    def detach_kernel_driver(self, _interface: int) -> None:
        self.attached = False

    def attach_kernel_driver(self, _interface: int) -> None:
        self.attached = True


@pytest.fixture
def device() -> FakeDevice:
    return FakeDevice()


def test_usb_moves_bytes_both_ways_and_gives_the_device_back(device: FakeDevice) -> None:
    line = Usb(0x04B8, None, find=lambda _vendor, _product: device)
    assert line.open() is None
    assert not device.attached
    assert line.send(bytes(range(256)) * 10, 1.0) is None
    assert device.out.written == bytes(range(256)) * 10
    device.into.replies = [b"\x12"]
    assert line.receive(1.0) == b"\x12"
    assert line.receive(1.0) == b""
    line.close()
    assert device.attached


@pytest.mark.parametrize(
    ("number", "fault"),
    [(13, DeviceFault.PERMISSION), (19, DeviceFault.DISCONNECTED), (5, DeviceFault.DISCONNECTED)],
)
def test_usb_errors_while_printing(device: FakeDevice, number: int, fault: DeviceFault) -> None:
    line = Usb(None, None, find=lambda _vendor, _product: device)
    assert line.open() is None
    device.out.refuses = OSError(number, "no")
    device.into.replies = [OSError(number, "no")]
    for found in (line.send(b"x", 1.0), line.receive(1.0)):
        assert isinstance(found, Lost)
        assert found.fault is fault
    line.close()


def test_no_usb_printer_no_libusb_and_no_permission_are_values() -> None:
    def no_library(_vendor: int | None, _product: int | None) -> object:
        raise ValueError("No backend available")

    def forbidden(_vendor: int | None, _product: int | None) -> object:
        raise OSError(13, "Access denied")

    faults = []
    for find in (lambda _v, _p: None, no_library, forbidden):
        lost = Usb(0x04B8, 0x0202, find=find).open()
        assert isinstance(lost, Lost)
        faults.append(lost.fault)
    assert faults == [DeviceFault.NOT_FOUND, DeviceFault.NOT_FOUND, DeviceFault.PERMISSION]


# --- options -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("driver", "options", "complaint"),
    [
        ("escpos-network", {}, "'host'"),
        ("escpos-network", {"host": "p", "port": 0}, "'port'"),
        ("escpos-network", {"host": "p", "port": True}, "'port'"),
        ("escpos-network", {"host": "p", "prot": 9100}, "unknown option prot"),
        ("escpos-network", {"host": "p", "cut": "half"}, "'cut'"),
        ("escpos-network", {"host": "p", "job_mark": "yes"}, "'job_mark'"),
        ("escpos-serial", {"device": "/dev/ttyS0", "flow": "hope"}, "'flow'"),
        ("escpos-usb", {"vendor": "epson"}, "0x04b8"),
        ("escpos-file", {"path": ""}, "'path'"),
    ],
)
def test_options_that_cannot_work_are_refused_with_their_name(
    driver: str, options: dict[str, str | int | bool], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        printer_factory(driver)("p", 576, 203, options, draw, time.monotonic)
