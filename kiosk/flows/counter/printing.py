"""The counter's paper, printed on a thread of its own: what was done stands whatever becomes of it.

What is on it is settled at once, by what is known at that moment; it is written and printed later,
as neither may keep a screen waiting. Labels go to the label printer where there is one, everything
else to that of the receipts.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
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
from kiosk.ports import Document, NotPrinted, Printed, Printer, Unconfirmed
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


Written = Callable[[], tuple[Document, ...]]
"""Writes the papers of a job; of nothing but frozen values, so on any thread."""


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    written: Written
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
        written = None
        if printer is not None:
            try:
                written = self._settled(what)
            except StoreFailed:
                log.exception("no numbers for new plates")
        if printer is None:
            self._done(PaperDone(self._number, Paper.NONE))
        elif written is None:
            self._done(PaperDone(self._number, Paper.FAILED))
        else:
            self._jobs.put(_Job(self._number, written, printer))
        return self._number

    def close(self) -> None:
        """Ends the paper's thread after what is queued; may be called twice."""
        self._jobs.put(None)
        self._thread.join()

    # --- what is on it ---------------------------------------------------------------------------

    def _settled(self, what: Printable) -> Written | None:
        """None for what there is not. Raises StoreFailed."""
        shop, desk, language = self._shop(), self._desk, self._place.languages[0]
        match what:
            case PrintShelfLabel(shelf_id):
                zone = desk.shop().shelves[shelf_id].zone
                return lambda: (paperwork.shelf_label(shelf_id, zone, self._words(language), shop),)
            case PrintPlates(kind, count):
                # Given before anything is printed: one that may be on paper comes never again.
                plate, numbers = Plate(kind.value), desk.plates(kind.value, count)
                return lambda: tuple(
                    paperwork.plate_label(plate, n, self._words(language), shop) for n in numbers
                )
            case PrintDropReceipt(number, carrier, drop_number):
                proof = desk.drop_qr(number, carrier, drop_number)
                at = datetime.fromtimestamp(desk.at(), UTC)
                drop = LabelledDrop(number, carrier, drop_number, at, proof)
                return lambda: (paperwork.drop_receipt(drop, self._words(language), shop),)
            case PrintManifest(manifest_id):
                return self._manifest(manifest_id, shop)
            case _:
                assert_never(what)

    def _manifest(self, manifest_id: str, shop: paperwork.Shop) -> Written | None:
        """Both copies: the driver's comes out first."""
        desk = self._desk
        signed = listed.signed_as(desk.shop(), manifest_id)
        if signed is None:
            return None
        manifest = desk.shop().manifests[manifest_id]
        member = desk.house().roster.member(signed.by)
        paper = HandedOver(
            manifest,
            datetime.fromtimestamp(signed.at_ms / 1000, UTC),
            signed.by if member is None else member.name,
            desk.handed_over_qr(manifest),
        )
        return lambda: self._copies(paper, shop)

    def _copies(self, paper: HandedOver, shop: paperwork.Shop) -> tuple[Document, ...]:
        voices = [self._words(language) for language in self._place.languages[:2]]
        return tuple(
            sheet
            for copy in (Copy.DRIVER, Copy.SHOP)
            for sheet in paperwork.manifest(paper, copy, voices, shop)
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
        certain = True
        try:
            for document in job.written():
                match job.printer.print(document):
                    case Printed():
                        pass
                    case Unconfirmed():
                        certain = False
                    case NotPrinted():
                        return Paper.FAILED
        except Exception:  # nobody may wait for a paper that never comes
            log.exception("print %s could not be made", job.number)
            return Paper.FAILED
        return Paper.PRINTED if certain else Paper.UNCONFIRMED
