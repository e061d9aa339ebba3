"""What becomes of a receipt: printed, unconfirmed or not printed, on a printer that is real but
for its metal."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from drivers.virtual.printer import Machine, VirtualPrinter
from kiosk.ports import (
    Bitmap,
    DeviceFault,
    DeviceState,
    Document,
    NotPrinted,
    Pair,
    Printed,
    Text,
    Unconfirmed,
)
from tests.drivers.printers.conftest import Make, draw, receipt

# More than a printer's buffer and the network's together, so that sending it must stop midway.
LONG = Document("Receipt", "en", False, (Text("x"),) * 400)


def read_codes(png: bytes) -> list[str]:
    image = Image.open(io.BytesIO(png)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(image)]


# --- well ----------------------------------------------------------------------------------------


def test_a_receipt_comes_out_and_the_printer_says_so(either: Machine, make: Make) -> None:
    assert make(either).print(receipt()) == Printed()
    assert either.await_slips(1)
    assert read_codes(either.slips[0].png) == ["RP1:PROOF-OF-RETURN"]


def test_every_dot_sent_is_on_the_paper(either: Machine, make: Make) -> None:
    expected = draw(receipt(), 576, 203)
    make(either).print(receipt())
    assert either.await_slips(1)
    paper = Image.open(io.BytesIO(either.slips[0].png)).convert("1").tobytes()
    printed = bytes(b ^ 0xFF for b in paper)
    assert printed[: len(expected.rows)] == expected.rows


def test_two_receipts_one_after_the_other_are_two_slips(either: Machine, make: Make) -> None:
    printer = make(either)
    assert [printer.print(receipt(proof=proof)) for proof in ("FIRST", "SECOND")] == [Printed()] * 2
    assert either.await_slips(2)
    assert [read_codes(slip.png) for slip in either.slips] == [["FIRST"], ["SECOND"]]


def test_a_receipt_of_twenty_items(either: Machine, make: Make) -> None:
    assert make(either).print(receipt(items=20)) == Printed()
    assert either.await_slips(1)
    assert read_codes(either.slips[0].png) == ["RP1:PROOF-OF-RETURN"]


def test_paper_that_is_low_still_prints(either: Machine, make: Make) -> None:
    either.paper_low()
    printer = make(either)
    assert printer.status().state is DeviceState.WARNING
    assert printer.print(receipt()) == Printed()
    assert printer.status().fault is DeviceFault.PAPER_LOW


def test_slips_are_kept_as_pictures_and_told(tmp_path: Path, make: Make) -> None:
    told = threading.Event()
    machine = VirtualPrinter(tmp_path / "slips", on_slip=lambda _slip: told.set())
    machine.start()
    make(machine).print(receipt())
    assert told.wait(30)
    machine.stop()
    assert [p.name for p in (tmp_path / "slips").iterdir()] == ["receipt-0001.png"]


def test_a_slow_printer_is_waited_for(tmp_path: Path, make: Make) -> None:
    machine = VirtualPrinter(mm_per_second=400)
    machine.start()
    assert make(machine).print(receipt()) == Printed()
    machine.stop()


# --- stopped -------------------------------------------------------------------------------------


def test_without_paper_nothing_is_sent(either: Machine, make: Make) -> None:
    either.tear_paper()
    printer = make(either)
    assert printer.print(receipt()) == NotPrinted(DeviceFault.PAPER_OUT, "before sending")
    either.refill()
    assert printer.print(receipt(proof="SECOND")) == Printed()
    assert either.await_slips(1)
    assert [read_codes(slip.png) for slip in either.slips] == [["SECOND"]]


def test_an_open_cover_is_named_before_the_paper(either: Machine, make: Make) -> None:
    either.tear_paper()
    either.open_cover()
    printer = make(either)
    assert printer.status().fault is DeviceFault.COVER_OPEN
    assert printer.print(receipt()) == NotPrinted(DeviceFault.COVER_OPEN, "before sending")


@pytest.mark.parametrize("items", [2, 20, 60])
def test_paper_that_ends_midway_is_noticed_and_the_printer_goes_on_by_itself(
    machine: VirtualPrinter, make: Make, items: int
) -> None:
    machine.tear_paper(after_rows=60)
    outcome = make(machine, answer_ms=300, stall=1.0).print(receipt(items))
    assert outcome == NotPrinted(DeviceFault.PAPER_OUT, "during the job")
    assert machine.slips == []
    machine.refill()
    assert make(machine).status().state is DeviceState.READY
    if items < 60:  # it had all of it in its buffer, so nobody may send it again
        assert machine.await_slips(1)
        assert read_codes(machine.slips[0].png) == ["RP1:PROOF-OF-RETURN"]


def test_a_cover_opened_midway(either: Machine, make: Make) -> None:
    either.tear_paper(after_rows=30)
    printer = make(either, answer_ms=300)
    assert isinstance(printer.print(receipt()), NotPrinted)
    either.open_cover()
    assert printer.status().fault is DeviceFault.COVER_OPEN


def test_a_jam_midway_is_blamed_on_the_blade(either: Machine, make: Make) -> None:
    either.jam_midway(after_rows=20)
    printer = make(either, answer_ms=300)
    assert printer.print(receipt()) == NotPrinted(DeviceFault.CUTTER, "during the job")
    assert printer.status().fault is DeviceFault.CUTTER


def test_the_job_after_one_that_broke_off_is_whole(machine: VirtualPrinter, make: Make) -> None:
    """A picture that lost its end would swallow the head of the next job."""
    machine.freeze()
    printer = make(machine, answer_ms=100, stall=1.0)
    assert isinstance(printer.print(LONG), Unconfirmed | NotPrinted)
    machine.thaw()
    assert printer.print(receipt(proof="NEXT")) == Printed()
    assert machine.await_slips(2)
    assert read_codes(machine.slips[-1].png) == ["NEXT"]


# --- silent or gone ------------------------------------------------------------------------------


def test_silence_is_unknown_and_a_receipt_is_unconfirmed(either: Machine, make: Make) -> None:
    either.go_silent()
    printer = make(either, answer_ms=60, finish_ms=300)
    assert printer.status().state is DeviceState.UNKNOWN
    assert printer.status().fault is DeviceFault.NOT_ANSWERING
    assert isinstance(printer.print(receipt()), Unconfirmed)
    assert either.await_slips(1)  # it came out all the same


def test_a_printer_that_takes_nothing_is_not_believed(machine: VirtualPrinter, make: Make) -> None:
    machine.freeze()
    printer = make(machine, answer_ms=60, finish_ms=300)
    assert isinstance(printer.print(receipt()), Unconfirmed)
    assert machine.slips == []


def test_a_printer_without_job_marks_is_unconfirmed_unless_its_sensor_is_trusted(
    machine: VirtualPrinter, make: Make
) -> None:
    without = make(machine, job_mark=False, grace=0.3)
    assert isinstance(without.print(receipt()), Unconfirmed)
    assert make(machine, job_mark=False, trust_sensor=True).print(receipt()) == Printed()


def test_unplugged_it_is_absent_and_plugged_in_it_is_back(either: Machine, make: Make) -> None:
    printer = make(either)
    either.unplug()
    assert printer.status().state is DeviceState.ABSENT
    outcome = printer.print(receipt())
    assert isinstance(outcome, NotPrinted)
    assert outcome.fault is DeviceFault.NOT_FOUND
    either.plug()
    assert printer.status().state is DeviceState.READY
    assert printer.print(receipt()) == Printed()


def test_unplugged_midway(machine: VirtualPrinter, make: Make) -> None:
    machine.tear_paper(after_rows=100)
    machine.go_silent()  # so that only the broken line tells
    printer = make(machine, answer_ms=300)
    puller = threading.Thread(target=lambda: machine.await_stop() and machine.unplug())
    puller.start()
    outcome = printer.print(LONG)
    puller.join()
    assert isinstance(outcome, NotPrinted)
    assert outcome.fault is DeviceFault.DISCONNECTED
    machine.refill()
    machine.speak()
    machine.plug()
    assert printer.print(receipt(proof="AFTER")) == Printed()
    assert machine.await_slips(1)
    assert read_codes(machine.slips[-1].png) == ["AFTER"]


def test_a_second_host_is_turned_away_while_one_prints(machine: VirtualPrinter, make: Make) -> None:
    """So the driver must never hold two connections: here it would see itself refused."""
    printer = make(machine)
    outcomes: list[object] = []
    jobs = [
        threading.Thread(target=lambda: outcomes.append(printer.print(receipt()))) for _ in range(3)
    ]
    asks = [
        threading.Thread(target=lambda: outcomes.append(printer.status().state)) for _ in range(6)
    ]
    for thread in (*jobs, *asks):
        thread.start()
    for thread in (*jobs, *asks):
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(["Printed()"] * 3 + ["ready"] * 6)


# --- never an exception --------------------------------------------------------------------------


def test_what_cannot_be_drawn_is_printed_in_plain_letters(
    machine: VirtualPrinter, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_document: Document, _width: int, _dpi: int) -> Bitmap:
        raise RuntimeError("no fonts")

    printer = make(machine)
    printer._rasterise = broken
    name = "Hat \x1bp\x00\x19\xfa \x10\x14\x01\x00\x05 \x1d(k"
    document = Document("R", "en", False, (Text(name), Pair(name, "5 €"), *receipt().blocks))
    assert printer.print(document) == Printed()
    assert machine.await_slips(1)
    assert read_codes(machine.slips[0].png) == ["RP1:PROOF-OF-RETURN"]
    assert machine.pulses == 0
    assert "could not be drawn" in caplog.text


def test_a_broken_transport_is_a_value(
    machine: VirtualPrinter, make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    printer = make(machine)
    printer._transport = None  # type: ignore[assignment]  # the worst a bug could do
    assert printer.status().state is DeviceState.FAULTY
    outcome = printer.print(receipt())
    assert isinstance(outcome, NotPrinted)
    assert outcome.fault is DeviceFault.INTERNAL
    assert "failed" in caplog.text
