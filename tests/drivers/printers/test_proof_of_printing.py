"""Which words of a printer are believed: a scripted line says exactly what a test wants."""

from __future__ import annotations

import time

import pytest

from drivers.printers.escpos_printer import EscposPrinter, Manner, Patience
from drivers.printers.transports import Lost
from kiosk.ports import DeviceFault, NotPrinted, Printed, PrintOutcome, Unconfirmed
from tests.drivers.printers.conftest import draw, receipt

WELL = {1: b"\x12", 2: b"\x12", 3: b"\x12", 4: b"\x12"}
OUT = {**WELL, 1: b"\x1a", 2: b"\x32", 4: b"\x7e"}


class Line:
    """Answers questions from `status` (replaced by `later` once a job came), a job by `reply`,
    in which MARK stands for the job's own mark."""

    answers = True

    def __init__(
        self, reply: bytes, status: dict[int, bytes] = WELL, later: dict[int, bytes] | None = None
    ) -> None:
        self.reply, self.status = reply, status
        self.later = later or status
        self.waiting = b""
        self.jobs = 0
        self.closed = False

    def open(self) -> Lost | None:
        self.closed = False
        return None

    def send(self, data: bytes, stall: float) -> Lost | None:
        if data[:2] == b"\x10\x04":
            self.waiting += self.status[data[2]]
            return None
        self.jobs += 1
        at = data.index(b"\x1d\x28\x48\x06\x00\x30\x30") + 7
        self.waiting += self.reply.replace(b"MARK", data[at : at + 4])
        self.status = self.later
        return None

    def receive(self, timeout: float) -> bytes | Lost:
        said, self.waiting = self.waiting, b""
        if not said:
            time.sleep(min(timeout, 0.01))
        return said

    def abandon(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


def outcome(line: Line) -> PrintOutcome:
    printer = EscposPrinter(
        "till", line, Manner(576, 203), Patience(answer=0.05, finish=0.3), draw, time.monotonic
    )
    found = printer.print(receipt())
    assert line.closed
    return found


def test_the_jobs_own_mark_is_believed() -> None:
    assert outcome(Line(b"\x37\x22MARK\x00\x00")) == Printed()


def test_an_earlier_jobs_mark_is_not() -> None:
    """A printer fed with paper answers for the job it had kept, perhaps in the next one's time."""
    assert isinstance(outcome(Line(b"\x37\x22OLD!\x00")), Unconfirmed)


def test_the_sensor_alone_is_not() -> None:
    assert isinstance(outcome(Line(b"\x00")), Unconfirmed)


def test_a_mark_from_a_machine_that_then_stands_still_is_doubted() -> None:
    assert isinstance(outcome(Line(b"\x37\x22MARK\x00", later=OUT)), Unconfirmed)


@pytest.mark.parametrize(
    ("reply", "later"),
    [
        (b"", OUT),  # asked
        (b"\x18\x00\x0f\x0f", dict.fromkeys(WELL, b"")),  # told unasked, deaf to questions
        (b"\x0c", WELL),  # GS r, at the end of the job
    ],
)
def test_paper_out_is_believed_from_whichever_side_it_comes(
    reply: bytes, later: dict[int, bytes]
) -> None:
    assert outcome(Line(reply, later=later)) == NotPrinted(DeviceFault.PAPER_OUT, "during the job")


def test_the_live_answer_outweighs_an_older_automatic_one() -> None:
    """Somebody closed the cover in time: the job went on and ended well."""
    line = Line(b"\x38\x00\x00\x0f")
    assert isinstance(outcome(line), Unconfirmed)


@pytest.mark.parametrize("status", [OUT, {**WELL, 2: b"\x16"}, {**WELL, 2: b"\x52", 3: b"\x1a"}])
def test_nothing_is_sent_to_a_machine_that_cannot_print(status: dict[int, bytes]) -> None:
    line = Line(b"\x37\x22MARK\x00", status)
    assert isinstance(outcome(line), NotPrinted)
    assert line.jobs == 0


def test_a_job_is_sent_once_whatever_comes_of_it() -> None:
    for reply, later in ((b"", WELL), (b"", OUT), (b"\x37\x22OLD!\x00", OUT)):
        line = Line(reply, later=later)
        outcome(line)
        assert line.jobs == 1
