"""The verbs of the flow over the real use cases, devices and paper."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from kiosk.app import receipt
from kiosk.domain.policy.model import Question
from kiosk.domain.reasons import Reason
from kiosk.domain.visit import (
    AbandonCause,
    CommittedDrop,
    Item,
    Offer,
    OpenDrop,
    Rejected,
    TypedOrder,
)
from kiosk.flows.expecting import symbologies
from kiosk.flows.model import Cue, FlowEvent, ReceiptDone, ScanFor
from kiosk.ports import (
    Clock,
    DeviceFault,
    Ids,
    NotPrinted,
    Photo,
    Printer,
    PrintOutcome,
    Scanned,
    Scanner,
)
from kiosk.words import Words

logger = logging.getLogger(__name__)


class Promises(Protocol):
    """What the flow needs of kiosk.app.drop_off.DropOff."""

    def check(
        self, visit_id: str, presented: Scanned | str | TypedOrder
    ) -> OpenDrop | Rejected: ...

    def reconsider(self, drop: OpenDrop, item: Item) -> OpenDrop: ...

    def offers(self, drop: OpenDrop, item: Item, question: Question) -> tuple[Offer, ...]: ...

    def get_ready(self, drop: OpenDrop) -> None: ...

    def commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected: ...

    def refuse(self, drop: OpenDrop) -> None: ...

    def abandon(self, drop: OpenDrop, cause: AbandonCause) -> None: ...

    def call_staff(self, visit_id: str, reason: Reason, drop: OpenDrop | None) -> None: ...


class Pictures(Protocol):
    """What the flow needs of kiosk.app.photographs.Photographs."""

    def take(self) -> Photo | None: ...

    def keep(self, photo: Photo) -> str: ...


class PrintJobs(Protocol):
    """What the flow needs of kiosk.app.printing.Receipts."""

    def begin(self, drop_id: str) -> None: ...

    def settle(self, drop_id: str, outcome: PrintOutcome) -> None: ...


class Doing:
    """kiosk.flows.model.Do. Everything but paper runs on the caller's (the core's) thread; paper
    has one thread of its own, so that a silent printer never holds up a screen.

    `post` takes the ReceiptDone; `sound` plays a cue; `identifiers` are the symbology identifiers
    that other networks' codes come in by the bundle in force. `photographs` are None where none
    are ever taken. `close` ends the paper thread after
    the job it works on.
    """

    def __init__(
        self,
        drop_off: Promises,
        receipts: PrintJobs,
        clock: Clock,
        ids: Ids,
        *,
        printer: Printer | None,
        scanners: Sequence[Scanner],
        words: Callable[[str], Words],
        timezone: str,
        site_name: str,
        post: Callable[[FlowEvent], None],
        sound: Callable[[Cue], None] | None = None,
        identifiers: Callable[[], frozenset[str]] = frozenset,
        photographs: Pictures | None = None,
    ) -> None:
        self._drop_off = drop_off
        self._receipts = receipts
        self._clock = clock
        self._ids = ids
        self._printer = printer
        self._scanners = tuple(scanners)
        self._words = words
        self._timezone = timezone
        self._site_name = site_name
        self._post = post
        self._sound = sound
        self._identifiers = identifiers
        self._photographs = photographs
        self._jobs: queue.SimpleQueue[tuple[CommittedDrop, str] | None] = queue.SimpleQueue()
        self._paper = threading.Thread(target=self._print_jobs, name="paper", daemon=True)
        self._paper.start()

    def now(self) -> float:
        return self._clock.monotonic()

    def begin_visit(self) -> str:
        return self._ids.uuid()

    def check(self, visit_id: str, presented: Scanned | str | TypedOrder) -> OpenDrop | Rejected:
        return self._drop_off.check(visit_id, presented)

    def reconsider(self, drop: OpenDrop, item: Item) -> OpenDrop:
        return self._drop_off.reconsider(drop, item)

    def offers(self, drop: OpenDrop, item: Item, question: Question) -> tuple[Offer, ...]:
        return self._drop_off.offers(drop, item, question)

    def get_ready(self, drop: OpenDrop) -> None:
        self._drop_off.get_ready(drop)

    def take_photo(self) -> Photo | None:
        return None if self._photographs is None else self._photographs.take()

    def keep_photo(self, photo: Photo) -> str:
        return "" if self._photographs is None else self._photographs.keep(photo)

    def commit(self, drop: OpenDrop, bag: Scanned | str | None) -> CommittedDrop | Rejected:
        return self._drop_off.commit(drop, bag)

    def refuse(self, drop: OpenDrop) -> None:
        self._drop_off.refuse(drop)

    def abandon(self, drop: OpenDrop, cause: AbandonCause) -> None:
        self._drop_off.abandon(drop, cause)

    def call_staff(self, visit_id: str, reason: Reason, drop: OpenDrop | None) -> None:
        self._drop_off.call_staff(visit_id, reason, drop)

    def print_receipt(self, drop: CommittedDrop, language: str) -> None:
        self._jobs.put((drop, language))

    def expect(self, scan_for: ScanFor) -> None:
        wanted = symbologies(scan_for, self._identifiers())
        for scanner in self._scanners:
            try:
                scanner.expect(wanted)
            except Exception:
                logger.exception("scanner %s did not take what to look for", scanner.name)

    def cue(self, cue: Cue) -> None:
        """A sound is company for what the screen shows: a failing one is only logged, for it
        comes right after a promise that must not look broken."""
        if self._sound is None:
            return
        try:
            self._sound(cue)
        except Exception:
            logger.exception("no sound for %s", cue)

    def close(self) -> None:
        """End the paper thread; may be called twice."""
        self._jobs.put(None)
        self._paper.join()

    def _print_jobs(self) -> None:
        while (job := self._jobs.get()) is not None:
            drop, language = job
            outcome = self._settled(drop, language)
            self._post(ReceiptDone(drop.drop_id, outcome))

    def _settled(self, drop: CommittedDrop, language: str) -> PrintOutcome:
        """Print and record it. A fault of our own is an outcome as well: nobody may wait for a
        receipt that never comes."""
        outcome: PrintOutcome = NotPrinted(DeviceFault.INTERNAL)
        try:
            self._receipts.begin(drop.drop_id)
            outcome = self._print(drop, language)
        except Exception:
            logger.exception("the receipt was not printed")
        try:
            self._receipts.settle(drop.drop_id, outcome)
        except Exception:
            logger.exception("the receipt's outcome was not recorded")
        return outcome

    def _print(self, drop: CommittedDrop, language: str) -> PrintOutcome:
        if self._printer is None:
            return NotPrinted(DeviceFault.NOT_FOUND)
        words = self._words(language)
        return self._printer.print(receipt.document(drop, words, self._timezone, self._site_name))
