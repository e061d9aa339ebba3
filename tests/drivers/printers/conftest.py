"""A virtual printer and the real driver on it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printers import native
from drivers.printers.escpos_printer import EscposPrinter
from drivers.registry import printer_factory
from drivers.virtual.printer import Machine, VirtualPrinter, VirtualSerialPrinter
from kiosk.ports import Bitmap, Document, Gap, Pair, Qr, Text

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

Make = Callable[..., EscposPrinter]


def draw(document: Document, width: int, dpi: int) -> Bitmap:
    """A rasteriser without Qt: the document's code, and a grey block for every other piece."""
    stride = (width + 7) // 8
    rows = b""
    for block in document.blocks:
        match block:
            case Qr(data):
                rows += native.qr_picture(data, width).rows
            case Gap(mm):
                rows += bytes(stride * round(mm * dpi / 25.4))
            case _:
                rows += b"\x55" * stride * 20 + bytes(stride * 8)
    return Bitmap(width, len(rows) // stride, rows)


def receipt(items: int = 2, proof: str = "RP1:PROOF-OF-RETURN") -> Document:
    lines = [Pair(f"Item {n}", "12.00 €") for n in range(items)]
    return Document("Receipt", "en", False, (Text("Shop"), *lines, Qr(proof, "K1-000001")))


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[VirtualPrinter]:
    printer = VirtualPrinter(tmp_path / "slips")
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture(params=["network", "serial"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """The same machine on a network and on a serial line."""
    if request.param == "network":
        printer: Machine = VirtualPrinter(tmp_path / "slips")
    else:
        printer = VirtualSerialPrinter(tmp_path / "ttyPrinter", tmp_path / "slips")
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture
def make() -> Make:
    """The driver for a machine; patience is short where nothing will come. `stall` and `grace` are
    seconds that no setting has: a test that needs them to pass says how long."""

    def build(
        machine: Machine,
        stall: float = 4.0,
        grace: float = 3.0,
        **options: str | int | bool,
    ) -> EscposPrinter:
        if isinstance(machine, VirtualPrinter):
            driver, where = "escpos-network", {"host": "127.0.0.1", "port": machine.port}
        else:
            assert isinstance(machine, VirtualSerialPrinter)
            driver, where = "escpos-serial", {"device": str(machine.device)}
        factory = printer_factory(driver)
        printer = factory("till", 576, 203, {**where, **options}, draw, time.monotonic)
        assert isinstance(printer, EscposPrinter)
        printer._patience = replace(printer._patience, stall=stall, grace=grace)
        return printer

    return build
