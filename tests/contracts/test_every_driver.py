"""What every driver in the registry promises, whatever it drives. A new driver is taken up by
its line in the registry; one without options here fails the first test."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from drivers import registry
from drivers.scanners.held.line import LineScanner
from kiosk.ports import (
    Bitmap,
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    NotPrinted,
    Printer,
    Scanner,
    ScannerReport,
    Symbology,
    Text,
    Unconfirmed,
)

Options = Mapping[str, str | int | bool]

# Options that name hardware which is surely not there.
ABSENT_SCANNERS: dict[str, Options] = {
    "camera": {"device": "/dev/takeback-none"},
    "virtual-camera": {"plugged": False},
    "wedge": {"device": "/dev/input/takeback-none"},
    "serial": {"port": "/dev/takeback-none"},
    "hid-pos": {"device": "/dev/takeback-none"},
}
ABSENT_PRINTERS: dict[str, Options] = {
    "escpos-network": {"host": "127.0.0.1", "port": 1, "connect_ms": 500},
    "escpos-usb": {"vendor": "0xffff", "product": "0xffff"},
    "escpos-serial": {"device": "/dev/takeback-none"},
    "escpos-file": {"path": "/dev/takeback-none"},
    "zpl-network": {"host": "127.0.0.1", "port": 1, "connect_ms": 500},
    "zpl-usb": {"vendor": "0xffff", "product": "0xffff"},
    "zpl-serial": {"device": "/dev/takeback-none"},
    "zpl-file": {"path": "/dev/takeback-none"},
}

RECEIPT = Document("Receipt", "en", False, (Text("Hello"),))


def draw(_document: Document, width: int, _dpi: int) -> Bitmap:
    return Bitmap(width, 1, bytes((width + 7) // 8))


def scanner(driver: str) -> Scanner:
    return registry.scanner_factory(driver)("eye", ABSENT_SCANNERS[driver], time.monotonic)


def printer(driver: str) -> Printer:
    factory = registry.printer_factory(driver)
    return factory("till", 576, 203, ABSENT_PRINTERS[driver], draw, time.monotonic)


@pytest.fixture(params=sorted(registry.SCANNERS))
def scanner_driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=sorted(registry.PRINTERS))
def printer_driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_this_suite_knows_every_driver() -> None:
    assert set(ABSENT_SCANNERS) == set(registry.SCANNERS)
    assert set(ABSENT_PRINTERS) == set(registry.PRINTERS)


def test_the_scanners_with_a_decoder_of_their_own_are_known() -> None:
    """`takeback scan --held` listens to these."""
    held = {name for name in registry.SCANNERS if "camera" not in name}
    assert held == registry.HELD
    for name in held:
        assert isinstance(scanner(name), LineScanner)


def test_an_unknown_driver_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"telepathy.*escpos-network"):
        registry.printer_factory("telepathy")
    with pytest.raises(KeyError, match=r"telepathy.*camera"):
        registry.scanner_factory("telepathy")


def test_a_wrong_option_is_a_sentence_for_the_engineer(
    scanner_driver: str, printer_driver: str
) -> None:
    with pytest.raises(ValueError, match=r"no_such_option|nothing else"):
        registry.scanner_factory(scanner_driver)(
            "eye", {**ABSENT_SCANNERS[scanner_driver], "no_such_option": 1}, time.monotonic
        )
    with pytest.raises(ValueError, match="no_such_option"):
        registry.printer_factory(printer_driver)(
            "till",
            576,
            203,
            {**ABSENT_PRINTERS[printer_driver], "no_such_option": 1},
            draw,
            time.monotonic,
        )


# --- scanners ------------------------------------------------------------------------------------


def test_a_scanner_that_is_not_there_says_so_and_goes_on_looking(scanner_driver: str) -> None:
    before = set(threading.enumerate())
    reports: list[ScannerReport] = []
    absent = threading.Event()

    def emit(report: ScannerReport) -> None:
        reports.append(report)
        if isinstance(report, DeviceStatus) and report.state is DeviceState.ABSENT:
            absent.set()

    device = scanner(scanner_driver)
    assert device.name == "eye"
    device.start(emit)
    device.expect(frozenset({Symbology.QR}))
    assert absent.wait(60)
    device.stop()
    device.stop()
    assert set(threading.enumerate()) <= before
    status = next(r for r in reports if isinstance(r, DeviceStatus))
    assert (status.device, status.family) == ("eye", DeviceFamily.SCANNER)
    assert status.fault in (DeviceFault.NOT_FOUND, DeviceFault.PERMISSION)


def test_a_scanner_may_be_stopped_before_it_was_started(scanner_driver: str) -> None:
    device = scanner(scanner_driver)
    device.stop()
    device.stop()


def test_a_scanner_may_be_started_again(scanner_driver: str) -> None:
    device = scanner(scanner_driver)
    for _ in range(2):
        absent = threading.Event()
        device.start(lambda _report, absent=absent: absent.set())  # type: ignore[misc]
        assert absent.wait(60)
        device.stop()


# --- printers ------------------------------------------------------------------------------------


def test_a_printer_that_is_not_there_says_so(printer_driver: str) -> None:
    device = printer(printer_driver)
    assert device.name == "till"
    status = device.status()
    assert (status.device, status.family) == ("till", DeviceFamily.PRINTER)
    assert status.state is DeviceState.ABSENT
    assert status.fault in (DeviceFault.NOT_FOUND, DeviceFault.PERMISSION)
    assert status.detail
    device.close()
    device.close()


def test_printing_on_it_is_a_value(printer_driver: str) -> None:
    outcome = printer(printer_driver).print(RECEIPT)
    assert isinstance(outcome, NotPrinted)
    assert outcome.fault in (DeviceFault.NOT_FOUND, DeviceFault.PERMISSION)


def test_a_printer_may_be_used_after_it_was_closed(printer_driver: str) -> None:
    device = printer(printer_driver)
    device.close()
    assert device.status().state is DeviceState.ABSENT
    assert isinstance(device.print(RECEIPT), NotPrinted)


def test_a_rasteriser_that_fails_does_not_raise(
    printer_driver: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_document: Document, _width: int, _dpi: int) -> Bitmap:
        raise RuntimeError("no fonts")

    factory = registry.printer_factory(printer_driver)
    device = factory("till", 576, 203, ABSENT_PRINTERS[printer_driver], broken, time.monotonic)
    assert isinstance(device.print(RECEIPT), NotPrinted)
    assert "could not be drawn" in caplog.text


@pytest.mark.parametrize("driver", ["escpos-file", "zpl-file"])
def test_nothing_is_promised_by_a_printer_that_cannot_answer(tmp_path: Path, driver: str) -> None:
    factory = registry.printer_factory(driver)
    path = str(tmp_path / "receipts.bin")
    device = factory("till", 576, 203, {"path": path}, draw, time.monotonic)
    assert isinstance(device.print(RECEIPT), Unconfirmed)
