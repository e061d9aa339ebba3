"""The real driver on a virtual label printer: what came out, what did not, and what is said."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from drivers.printers import native
from drivers.registry import printer_factory
from drivers.virtual.label_printer import VirtualLabelPrinter
from kiosk.ports import (
    Bitmap,
    DeviceFault,
    DeviceState,
    Document,
    NotPrinted,
    Printed,
    Printer,
    Qr,
    Text,
    Unconfirmed,
)

LABEL = Document("Bag", "en", False, (Text("Bag"), Qr("TB0000000042M", "TB0000000042M")))
Make = Callable[..., Printer]


def draw(document: Document, width: int, dpi: int) -> Bitmap:
    """A rasteriser without Qt: the document's code alone, as large as the dots an inch say."""
    (qr,) = (block for block in document.blocks if isinstance(block, Qr))
    return native.qr_picture(qr.data, width, dpi)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[VirtualLabelPrinter]:
    printer = VirtualLabelPrinter(tmp_path / "labels", width=448)
    printer.start()
    yield printer
    printer.stop()


@pytest.fixture
def make(machine: VirtualLabelPrinter) -> Make:
    def build(**options: str | int | bool) -> Printer:
        where: dict[str, str | int | bool] = {"host": "127.0.0.1", "port": machine.port}
        factory = printer_factory("zpl-network")
        return factory("labels", 448, 203, {**where, **options}, draw, time.monotonic)

    return build


def test_a_label_comes_out_and_the_printer_says_so(
    machine: VirtualLabelPrinter, make: Make, tmp_path: Path
) -> None:
    assert make().print(LABEL) == Printed()
    assert len(machine.labels) == 1
    assert machine.wrong == []
    assert [file.name for file in (tmp_path / "labels").iterdir()] == ["label-0001.png"]


def test_too_high_a_label_is_drawn_smaller(machine: VirtualLabelPrinter, make: Make) -> None:
    assert make(height_mm=20).print(LABEL) == Printed()
    assert Image.open(io.BytesIO(machine.labels[0])).size == (448, 160)


def test_half_a_code_is_not_printed(machine: VirtualLabelPrinter, make: Make) -> None:
    outcome = make(height_mm=3).print(LABEL)
    assert isinstance(outcome, NotPrinted)
    assert "too small" in outcome.detail
    assert machine.labels == []


@pytest.mark.parametrize(
    ("verb", "fault"),
    [
        (VirtualLabelPrinter.take_out_labels, DeviceFault.PAPER_OUT),
        (VirtualLabelPrinter.take_out_ribbon, DeviceFault.RIBBON_OUT),
        (VirtualLabelPrinter.open_head, DeviceFault.COVER_OPEN),
        (VirtualLabelPrinter.pause, DeviceFault.PAUSED),
    ],
)
def test_nothing_is_sent_to_one_that_stands(
    machine: VirtualLabelPrinter,
    make: Make,
    verb: Callable[[VirtualLabelPrinter], None],
    fault: DeviceFault,
) -> None:
    verb(machine)
    printer = make()
    status = printer.status()
    assert (status.state, status.fault) == (DeviceState.FAULTY, fault)
    assert printer.print(LABEL) == NotPrinted(fault, "before sending")
    assert machine.labels == []


def test_mended_it_prints(machine: VirtualLabelPrinter, make: Make) -> None:
    machine.take_out_labels()
    machine.open_head()
    printer = make()
    assert isinstance(printer.print(LABEL), NotPrinted)
    machine.put_in_labels()
    machine.close_head()
    assert printer.status().state is DeviceState.READY
    assert printer.print(LABEL) == Printed()


def test_one_that_answers_nothing_confirms_nothing(
    machine: VirtualLabelPrinter, make: Make
) -> None:
    machine.go_silent()
    printer = make(answer_ms=50)
    assert printer.status().state is DeviceState.UNKNOWN
    assert isinstance(printer.print(LABEL), Unconfirmed)
    assert machine.await_labels(1)


def test_one_that_is_gone_is_absent(machine: VirtualLabelPrinter, make: Make) -> None:
    printer = make()
    machine.stop()
    assert printer.status().state is DeviceState.ABSENT
    assert isinstance(printer.print(LABEL), NotPrinted)


def test_plain_letters_where_nothing_can_be_drawn(
    machine: VirtualLabelPrinter, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(document: Document, width: int, dpi: int) -> Bitmap:
        del document, width, dpi
        raise RuntimeError("no fonts")

    where: dict[str, str | int | bool] = {"host": "127.0.0.1", "port": machine.port}
    printer = printer_factory("zpl-network")("l", 448, 203, where, broken, time.monotonic)
    assert printer.print(LABEL) == Printed()
    assert machine.wrong == []
    assert "could not be drawn" in caplog.text
