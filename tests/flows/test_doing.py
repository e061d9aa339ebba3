"""The verbs over devices and paper, with twins that say what they were asked."""

from __future__ import annotations

import queue
import threading

import pytest

from kiosk.flows.doing import Doing
from kiosk.flows.model import Cue, ReceiptDone, ScanFor
from kiosk.ports import (
    DeviceFamily,
    DeviceFault,
    DeviceState,
    DeviceStatus,
    NotPrinted,
    Printed,
    Symbology,
    Unconfirmed,
)
from kiosk.words import words


class Jobs:
    """kiosk.app.printing.Receipts as a list; `broken` verbs raise."""

    def __init__(self, *broken):
        self.said = []
        self.broken = broken

    def begin(self, drop_id):
        self._say("begin", drop_id)

    def settle(self, drop_id, outcome):
        self._say("settle", drop_id, outcome)

    def _say(self, verb, *what):
        if verb in self.broken:
            raise OSError("no space left")
        self.said.append((verb, *what))


class PaperTwin:
    name = "paper"

    def __init__(self, outcome=None):
        self.documents = []
        self.outcome = outcome or Printed()
        self.may_print = threading.Event()
        self.may_print.set()

    def status(self):
        return DeviceStatus("paper", DeviceFamily.PRINTER, DeviceState.READY)

    def print(self, document):
        assert self.may_print.wait(30)
        self.documents.append(document)
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome

    def close(self):
        pass


class EyeTwin:
    name = "eye"

    def __init__(self, broken=False):
        self.expected = []
        self.broken = broken

    def start(self, emit):
        pass

    def expect(self, symbologies):
        if self.broken:
            raise OSError("unplugged")
        self.expected.append(symbologies)

    def stop(self):
        pass


class Now:
    def monotonic(self):
        return 12.5

    def uuid(self):
        return "0197-visit"


@pytest.fixture
def events():
    return queue.Queue()


@pytest.fixture
def doing(events):
    made = []

    def make(*, printer=None, jobs=None, scanners=(), sound=None):
        one = Doing(
            None,
            jobs or Jobs(),
            Now(),
            Now(),
            printer=printer,
            scanners=scanners,
            words=words,
            timezone="Europe/Berlin",
            site_name="Corner shop",
            post=events.put,
            sound=sound,
        )
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


@pytest.fixture
def drop(new_walk):
    walk = new_walk().ready().knows("R1", "accept").scan("R1").scan("BAG1")
    return walk.screen.drop


@pytest.mark.parametrize("outcome", [Printed(), Unconfirmed(), NotPrinted(DeviceFault.PAPER_OUT)])
def test_a_receipt_is_begun_printed_settled_and_told(doing, drop, events, outcome):
    jobs, printer = Jobs(), PaperTwin(outcome)
    doing(printer=printer, jobs=jobs).print_receipt(drop, "en")
    assert events.get(timeout=30) == ReceiptDone(drop.drop_id, outcome)
    assert jobs.said == [("begin", drop.drop_id), ("settle", drop.drop_id, outcome)]
    assert drop.drop_number in printer.documents[0].title


def test_a_slow_printer_holds_nobody_up(doing, drop, events):
    printer = PaperTwin()
    printer.may_print.clear()
    do = doing(printer=printer)
    do.print_receipt(drop, "en")
    do.print_receipt(drop, "en")
    assert events.empty()
    printer.may_print.set()
    assert [events.get(timeout=30) for _ in range(2)] == [ReceiptDone(drop.drop_id, Printed())] * 2


def test_without_a_printer_the_receipt_is_told_as_not_printed(doing, drop, events):
    jobs = Jobs()
    doing(jobs=jobs).print_receipt(drop, "en")
    outcome = NotPrinted(DeviceFault.NOT_FOUND)
    assert events.get(timeout=30) == ReceiptDone(drop.drop_id, outcome)
    assert jobs.said[-1] == ("settle", drop.drop_id, outcome)


def test_a_printer_that_breaks_its_word_is_an_outcome(doing, drop, events, caplog):
    doing(printer=PaperTwin(OSError("cable"))).print_receipt(drop, "en")
    assert events.get(timeout=30) == ReceiptDone(drop.drop_id, NotPrinted(DeviceFault.INTERNAL))


def test_nothing_is_printed_that_was_not_recorded_as_begun(doing, drop, events, caplog):
    printer = PaperTwin()
    doing(printer=printer, jobs=Jobs("begin")).print_receipt(drop, "en")
    assert events.get(timeout=30).outcome == NotPrinted(DeviceFault.INTERNAL)
    assert printer.documents == []


def test_a_result_that_cannot_be_recorded_is_still_told(doing, drop, events, caplog):
    doing(printer=PaperTwin(), jobs=Jobs("settle")).print_receipt(drop, "en")
    assert events.get(timeout=30) == ReceiptDone(drop.drop_id, Printed())


def test_scanners_look_for_what_the_screen_can_use(doing, caplog):
    eye = EyeTwin()
    do = doing(scanners=[EyeTwin(broken=True), eye])
    for scan_for in ScanFor:
        do.expect(scan_for)
    returns, bags, serials, nothing = eye.expected
    assert Symbology.QR in returns
    assert {Symbology.CODE_128, Symbology.QR} <= bags
    assert Symbology.UNKNOWN in returns & bags
    assert {Symbology.CODE_39, Symbology.DATA_MATRIX, Symbology.CODE_128} <= serials
    assert nothing == frozenset()
    assert "eye" in caplog.text


def test_a_sound_that_fails_is_only_logged(doing, caplog):
    played = []
    doing(sound=played.append).cue(Cue.DONE)
    doing().cue(Cue.DONE)
    assert played == [Cue.DONE]

    def broken(cue):
        raise OSError("no speaker")

    doing(sound=broken).cue(Cue.ACCEPTED)
    assert "no speaker" in caplog.text


def test_time_and_visits_come_from_the_ports(doing):
    do = doing()
    assert (do.now(), do.begin_visit()) == (12.5, "0197-visit")
