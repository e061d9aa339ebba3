"""A receipt printer that speaks ESC/POS, over any transport.

What counts as printed: "sent" proves nothing (a socket takes a whole receipt without anybody
reading it), so the printer is asked before, marks the end of the job (GS ( H function 48) and
is asked after. Nothing is ever sent twice: a printer that ran out of paper keeps its buffer and
goes on by itself when it is fed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from drivers.printers import escpos
from drivers.printers.conversation import Conversation, Silent
from drivers.printers.options import Options, Reader
from drivers.printers.status import Condition
from drivers.printers.transports import Lost, Transport
from drivers.printers.transports.file import File
from drivers.printers.transports.network import Network
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

ASK_AGAIN_S = 0.5  # how often a printer that is still printing is asked whether it is well


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for one answer, for a whole receipt to come out, for a job mark once a printer that
    may not know it has answered the last command, and until one that takes no byte is stopped."""

    answer: float = 1.0
    finish: float = 15.0
    grace: float = 3.0
    stall: float = 4.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How this model wants it. `job_mark` off for printers that print the mark as text;
    `trust_sensor` where an engineer saw that GS r is answered only after the paper is out."""

    width: int
    dpi: int
    cut: escpos.Cut = escpos.Cut.PART
    job_mark: bool = True
    trust_sensor: bool = False


class EscposPrinter:
    """kiosk.ports.Printer. One lock: a status question never mixes with a running job."""

    def __init__(
        self,
        name: str,
        transport: Transport,
        manner: Manner,
        patience: Patience,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> None:
        self.name = name
        self._transport = transport
        self._manner = manner
        self._patience = patience
        self._rasterise = rasterise
        self._monotonic = monotonic
        self._lock = Lock()
        self._wreck = False  # a job broke off while it was sent
        # Job marks differ from those of an earlier process, whose answer may still come.
        self._jobs = int(monotonic() * 1000)

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
                state = DeviceState.ABSENT if gone else DeviceState.FAULTY
                return DeviceStatus(self.name, DeviceFamily.PRINTER, state, fault, detail)
            case Silent():
                return DeviceStatus(
                    self.name,
                    DeviceFamily.PRINTER,
                    DeviceState.UNKNOWN,
                    DeviceFault.NOT_ANSWERING,
                )
            case Condition():
                return DeviceStatus(self.name, DeviceFamily.PRINTER, found.state, found.fault)

    def print(self, document: Document) -> PrintOutcome:
        try:
            mark = self._mark()
            job = self._encode(document, mark)
            with self._lock:
                try:
                    return self._deliver(job, mark)
                finally:
                    self._transport.close()
        except Exception as error:  # the port promises that nothing is raised
            log.exception("%s: print failed", self.name)
            return NotPrinted(DeviceFault.INTERNAL, repr(error))

    def close(self) -> None:
        with self._lock:
            self._transport.close()

    # --- how -------------------------------------------------------------------------------------

    def _mark(self) -> bytes:
        """Four printable characters, each job's own."""
        self._jobs += 1
        value, mark = self._jobs, bytearray()
        for _ in range(4):
            value, digit = divmod(value, 94)
            mark.append(33 + digit)
        return bytes(mark)

    def _encode(self, document: Document, mark: bytes) -> bytes:
        used = mark if self._manner.job_mark else None
        picture = self._draw(document)
        if picture is None:
            return escpos.encode_text(document, self._manner.width, self._manner.cut, used)
        return escpos.encode_bitmap(picture, self._manner.cut, used)

    def _draw(self, document: Document) -> Bitmap | None:
        try:
            picture = self._rasterise(document, self._manner.width, self._manner.dpi)
        except Exception:  # a plain receipt is better than none, whatever broke
            log.exception("%s: the receipt could not be drawn; printing plain text", self.name)
            return None
        return picture if picture.height else None

    def _look(self) -> Condition | Silent | Lost:
        """Open, ask, close."""
        try:
            lost = self._transport.open()
            return lost if lost is not None else self._talk().condition()
        finally:
            self._transport.close()

    def _talk(self) -> Conversation:
        return Conversation(self._transport, self._monotonic, self._patience.answer)

    def _deliver(self, job: bytes, mark: bytes) -> PrintOutcome:
        lost = self._transport.open()
        if lost is not None:
            return NotPrinted(lost.fault, lost.detail)
        talk = self._talk()
        before = talk.condition()
        match before:
            case Lost(fault, detail):
                return NotPrinted(fault, detail)
            case Condition() if before.blocked:
                return NotPrinted(before.fault, "before sending")
            case _:
                pass
        if self._wreck:
            job = escpos.clear_wreck(self._manner.width) + job
        lost = self._transport.send(job, self._patience.stall)
        self._wreck = lost is not None
        if lost is not None:
            return self._after_loss(lost, talk, sent=False)
        patience = self._patience.finish
        if isinstance(before, Silent):
            patience = min(self._patience.grace, patience)
        outcome = self._await(talk, mark, patience)
        if not isinstance(outcome, Printed):
            self._wreck = self._transport.abandon() or self._wreck
        return outcome

    def _await(self, talk: Conversation, mark: bytes, patience: float) -> PrintOutcome:
        """Until the mark is answered, something is wrong, or patience ends."""
        deadline = self._monotonic() + patience
        while (left := deadline - self._monotonic()) > 0:
            if not self._transport.answers:
                break
            lost = talk.listen(min(left, ASK_AGAIN_S))
            if lost is not None:
                return self._after_loss(lost, talk, sent=True)
            if mark in talk.jobs:
                return self._judge(talk)
            if talk.sensor is not None:
                if talk.sensor.out:
                    return NotPrinted(DeviceFault.PAPER_OUT, "during the job")
                if self._manner.trust_sensor:
                    return self._judge(talk)
                deadline = min(deadline, self._monotonic() + self._patience.grace)
            found = talk.condition()
            if isinstance(found, Silent):
                found = talk.unasked  # the question may not have got through to it
            if isinstance(found, Condition) and found.blocked and mark not in talk.jobs:
                return NotPrinted(found.fault, "during the job")
        return Unconfirmed("no answer to the end of the job")

    def _judge(self, talk: Conversation) -> PrintOutcome:
        """The job is done by the printer's own word; believe it unless the machine is stopped."""
        after = talk.condition()
        if isinstance(after, Condition) and after.blocked:
            return Unconfirmed(f"job done, and then: {after.fault}")
        return Printed()

    def _after_loss(self, lost: Lost, talk: Conversation, *, sent: bool) -> PrintOutcome:
        """The way broke during the job: ask once more over a new one what happened."""
        talk.listen(0.0)
        if talk.unasked.blocked:
            return NotPrinted(talk.unasked.fault, "during the job")
        self._transport.abandon()
        self._transport.close()
        found = self._look()
        match found:
            case Lost(_, detail):
                return NotPrinted(DeviceFault.DISCONNECTED, detail or lost.detail)
            case Condition() if found.blocked:
                return NotPrinted(found.fault, "during the job")
            case _ if sent:
                return Unconfirmed(lost.detail)
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
) -> EscposPrinter:
    manner = Manner(
        width,
        dpi,
        escpos.Cut(read.choice("cut", "part", "full", "none")),
        read.flag("job_mark", default=True),
        read.flag("trust_sensor", default=False),
    )
    patience = Patience(
        read.number("answer_ms", 1000, 50, 5000) / 1000,
        read.number("finish_ms", 15000, 200, 15000) / 1000,
    )
    read.done()
    return EscposPrinter(name, transport, manner, patience, rasterise, monotonic)


def make_network(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> EscposPrinter:
    """Options: host (needed), port 9100, connect_ms 2000, and those of every printer."""
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
) -> EscposPrinter:
    """Options: device (needed), baud 115200, flow rtscts | dsrdtr | xonxoff | none."""
    from drivers.printers.transports.serial import Flow, Serial

    read = Reader(name, options)
    flow = Flow(read.choice("flow", *Flow))
    transport = Serial(read.text("device"), read.number("baud", 115200, 1200, 921600), flow)
    return _make(name, width, dpi, read, transport, rasterise, monotonic)


def make_usb(
    name: str,
    width: int,
    dpi: int,
    options: Options,
    rasterise: Rasteriser,
    monotonic: Callable[[], float],
) -> EscposPrinter:
    """Options: vendor and product as numbers or "0x04b8"; neither: the first printer found."""
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
) -> EscposPrinter:
    """Options: path (needed): a device node, a named pipe, or a plain file that only grows."""
    read = Reader(name, options)
    return _make(name, width, dpi, read, File(read.text("path")), rasterise, monotonic)
