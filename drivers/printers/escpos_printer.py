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

from drivers.printers import escpos, ways
from drivers.printers.conversation import Conversation, Silent
from drivers.printers.machine import Machine
from drivers.printers.options import Reader
from drivers.printers.status import Condition
from drivers.printers.transports import Lost, Transport
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


class EscposPrinter(Machine):
    def __init__(
        self,
        name: str,
        transport: Transport,
        manner: Manner,
        patience: Patience,
        rasterise: Rasteriser,
        monotonic: Callable[[], float],
    ) -> None:
        super().__init__(name, transport, rasterise, monotonic)
        self._manner = manner
        self._patience = patience
        # Job marks differ from those of an earlier process, whose answer may still come.
        self._jobs = int(monotonic() * 1000)

    def _prepared(self, document: Document) -> Callable[[], PrintOutcome]:
        mark = self._mark()
        job = self._encode(document, mark)
        return lambda: self._deliver(job, mark)

    def _ask(self) -> Condition | Silent | Lost:
        return self._talk().condition()

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


make_network = ways.factory(ways.network, _make)
make_serial = ways.factory(ways.serial(115200, "rtscts"), _make)
make_usb = ways.factory(ways.usb, _make)
make_file = ways.factory(ways.file, _make)
