"""The counter's paper, printed on a thread of its own: what was done stands whatever becomes of it.

A document is made at once, of what is known at that moment; then it waits for its printer. Labels
go to the label printer where there is one, everything else to the first of the others.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, assert_never

from kiosk.app.counter import paperwork
from kiosk.app.counter.paperwork import Copy, HandedOver, LabelledDrop, Plate
from kiosk.domain.counter import listed
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.shop import Shop
from kiosk.domain.staff.house import House
from kiosk.flows.counter.model import (
    PaperDone,
    Printable,
    PrintDropReceipt,
    PrintManifest,
    PrintPlates,
    PrintShelfLabel,
)
from kiosk.flows.counter.states.outbound import Paper
from kiosk.ports import Document, NotPrinted, Printed, Printer, PrintOutcome, Unconfirmed
from kiosk.store import StoreFailed
from kiosk.words import Words

log = logging.getLogger(__name__)


class Desk(Protocol):
    """What paper needs to know of the counter (kiosk.app.counter.desk.Desk)."""

    def at(self) -> int: ...

    def shop(self) -> Shop: ...

    def house(self) -> House: ...

    def drop_qr(self, number: str, carrier: str, drop_number: str) -> str: ...

    def handed_over_qr(self, manifest: Manifest) -> str: ...

    def plates(self, kind: str, count: int) -> range: ...

    def trains(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """The shop on paper: its name, its IANA time zone, its languages, the first one first."""

    name: str
    timezone: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    documents: tuple[Document, ...]
    printer: Printer


class Papers:
    """`print` is called on the core's thread; `done` on that of the paper. `labels` is None where
    plates and shelf labels come out of the receipt printer."""

    def __init__(
        self,
        desk: Desk,
        place: Place,
        words_for: Callable[[str], Words],
        receipts: Printer | None,
        labels: Printer | None,
        done: Callable[[PaperDone], None],
    ) -> None:
        self._desk, self._place, self._words = desk, place, words_for
        self._receipts, self._labels, self._done = receipts, labels or receipts, done
        self._number = 0
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="counter-paper", daemon=True)
        self._thread.start()

    def print(self, what: Printable) -> int:
        """Begins a print; `done` is told what became of it, under this number."""
        self._number += 1
        is_label = isinstance(what, PrintShelfLabel | PrintPlates)
        printer = self._labels if is_label else self._receipts
        try:
            documents = self._documents(what) if printer is not None else ()
        except Exception:  # nobody may wait for a paper that never comes
            log.exception("a paper could not be made")
            self._done(PaperDone(self._number, Paper.FAILED))
            return self._number
        if printer is None:
            self._done(PaperDone(self._number, Paper.NONE))
        elif not documents:
            self._done(PaperDone(self._number, Paper.FAILED))
        else:
            self._jobs.put(_Job(self._number, documents, printer))
        return self._number

    def close(self) -> None:
        """Ends the paper's thread after what is queued; may be called twice."""
        self._jobs.put(None)
        self._thread.join()

    # --- what is on it ---------------------------------------------------------------------------

    def _documents(self, what: Printable) -> tuple[Document, ...]:
        w, shop = self._words(self._place.languages[0]), self._shop()
        match what:
            case PrintShelfLabel(shelf_id):
                zone = self._desk.shop().shelves[shelf_id].zone
                return (paperwork.shelf_label(shelf_id, zone, w, shop),)
            case PrintPlates(kind, count):
                return self._plates(Plate(kind.value), count, w)
            case PrintDropReceipt(number, carrier, drop_number):
                proof = self._desk.drop_qr(number, carrier, drop_number)
                at = datetime.fromtimestamp(self._desk.at(), UTC)
                drop = LabelledDrop(number, carrier, drop_number, at, proof)
                return (paperwork.drop_receipt(drop, w, shop),)
            case PrintManifest(manifest_id):
                return self._manifest(manifest_id)
            case _:
                assert_never(what)

    def _plates(self, kind: Plate, count: int, w: Words) -> tuple[Document, ...]:
        """Numbers are given before anything is printed: one that may be on paper comes never
        again."""
        try:
            numbers = self._desk.plates(kind.value, count)
        except StoreFailed:
            log.exception("no numbers for new plates")
            return ()
        return tuple(paperwork.plate_label(kind, n, w, self._shop()) for n in numbers)

    def _manifest(self, manifest_id: str) -> tuple[Document, ...]:
        """Both copies: the driver's comes out first."""
        desk = self._desk
        signed = listed.signed_as(desk.shop(), manifest_id)
        if signed is None:
            return ()
        manifest = desk.shop().manifests[manifest_id]
        member = desk.house().roster.member(signed.by)
        paper = HandedOver(
            manifest,
            datetime.fromtimestamp(signed.at_ms / 1000, UTC),
            signed.by if member is None else member.name,
            desk.handed_over_qr(manifest),
        )
        voices = [self._words(language) for language in self._place.languages[:2]]
        return tuple(
            sheet
            for copy in (Copy.DRIVER, Copy.SHOP)
            for sheet in paperwork.manifest(paper, copy, voices, self._shop())
        )

    def _shop(self) -> paperwork.Shop:
        place = self._place
        return paperwork.Shop(place.name, place.timezone, self._desk.trains())

    # --- the paper's own thread ------------------------------------------------------------------

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._done(PaperDone(job.number, self._printed(job)))

    def _printed(self, job: _Job) -> Paper:
        """All of it, or up to the first that did not come out."""
        try:
            for document in job.documents:
                if _failed(job.printer.print(document)):
                    return Paper.FAILED
        except Exception:  # a printer promises to raise nothing
            log.exception("print %s", job.number)
            return Paper.FAILED
        return Paper.PRINTED


def _failed(outcome: PrintOutcome) -> bool:
    match outcome:
        case Printed() | Unconfirmed():
            return False
        case NotPrinted():
            return True
        case _:
            assert_never(outcome)


def chosen(
    printers: Sequence[tuple[str, Printer]], labels: frozenset[str]
) -> tuple[Printer | None, Printer | None]:
    """The printer of receipts and the one of labels, of (driver, printer) in the settings' order;
    `labels` are the drivers that print labels."""
    receipts = next((one for driver, one in printers if driver not in labels), None)
    return receipts, next((one for driver, one in printers if driver in labels), None)
