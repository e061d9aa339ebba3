"""The printer is gone, dumb, open or jammed. Nothing of it touches the promise."""

from __future__ import annotations

import pytest

from kiosk.flows.model import Items, Press, Receipt, StaffCalled
from kiosk.ports import DeviceFault, NotPrinted, Printed, Trouble, Unconfirmed


def paper(session) -> bool:
    return isinstance(session.screen, Receipt) and session.screen.outcome is not None


def drop_off(kiosk, slug: str = "simple", bag: int = 0) -> Receipt:
    kiosk.hold_return(slug)
    kiosk.sees(Items)
    kiosk.hold_bag(bag)
    receipt = kiosk.until(paper, "the paper's fate").screen
    kiosk.hold_nothing()
    return receipt


@pytest.mark.parametrize(
    ("break_it", "mend_it", "trouble", "fault"),
    [
        ("unplug", "plug", Trouble.PRINTER_ABSENT, DeviceFault.NOT_FOUND),
        ("open_cover", "close_cover", Trouble.PRINTER_SILENT, DeviceFault.COVER_OPEN),
    ],
)
def test_broken_and_mended(kiosk, street, break_it, mend_it, trouble, fault) -> None:
    getattr(kiosk.printer, break_it)()
    kiosk.core._supervisor.check_now()
    kiosk.knows(trouble)
    receipt = drop_off(kiosk)
    assert isinstance(receipt.outcome, NotPrinted)
    assert receipt.outcome.fault is fault
    getattr(kiosk.printer, mend_it)()
    kiosk.is_over(trouble)
    kiosk.go_home()
    assert isinstance(drop_off(kiosk, "fee", 1).outcome, Printed)
    kiosk.all_sent()
    told = {row["drop_number"]: row["receipt"] for row in street.drops}
    assert sorted(told.values()) == ["failed", "printed"]
    assert told[receipt.drop.drop_number] == "failed"
    assert {e["fault"] for e in kiosk.events("device.changed") if e["family"] == "printer"} == {
        "",
        fault.value,
    }
    kiosk.is_whole()


def test_the_cable_is_pulled_in_the_middle_of_a_receipt(kiosk, street) -> None:
    kiosk.printer.freeze()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    waiting = kiosk.sees(Receipt)
    assert waiting.outcome is None  # the promise is on the screen before any paper
    kiosk.printer.unplug()
    receipt = kiosk.until(paper, "the paper's fate").screen
    assert isinstance(receipt.outcome, NotPrinted)
    kiosk.all_sent()
    assert [row["receipt"] for row in street.drops] == ["failed"]
    kiosk.is_whole()


def test_a_printer_that_says_nothing_is_not_believed(kiosk, street) -> None:
    """It may have printed; nobody knows, so nobody says so."""
    kiosk.printer.go_silent()
    receipt = drop_off(kiosk)
    assert isinstance(receipt.outcome, (Unconfirmed, NotPrinted))
    assert not isinstance(receipt.outcome, Printed)
    kiosk.all_sent()
    assert [row["receipt"] for row in street.drops] != ["printed"]


def test_the_shopper_may_go_while_the_printer_is_still_asked(kiosk, street) -> None:
    """Nobody stands and waits for a dead printer: the next visit runs meanwhile."""
    kiosk.printer.freeze()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.hold_return("fee")
    kiosk.sees(Items)
    kiosk.printer.unplug()  # ends the waiting of this test, not of the shopper
    kiosk.hold_bag(1)
    assert kiosk.until(paper, "the paper's fate").screen.drop.return_id == (
        street.sample.find("fee").return_id
    )
    kiosk.all_sent()
    assert len(street.drops) == 2
    kiosk.is_whole()


def test_help_called_while_the_receipt_is_awaited(kiosk) -> None:
    kiosk.printer.freeze()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.sees(Receipt)
    kiosk.press(Press.CALL_STAFF)
    kiosk.sees(StaffCalled)
    kiosk.printer.unplug()
    kiosk.until(
        lambda s: isinstance(s.screen, StaffCalled) and s.screen.resume.outcome is not None,
        "the paper's fate behind the help",
    )
    kiosk.press(Press.BACK)
    assert isinstance(kiosk.sees(Receipt).outcome, NotPrinted)


def test_a_kiosk_without_any_printer(install, street) -> None:
    kiosk = install(printer=False).ready()
    assert Trouble.PRINTER_ABSENT in kiosk.session.service.troubles
    assert drop_off(kiosk).outcome == NotPrinted(DeviceFault.NOT_FOUND)
    kiosk.all_sent()
    assert [row["receipt"] for row in street.drops] == ["failed"]
