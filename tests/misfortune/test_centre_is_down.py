"""The centre, or the way to it, is gone. The shopper's visit is the same; the refund is confirmed
later, and the receipt says so. What was recorded arrives when the centre is back."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.model import Attract, Items, Receipt
from kiosk.ports import Printed, Trouble
from kiosk.seal import receipts
from kiosk.seal.receipts import ReceiptClaims
from sync.wire.messages import MAX_EVENTS

TO_BE_CONFIRMED = "to be confirmed"


def paper(session) -> bool:
    return isinstance(session.screen, Receipt) and session.screen.outcome is not None


def test_down_during_the_visit_and_back_later(kiosk, street) -> None:
    street.goes_down()
    kiosk.knows(Trouble.OFFLINE)
    assert isinstance(kiosk.session.screen, Attract)  # it goes on taking returns
    kiosk.hold_return("simple")
    assert kiosk.sees(Items).drop.offline
    kiosk.hold_bag()
    receipt = kiosk.until(paper, "the paper").screen
    assert receipt.outcome == Printed()
    assert receipt.drop.provisional
    assert TO_BE_CONFIRMED in kiosk.paper.words
    assert isinstance(receipts.verify(kiosk.paper.proof, kiosk.identity.key.public), ReceiptClaims)
    assert kiosk.until(lambda s: s.service.queued > 0, "what waits").service.queued > 0
    assert street.drops == []
    assert [state for state, _, _ in kiosk.drops] == ["committed"]

    street.comes_back()
    kiosk.is_over(Trouble.OFFLINE)
    kiosk.all_sent()
    (arrived,) = street.drops
    assert arrived["drop_number"] == receipt.drop.drop_number
    assert arrived["offline"]
    assert arrived["provisional"]
    (told,) = street.told("drop.committed")
    assert told["drop_id"] == receipt.drop.drop_id
    kiosk.is_whole()


def test_with_the_centre_there_nothing_is_to_be_confirmed(kiosk) -> None:
    kiosk.hold_return("simple")
    assert not kiosk.sees(Items).drop.offline
    kiosk.hold_bag()
    assert not kiosk.until(paper, "the paper").screen.drop.provisional
    assert TO_BE_CONFIRMED not in kiosk.paper.words


def test_behind_a_long_queue_a_drop_is_to_be_confirmed_as_well(kiosk, street) -> None:
    """The centre is there and a week's queue goes first: it confirms nothing of today yet."""
    agent = kiosk.core.agent
    agent.stop()
    agent.state = replace(agent.state, online=True, queued=MAX_EVENTS + 1)
    kiosk.hold_return("simple")
    assert kiosk.sees(Items).drop.offline
    kiosk.hold_bag()
    assert kiosk.until(paper, "the paper").screen.drop.provisional
    assert TO_BE_CONFIRMED in kiosk.paper.words
    kiosk.hold_nothing()
    kiosk.go_home()
    kiosk.restart()
    kiosk.all_sent()
    assert len(street.drops) == 1


def test_down_between_the_verdict_and_the_promise(kiosk, street) -> None:
    """What was judged with the centre stays so; the promise needs nobody."""
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    street.goes_down()
    kiosk.hold_bag()
    drop = kiosk.until(paper, "the paper").screen.drop
    assert not drop.provisional
    street.comes_back()
    kiosk.all_sent()
    assert [row["drop_number"] for row in street.drops] == [drop.drop_number]


def test_down_since_before_the_kiosk_was_switched_on(kiosk, street) -> None:
    """The bundle on the disk decides; a restart needs no centre."""
    street.goes_down()
    kiosk.restart()
    kiosk.hold_return("simple")
    kiosk.sees(Items)
    kiosk.hold_bag()
    kiosk.until(paper, "the paper")
    street.comes_back()
    kiosk.all_sent()
    assert len(street.drops) == 1
    assert len(street.told("kiosk.started")) == 2


def test_three_visits_while_it_is_down_arrive_in_their_order(kiosk, street) -> None:
    street.goes_down()
    kiosk.knows(Trouble.OFFLINE)
    promised = []
    for bag, slug in enumerate(("simple", "fee", "review")):
        kiosk.hold_return(slug)
        kiosk.sees(Items)
        kiosk.hold_bag(bag)
        drop = kiosk.until(paper, "the paper").screen.drop
        promised.append(drop.drop_number)
        kiosk.hold_nothing()
        kiosk.go_home()
    street.comes_back()
    kiosk.all_sent()
    assert [row["drop_number"] for row in sorted(street.drops, key=lambda r: r["told_at"])] == (
        promised
    )
    assert street.cases == []
    kiosk.is_whole()
