"""What stands on the paper, and what never does."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.app.receipt import document, masked
from kiosk.domain.money import Money
from kiosk.domain.policy.model import Ask, Disposal, Outcome, Question, Verdict
from kiosk.domain.reasons import Reason, Why
from kiosk.domain.returns import Merchant, ReturnLine
from kiosk.domain.visit import CommittedDrop, Item
from kiosk.ports import Divider, Document, Gap, Pair, Qr, Text
from kiosk.words import Words, words


def item(name, outcome, why, *, count=1, disposal=Disposal.NONE, brought=None, fee=0):
    price = Money(2000 * count, "EUR")
    paid = outcome in (Outcome.ACCEPT, Outcome.ACCEPT_WITH_FEE, Outcome.RETURNLESS)
    nothing = Money(0, "EUR")
    verdict = Verdict(
        outcome=outcome,
        reason=Reason(why, {"closed_on": "2026-04-01"}),
        refund=price - Money(fee, "EUR") if paid else nothing,
        fee=Money(fee, "EUR"),
        withheld=nothing if paid else price,
        disposal=disposal,
        provisional=False,
        policy_number=7,
        rule_ids=("a",),
    )
    line = ReturnLine(name, "SKU", name, "shoes", count, Money(2000, "EUR"))
    return Item(line, count if brought is None else brought, verdict)


SHIRT = item("Blue shirt", Outcome.ACCEPT, Why.WITHIN_POLICY, count=2)
SHOES = item("Running shoes", Outcome.ACCEPT_WITH_FEE, Why.FEE_APPLIES, fee=395)
MUG = item("Mug", Outcome.RETURNLESS, Why.DONATE_IT, disposal=Disposal.DONATE)
WATCH = item("Watch", Outcome.REVIEW, Why.CHECKED_LATER)
SOCKS = item("Socks", Outcome.REFUSE, Why.WINDOW_CLOSED)
BATTERY = item("Power bank", Outcome.STAFF, Why.HAZARDOUS)
SCARF = item("Scarf", Outcome.ACCEPT, Why.WITHIN_POLICY, brought=0)
BELT = replace(
    SCARF,
    line=replace(SCARF.line, name="Belt"),
    decision=Ask(Question("condition", ("used",)), "ask"),
)


@pytest.fixture
def drop():
    return CommittedDrop(
        drop_id="drop-1",
        drop_number="K1-000017-X",
        visit_id="visit-1",
        return_id="RET-9",
        order_number="SO-2026-104711",
        merchant=Merchant("m", "Corner Shoes", "help@shoes.example", "Europe/Berlin"),
        items=(SHIRT, SHOES, MUG, WATCH, SOCKS, BATTERY, SCARF, BELT),
        bag_id="BAG00012",
        committed_at=datetime(2026, 5, 3, 22, 30, tzinfo=UTC),
        refund=Money(7605, "EUR"),
        provisional=False,
        proof="RP1:PROOF",
    )


def paper(drop, language="en", site="Main Street 1") -> Document:
    spoken = words("en") if language == "en" else Words(language, gettext.NullTranslations())
    return document(drop, spoken, "Europe/Berlin", site)


def lines(doc: Document) -> list[str]:
    """The paper as a person reads it, one block a line."""
    read = []
    for block in doc.blocks:
        match block:
            case Text(text=text):
                read.append(text)
            case Pair(label=label, value=value):
                read.append(f"{label}: {value}")
            case Qr(data=data, caption=caption):
                read.append(f"[{data}] {caption}")
            case Divider() | Gap():
                read.append("")
    return read


def under(doc: Document, heading: str) -> list[str]:
    read = lines(doc)
    start = read.index(heading) + 1
    return read[start : read.index("", start)]


def test_the_head_tells_who_where_when_and_which(drop):
    read = lines(paper(drop))
    assert read[:2] == ["Corner Shoes", "Return receipt"]
    assert "Place: Main Street 1" in read
    assert "Date: May 4, 2026, 12:30\u202fAM (UTC+02:00)" in read
    assert "Drop number: K1-000017-X" in read
    assert "Bag: BAG00012" in read


def test_each_item_stands_where_its_goods_are(drop):
    doc = paper(drop)
    assert under(doc, "Handed in") == [
        "2 × Blue shirt: €40.00",
        "You get €40.00 back.",
        "Running shoes: €16.05",
        "You get €16.05 back after a fee of €3.95.",
        "Watch",
        "The shop checks it first. You can get up to €20.00.",
    ]
    assert under(doc, "Stays with you") == [
        "Mug: €20.00",
        "Please give this item away. You get €20.00 back.",
    ]
    assert under(doc, "Not taken") == [
        "Socks",
        "Returns for this item closed on April 1, 2026.",
        "Keep the item and ask the shop about it.",
        "Power bank",
        "This item needs special care.",
        "Please take the item to a member of staff.",
    ]
    assert under(doc, "Not brought this time") == ["Scarf", "Belt"]


def test_the_sums_are_fees_and_the_refund_expected(drop):
    read = lines(paper(drop))
    assert "Return fee: €3.95" in read
    assert "Refund expected: €76.05" in read
    assert "The shop still confirms this amount." not in read


def test_a_provisional_refund_says_so(drop):
    assert "The shop still confirms this amount." in lines(paper(replace(drop, provisional=True)))


def test_no_fees_no_line(drop):
    free = lines(paper(replace(drop, items=(SHIRT,))))
    assert not [line for line in free if line.startswith("Return fee")]


def test_the_proof_can_be_scanned_and_its_number_typed(drop):
    assert Qr("RP1:PROOF", "K1-000017-X") in paper(drop).blocks
    assert "help@shoes.example" in lines(paper(drop))


def test_the_paper_pins_the_history(drop):
    """The event's link, short enough to be read out."""
    assert not [line for line in lines(paper(drop)) if line.startswith("Log entry")]
    assert "Log entry: NENTQ-AXBNE-5" in lines(paper(replace(drop, link="ab" * 32)))


def test_without_a_bag_a_place_or_support_their_lines_are_left_out(drop):
    bare = replace(drop, bag_id="", merchant=replace(drop.merchant, support=""))
    read = lines(paper(bare, site=""))
    assert not [line for line in read if line.startswith(("Bag", "Place", "Questions"))]


def test_the_paper_carries_no_personal_data(drop):
    text = "\n".join(lines(paper(drop)))
    for secret in ("SO-2026-104711", "RET-9", "visit-1", "drop-1"):
        assert secret not in text
    assert "Order: ••••4711" in text


@pytest.mark.parametrize(
    ("order", "shown"),
    [("SO-104711", "••••4711"), ("4711", "••••11"), ("7", "••••"), ("", "••••")],
)
def test_an_order_number_is_masked_to_its_end(order, shown):
    assert masked(order) == shown


def test_a_name_from_outside_cannot_steer_the_printer(drop):
    shirt = replace(SHIRT, line=replace(SHIRT.line, name="Shirt\x1bp\x00\nfree\x9b"))
    shop = replace(drop.merchant, name="Shop\r\n\x1d", support="a\x07b")
    text = "".join(lines(paper(replace(drop, items=(shirt,), merchant=shop), site="x\x00y")))
    assert not [c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0]


@pytest.mark.parametrize("language", ["de", "fr", "es", "ar"])
def test_amounts_and_direction_are_the_languages(drop, language):
    doc = paper(drop, language)
    assert (doc.language, doc.right_to_left) == (language, language == "ar")
    refund = Words(language, gettext.NullTranslations()).money(drop.refund)
    assert f"Refund expected: {refund}" in lines(doc)
    assert refund != words("en").money(drop.refund)


def test_a_language_that_is_not_there_prints_in_english(drop):
    doc = document(drop, words("tlh"), "Europe/Berlin", "")
    assert (doc.language, doc.title) == ("en", "Return receipt K1-000017-X")


def test_the_time_is_the_sites(drop):
    doc = document(drop, words("en"), "America/New_York", "")
    assert "Date: May 3, 2026, 6:30\u202fPM (UTC-04:00)" in lines(doc)
