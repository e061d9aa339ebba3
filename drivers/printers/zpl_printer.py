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
from threading import Event, Lock

from drivers.printers import zpl, zpl_status
from drivers.printers.conversation import Silent
from drivers.printers.options import Options, Reader
from drivers.printers.transports import Lost, Transport
from drivers.printers.transports.file import File
from drivers.printers.transports.network import Network
from drivers.printers.zpl_status import Report
from kiosk.ports import (
    Bitmap,
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
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


class ZplPrinter:
    """kiosk.ports.Printer. One lock: a status question never mixes with a running job."""

    def __init__(
        self,
        name: str,
        transport: Transport,
        stock: zpl.Stock,
        patience: Patience,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self._transport = transport
        self._stock = stock
        self._patience = patience
        self._rasterise = rasterise
        self._monotonic = monotonic
        self._lock = Lock()
        self._pause = Event()  # never set: a rest between two questions
        self._wreck = False  # a job broke off while it was sent

    # --- what the port asks for ------------------------------------------------------------------

    def status(self) -> DeviceStatus:
        try:
            with self._lock:
                found = self._look()
        except Exception as error:  # the port promises that nothing is raised
            log.exception("%s: status failed", self.name)
            found = Lost(DeviceFault.INTERNAL, repr(error))
        match found:
            case Lost(fault, detail):
                gone = fault is not DeviceFault.INTERNAL
                return self._told(DeviceState.ABSENT if gone else DeviceState.FAULTY, fault, detail)
            case Silent():
                return self._told(DeviceState.UNKNOWN, DeviceFault.NOT_ANSWERING)
            case Report():
                return self._told(found.state, found.fault)

    def print(self, document: Document) -> PrintOutcome:
        try:
            job = self._encode(document)
            if job is None:
                return NotPrinted(
                    DeviceFault.INTERNAL, "the labels are too small for what is on it"
                )
            with self._lock:
                try:
                    return self._deliver(job)
                finally:
                    self._transport.close()
        except Exception as error:  # the port promises that nothing is raised
            log.exception("%s: print failed", self.name)
            return NotPrinted(DeviceFault.INTERNAL, repr(error))

    def close(self) -> None:
        with self._lock:
            self._transport.close()

    # --- how -------------------------------------------------------------------------------------

    def _told(self, state: DeviceState, fault: DeviceFault, detail: str = "") -> DeviceStatus:
        return DeviceStatus(self.name, DeviceFamily.PRINTER, state, fault, detail)

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

    def _look(self) -> Report | Silent | Lost:
        """Open, ask, close."""
        try:
            lost = self._transport.open()
            return lost if lost is not None else self._ask()
        finally:
            self._transport.close()

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


def make_network(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> ZplPrinter:
    """Options: host (needed), port 9100, connect_ms 2000, and those of every label printer."""
    read = Reader(name, options)
    transport = Network(
        read.text("host"),
        read.number("port", 9100, 1, 65535),
        read.number("connect_ms", 2000, 50, 10000) / 1000,
    )
    return _make(name, width, dpi, read, transport, rasterise, monotonic)


def make_serial(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> ZplPrinter:
    """Options: device (needed), baud 9600, flow xonxoff | rtscts | dsrdtr | none."""
    from drivers.printers.transports.serial import Flow, Serial

    read = Reader(name, options)
    others = tuple(flow for flow in Flow if flow is not Flow.XONXOFF)
    flow = Flow(read.choice("flow", Flow.XONXOFF, *others))
    transport = Serial(read.text("device"), read.number("baud", 9600, 1200, 921600), flow)
    return _make(name, width, dpi, read, transport, rasterise, monotonic)


def make_usb(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> ZplPrinter:
    """Options: vendor and product as numbers or "0x0a5f"; neither: the first printer found."""
    from drivers.printers.transports.usb import Usb

    read = Reader(name, options)
    transport = Usb(read.usb_id("vendor"), read.usb_id("product"))
    return _make(name, width, dpi, read, transport, rasterise, monotonic)


def make_file(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> ZplPrinter:
    """Options: path (needed): a device node, a named pipe, or a plain file that only grows."""
    read = Reader(name, options)
    return _make(name, width, dpi, read, File(read.text("path")), rasterise, monotonic)
