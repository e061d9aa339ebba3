"""No paper. The promise stands; the screen is the receipt, and says what to do."""

from __future__ import annotations

import pytest

from kiosk.flows.model import Attract, Items, Receipt
from kiosk.ports import DeviceFault, NotPrinted, Printed, Trouble
from kiosk.words import words


def paper(session) -> bool:
    return isinstance(session.screen, Receipt) and session.screen.outcome is not None


def drop_off(kiosk, slug: str = "simple", bag: int = 0) -> Receipt:
    kiosk.hold_return(slug)
    kiosk.sees(Items)
    kiosk.hold_bag(bag)
    receipt = kiosk.until(paper, "the paper's fate").screen
    kiosk.hold_nothing()
    return receipt


def test_out_before_the_visit(kiosk, street) -> None:
    kiosk.printer.tear_paper()
    kiosk.core._supervisor.check_now()  # in the shop within ten seconds
    session = kiosk.knows(Trouble.PAPER_OUT)
    assert isinstance(session.screen, Attract)
    assert "Photograph" in words("en").trouble_step(Trouble.PAPER_OUT)
    receipt = drop_off(kiosk)
    assert isinstance(receipt.outcome, NotPrinted)
    assert receipt.outcome.fault is DeviceFault.PAPER_OUT
    assert kiosk.printer.slips == []
    assert receipt.drop.proof.startswith("RP1:")  # what the screen shows as a QR code
    kiosk.all_sent()
    assert kiosk.print_jobs == [("failed", "paper_out")]
    (arrived,) = street.drops
    assert (arrived["receipt"], arrived["receipt_fault"]) == ("failed", "paper_out")
    lost = [e for e in kiosk.events("device.changed") if e["fault"] == "paper_out"]
    assert len(lost) == 1

    kiosk.printer.refill()
    kiosk.is_over(Trouble.PAPER_OUT)
    kiosk.go_home()
    assert isinstance(drop_off(kiosk, "fee", 1).outcome, Printed)
    # The first receipt is not printed by itself: somebody else would take it.
    assert len(kiosk.printer.slips) == 1
    kiosk.is_whole()


@pytest.mark.parametrize("rows", [0, 60])
def test_out_while_the_receipt_is_printed(kiosk, street, rows) -> None:
    kiosk.printer.tear_paper(after_rows=rows)
    receipt = drop_off(kiosk)
    assert receipt.outcome == NotPrinted(DeviceFault.PAPER_OUT, receipt.outcome.detail)
    kiosk.knows(Trouble.PAPER_OUT)  # known for the next shopper, without waiting for the patrol
    kiosk.all_sent()
    (arrived,) = street.drops
    assert arrived["drop_number"] == receipt.drop.drop_number
    assert arrived["receipt_fault"] == "paper_out"
    kiosk.is_whole()


def test_nearly_used_up_is_only_told(kiosk, street) -> None:
    kiosk.printer.paper_low()
    kiosk.core._supervisor.check_now()
    kiosk.knows(Trouble.PAPER_LOW)
    assert isinstance(drop_off(kiosk).outcome, Printed)
    kiosk.all_sent()
    assert [row["receipt"] for row in street.drops] == ["printed"]
