"""Paper on its own thread: which printer gets what, and what the screen hears of it."""

from __future__ import annotations

import queue
from collections.abc import Iterator

import pytest

from kiosk.domain.counter import commands as ask
from kiosk.domain.counter.commands import Role, Who
from kiosk.flows.counter.model import (
    PaperDone,
    PrintDropReceipt,
    PrintManifest,
    PrintPlates,
    PrintShelfLabel,
)
from kiosk.flows.counter.printing import Papers, Place
from kiosk.flows.counter.states.leaving import LabelKind
from kiosk.flows.counter.states.outbound import Paper
from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    Document,
    NotPrinted,
    Printed,
    PrintOutcome,
    Unconfirmed,
)
from kiosk.store import StoreCause, StoreFailed
from kiosk.words import words
from tests.flows.counter.fake_desk import FakeDesk

STAFF = Who("anna", Role.ASSOCIATE)
PLACE = Place("Corner shop", "Europe/Berlin", ("en", "de", "fr"))


class Tray:
    """A printer that keeps what it was given; `outcomes` are its answers, then Printed."""

    def __init__(self, name: str = "tray", *outcomes: PrintOutcome) -> None:
        self.name, self.documents, self._outcomes = name, list[Document](), list(outcomes)

    def status(self) -> DeviceStatus:
        return DeviceStatus(self.name, DeviceFamily.PRINTER, DeviceState.READY)

    def print(self, document: Document) -> PrintOutcome:
        self.documents.append(document)
        return self._outcomes.pop(0) if self._outcomes else Printed()

    def close(self) -> None: ...


class PaperDesk(FakeDesk):
    """The counter, with numbers for plates."""

    def __init__(self) -> None:
        super().__init__()
        self.given, self.full = 0, False

    def plates(self, kind: str, count: int) -> range:
        assert kind in ("bag", "container")
        if self.full:
            raise StoreFailed(StoreCause.FULL, "no room")
        self.given += count
        return range(self.given - count, self.given)

    def trains(self) -> bool:
        return self._trained


class Office:
    def __init__(self, receipts: Tray | None, labels: Tray | None) -> None:
        self.desk, self.done = PaperDesk(), queue.SimpleQueue[PaperDone]()
        self.papers = Papers(self.desk, PLACE, words, receipts, labels, self.done.put)

    def heard(self) -> PaperDone:
        return self.done.get(timeout=60)


@pytest.fixture
def trays() -> tuple[Tray, Tray]:
    return Tray("receipts"), Tray("labels")


@pytest.fixture
def office(trays: tuple[Tray, Tray]) -> Iterator[Office]:
    office = Office(*trays)
    yield office
    office.papers.close()
    office.papers.close()


def signed(desk: PaperDesk) -> str:
    for command in (
        ask.ProvideContainer("c1", "TC1", "dhl", 40),
        ask.OpenContainer("c1"),
        ask.ContainBag("TB1", "c1"),
        ask.CloseContainer("c1", "TZ1"),
        ask.DraftManifest("m1", "dhl"),
        ask.ReadyManifest("m1"),
        ask.SignManifest("m1", ("c1",), (), "a" * 64, "b" * 64),
    ):
        desk.done(command, STAFF)
    return "m1"


def test_labels_come_out_of_the_label_printer(office: Office, trays: tuple[Tray, Tray]) -> None:
    job = office.papers.print(PrintShelfLabel("A1"))
    assert office.heard() == PaperDone(job, Paper.PRINTED)
    office.papers.print(PrintPlates(LabelKind.BAG, 3))
    assert office.heard().paper is Paper.PRINTED
    receipts, labels = trays
    assert (len(receipts.documents), len(labels.documents)) == (0, 4)
    assert len({document.title for document in labels.documents}) == 4
    office.papers.print(PrintPlates(LabelKind.BAG, 1))
    office.heard()
    assert len({document.title for document in labels.documents}) == 5  # never the same again


def test_receipts_and_both_copies_of_a_manifest_come_out_of_the_other(
    office: Office, trays: tuple[Tray, Tray]
) -> None:
    office.papers.print(PrintDropReceipt("1Z4", "UPS", "K1-1"))
    assert office.heard().paper is Paper.PRINTED
    job = office.papers.print(PrintManifest(signed(office.desk)))
    assert office.heard() == PaperDone(job, Paper.PRINTED)
    assert len(trays[0].documents) == 3
    assert "Anna Berg" in repr(trays[0].documents[1])
    assert "Übergabe" in repr(trays[0].documents[1])  # the shop's second language
    assert trays[1].documents == []


def test_a_list_that_is_not_signed_is_not_printed(office: Office) -> None:
    office.papers.print(PrintManifest("nothing of the kind"))
    assert office.heard().paper is Paper.FAILED


def test_what_does_not_come_out_ends_the_job() -> None:
    labels = Tray("labels", Unconfirmed(), NotPrinted(DeviceFault.PAPER_OUT))
    office = Office(None, labels)
    job = office.papers.print(PrintPlates(LabelKind.CONTAINER, 5))
    assert office.heard() == PaperDone(job, Paper.FAILED)
    assert len(labels.documents) == 2
    assert office.papers.print(PrintDropReceipt("1Z4", "UPS", "K1-1")) == job + 1
    assert office.heard() == PaperDone(job + 1, Paper.NONE)  # there is no such printer
    office.papers.close()


def test_what_nobody_confirms_is_not_called_printed() -> None:
    office = Office(Tray("till", Printed(), Unconfirmed()), None)
    office.papers.print(PrintManifest(signed(office.desk)))
    assert office.heard().paper is Paper.UNCONFIRMED
    office.papers.close()


def test_without_a_label_printer_the_receipt_printer_makes_labels() -> None:
    receipts = Tray()
    office = Office(receipts, None)
    office.papers.print(PrintShelfLabel("A1"))
    assert office.heard().paper is Paper.PRINTED
    assert len(receipts.documents) == 1
    office.papers.close()


def test_no_plate_is_printed_whose_number_is_not_on_the_disk(
    office: Office, trays: tuple[Tray, Tray]
) -> None:
    office.desk.full = True
    office.papers.print(PrintPlates(LabelKind.BAG, 2))
    assert office.heard().paper is Paper.FAILED
    assert trays[1].documents == []


def test_a_paper_that_cannot_be_made_is_waited_for_by_nobody(
    office: Office, trays: tuple[Tray, Tray], caplog: pytest.LogCaptureFixture
) -> None:
    office.papers.print(PrintShelfLabel("no shelf's name"))
    assert office.heard().paper is Paper.FAILED
    assert "could not be made" in caplog.text
    assert trays[1].documents == []


def test_in_training_every_paper_says_so(office: Office, trays: tuple[Tray, Tray]) -> None:
    office.desk.train(True)
    office.papers.print(PrintShelfLabel("A1"))
    office.heard()
    assert "TRAINING" in repr(trays[1].documents[0])
