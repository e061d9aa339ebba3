"""First the day without misfortune: what every other page of this folder is measured by."""

from __future__ import annotations

from datetime import UTC, datetime

from kiosk.flows.model import Attract, Bagging, Done, Items, Press, Receipt
from kiosk.ports import Printed
from kiosk.seal import receipts
from kiosk.seal.receipts import ReceiptClaims


def test_a_drop_from_the_camera_to_the_centre(kiosk, street) -> None:
    there = street.sample.find("simple")
    kiosk.hold_return("simple")
    items = kiosk.sees(Items)
    assert items.drop.authorisation.return_id == there.return_id
    kiosk.press(Press.ALL_HERE)
    kiosk.sees(Bagging)
    kiosk.hold_bag()
    receipt = kiosk.until(
        lambda s: isinstance(s.screen, Receipt) and s.screen.outcome is not None, "the paper"
    ).screen
    assert receipt.outcome == Printed()
    assert len(kiosk.printer.slips) == 1
    kiosk.press(Press.FINISH)
    kiosk.sees(Done)
    kiosk.press(Press.FINISH)
    wiped = kiosk.until(lambda s: isinstance(s.screen, Attract), "the first screen")
    assert (wiped.visit_id, wiped.drops, wiped.taken) == ("", (), "")
    kiosk.all_sent()

    number, bag = receipt.drop.drop_number, street.sample.bags[0]
    assert kiosk.drops == [("committed", there.return_id, bag)]
    assert kiosk.print_jobs == [("printed", "")]
    assert kiosk.bags_held == [bag]
    kiosk.is_whole()
    (arrived,) = street.drops
    assert (arrived["drop_number"], arrived["bag_id"], arrived["refund"]) == (number, bag, 7990)
    assert (arrived["receipt"], arrived["offline"], arrived["provisional"]) == (
        "printed",
        False,
        False,
    )
    assert street.cases == []
    assert len(street.told("receipt.settled")) == 1


def test_the_receipt_in_the_hand_proves_the_drop_without_anybody(kiosk, street) -> None:
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()  # the bag's code says "all here" as well
    drop = kiosk.sees(Receipt).drop
    kiosk.until(lambda s: getattr(s.screen, "outcome", None) is not None, "the paper")
    claims = receipts.verify(kiosk.paper.proof, kiosk.identity.key.public)
    assert isinstance(claims, ReceiptClaims)
    assert (claims.drop_id, claims.drop_number, claims.bag_id) == (
        drop.drop_id,
        drop.drop_number,
        street.sample.bags[0],
    )
    assert claims.committed_at <= datetime.now(UTC)
    somebody_else = bytes(reversed(kiosk.identity.key.public))
    assert not isinstance(receipts.verify(kiosk.paper.proof, somebody_else), ReceiptClaims)
