"""A label printer that speaks ZPL II, over any transport.

What counts as printed: the printer is asked before (~HS), and after sending until it says twice
that nothing is left to print and nothing is wrong. One that answers nothing confirms nothing.
Nothing is ever sent twice: a printer that ran out of labels keeps its buffer and goes on by itself
when it is fed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from drivers.printers import ways, zpl, zpl_status
from drivers.printers.conversation import Silent
from drivers.printers.machine import Machine
from drivers.printers.options import Reader
from drivers.printers.transports import Lost, Transport
from drivers.printers.zpl_status import Report
from kiosk.ports import (
    Bitmap,
    DeviceFault,
    Document,
    NotPrinted,
    Printed,
    PrintOutcome,
    Rasteriser,
    Unconfirmed,
)

log = logging.getLogger(__name__)

SMALLER = (1.0, 0.85, 0.7, 0.55, 0.4, 0.3)
"""What is too high for its label is drawn smaller, in these steps; codes keep whole dots. Smaller
nothing is read: a label with half a code on it would be worse than none."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for one answer, for a label to come out, between two questions, and until a printer
    that takes no byte is stopped."""

    answer: float = 1.0
    finish: float = 15.0
    again: float = 0.25
    stall: float = 4.0


class ZplPrinter(Machine):
    def __init__(
        self,
        name: str,
        transport: Transport,
        stock: zpl.Stock,
        patience: Patience,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> None:
        super().__init__(name, transport, rasterise, monotonic)
        self._stock = stock
        self._patience = patience
        self._pause = Event()  # never set: a rest between two questions

    def _prepared(self, document: Document) -> Callable[[], PrintOutcome] | NotPrinted:
        job = self._encode(document)
        if job is None:
            return NotPrinted(DeviceFault.INTERNAL, "the labels are too small for what is on it")
        return lambda: self._deliver(job)

    def _encode(self, document: Document) -> bytes | None:
        """None for what no step of `SMALLER` fits on its label."""
        picture = self._draw(document)
        if picture is None:
            return zpl.encode_text(document, self._stock)
        if self._stock.height and picture.height > self._stock.height:
            return None
        return zpl.encode_bitmap(picture, self._stock)

    def _draw(self, document: Document) -> Bitmap | None:
        """The document as large as fits the label."""
        stock = self._stock
        try:
            picture = self._rasterise(document, stock.width, stock.dpi)
            for smaller in SMALLER[1:]:
                if not stock.height or picture.height <= stock.height:
                    break
                picture = self._rasterise(document, stock.width, round(stock.dpi * smaller))
        except Exception:  # a plain label is better than none, whatever broke
            log.exception("%s: the label could not be drawn; printing plain text", self.name)
            return None
        return picture if picture.height else None

    def _ask(self) -> Report | Silent | Lost:
        if not self._transport.answers:
            return Silent()
        lost = self._transport.send(zpl.ASK, self._patience.answer)
        if lost is not None:
            return Silent() if lost.fault is DeviceFault.NOT_ANSWERING else lost
        heard, deadline = b"", self._monotonic() + self._patience.answer
        while (left := deadline - self._monotonic()) > 0 and self._transport.answers:
            data = self._transport.receive(left)
            if isinstance(data, Lost):
                return data
            heard = (heard + data)[-zpl_status.LONGEST :]
            report = zpl_status.read(heard)
            if report is not None:
                return report
        return Silent()

    def _deliver(self, job: bytes) -> PrintOutcome:
        lost = self._transport.open()
        if lost is not None:
            return NotPrinted(lost.fault, lost.detail)
        before = self._ask()
        match before:
            case Lost(fault, detail):
                return NotPrinted(fault, detail)
            case Report() if before.fault is not DeviceFault.NONE:
                return NotPrinted(before.fault, "before sending")
            case _:
                pass
        lost = self._transport.send(
            (zpl.CANCEL if self._wreck else b"") + job, self._patience.stall
        )
        self._wreck = lost is not None
        if lost is not None:
            return self._after_loss(lost)
        if isinstance(before, Silent):
            return Unconfirmed("the printer answers nothing")
        outcome = self._await()
        if isinstance(outcome, Unconfirmed):
            self._wreck = self._transport.abandon() or self._wreck
        return outcome

    def _await(self) -> PrintOutcome:
        """Until the printer says twice that it is done, something is wrong, or patience ends."""
        deadline, idle = self._monotonic() + self._patience.finish, 0
        while self._monotonic() < deadline:
            found = self._ask()
            match found:
                case Lost(_, detail):
                    return Unconfirmed(detail)
                case Report() if found.fault is not DeviceFault.NONE:
                    return NotPrinted(found.fault, "during the job")
                case Report() if found.idle:
                    idle += 1
                case _:
                    idle = 0
            if idle == 2:
                return Printed()
            self._pause.wait(self._patience.again)
        return Unconfirmed("it did not say that it was done")

    def _after_loss(self, lost: Lost) -> PrintOutcome:
        """The way broke while the job was sent: ask once more over a new one what happened."""
        self._transport.abandon()
        self._transport.close()
        found = self._look()
        match found:
            case Lost(_, detail):
                return NotPrinted(DeviceFault.DISCONNECTED, detail or lost.detail)
            case Report() if found.fault is not DeviceFault.NONE:
                return NotPrinted(found.fault, "during the job")
            case _:
                return NotPrinted(lost.fault, lost.detail)


# --- factories, named in drivers.registry ------------------------------------------------------


def _make(
    name: str,
    width: int,
    dpi: int,
    read: Reader,
    transport: Transport,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> ZplPrinter:
    height_mm = read.number("height_mm", 0, 0, 1000)
    media = zpl.Media(read.choice("media", *zpl.Media))
    stock = zpl.Stock(width, dpi, round(height_mm * dpi / zpl.MM_PER_INCH), media)
    patience = Patience(
        read.number("answer_ms", 1000, 50, 5000) / 1000,
        read.number("finish_ms", 15000, 200, 15000) / 1000,
    )
    read.done()
    return ZplPrinter(name, transport, stock, patience, rasterise, monotonic)


make_network = ways.factory(ways.network, _make)
make_serial = ways.factory(ways.serial(9600, "xonxoff"), _make)
make_usb = ways.factory(ways.usb, _make)
make_file = ways.factory(ways.file, _make)
