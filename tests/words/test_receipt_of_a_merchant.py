"""A merchant's own lines on the paper: in the shopper's language, at their places, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.app.receipt import document
from kiosk.domain.look import Lines, Logo, Look, Receipt, Theme
from kiosk.domain.look.model import MOST_ON_PAPER
from kiosk.domain.money import Money
from kiosk.domain.returns import Merchant
from kiosk.domain.visit import CommittedDrop
from kiosk.ports import Emblem, Text, TextSize
from kiosk.words import words
from ui.paper import application, rasterise

PLAIN = Merchant("m", "Corner Shoes", "help@shoes.example", "Europe/Berlin")
LONG = (
    "Erstattungen erfolgen innerhalb von vierzehn Tagen nach Wareneingang in unserem "
    "Rücksendezentrum Norderstedt-Süd, Umsatzsteuer-Identifikationsnummer DE123456789."
)
RECEIPT = Receipt(
    header=Lines((("de", ("Seit 1962", "Hamburg")), ("en", ("Since 1962",)))),
    footer=Lines(
        (
            ("ar", ("شكرًا لزيارتكم، يرجى الاحتفاظ بهذا الإيصال حتى يصل المبلغ (14 يومًا).",)),
            ("de", (LONG,)),
            ("en", ("Thank you.",)),
        )
    ),
    support=Lines((("de", ("Mo-Fr 9-18 Uhr", "+49 40 1234")), ("en", ("+49 40 1234",)))),
)


@pytest.fixture
def paper():
    """The texts of an empty drop's receipt in a language, for a merchant with these lines."""

    def made(language, receipt=RECEIPT, support=PLAIN.support, logo=None):
        theme = Theme(logo=logo) if logo else None
        merchant = replace(PLAIN, support=support, look=Look(receipt, theme))
        drop = CommittedDrop(
            drop_id="d",
            drop_number="K1-000017-X",
            visit_id="v",
            return_id="R",
            order_number="SO-1",
            merchant=merchant,
            items=(),
            bag_id="",
            committed_at=datetime(2026, 5, 3, 22, 30, tzinfo=UTC),
            refund=Money(0, "EUR"),
            provisional=False,
            proof="RP1:PROOF",
        )
        return document(drop, words(language), "Europe/Berlin", "")

    return made


def texts(doc):
    return [block.text for block in doc.blocks if isinstance(block, Text)]


def test_its_lines_stand_under_its_name_at_the_support_and_at_the_end(paper):
    said = texts(paper("de"))
    assert said[:3] == ["Corner Shoes", "Seit 1962", "Hamburg"]
    assert said[-3:] == ["Mo-Fr 9-18 Uhr", "+49 40 1234", LONG]
    assert PLAIN.support not in said


def test_a_language_it_does_not_speak_reads_english(paper):
    said = texts(paper("fr"))
    assert said[1] == "Since 1962"
    assert said[-2:] == ["+49 40 1234", "Thank you."]


def test_without_lines_of_its_own_the_receipt_is_as_ever(paper):
    said = texts(paper("en", Receipt()))
    assert said[0] == "Corner Shoes"
    assert said[-1] == PLAIN.support


def test_support_that_is_nothing_is_not_offered(paper):
    said = texts(paper("en", Receipt(), support=" "))
    assert words("en").t("Questions? Reach the shop here:") not in said


def test_no_control_character_of_a_line_reaches_the_printer(paper):
    odd = Receipt(header=Lines((("en", ("Hello\x1bp\x00!",)),)))
    assert "Hello p !" in texts(paper("en", odd))


@pytest.mark.parametrize("language", ["ar", "de"])
@pytest.mark.parametrize("width", [384, 576])
def test_long_lines_lengthen_the_paper_and_are_not_cut(paper, language, width):
    kept = application()
    with_lines = rasterise(paper(language), width, 203)
    without = rasterise(paper(language, Receipt()), width, 203)
    assert with_lines.height > without.height
    stride = (width + 7) // 8
    rows = [with_lines.rows[at : at + stride] for at in range(0, len(with_lines.rows), stride)]
    assert not any(
        row[0] & 0x80 or row[-1] & 0x01 for row in rows if any(row) and set(row) != {255}
    )
    del kept


@pytest.mark.parametrize("language", sorted(words("en").languages()))
def test_its_logo_heads_the_paper_over_its_name(paper, language):
    logo = Logo(240, 80, ("M0 0H240V80H0Z",))
    head = paper(language, logo=logo).blocks[0]
    assert head == Emblem(240, 80, ("M0 0H240V80H0Z",), "Corner Shoes")
    assert paper(language).blocks[0].size is TextSize.LARGE


def test_a_logo_too_heavy_to_be_kept_with_every_drop_stays_on_the_screen(paper):
    light = Logo(240, 80, ("M0 0H240V80H0" + "Z" * (MOST_ON_PAPER - 13),))
    assert isinstance(paper("en", logo=light).blocks[0], Emblem)
    heavy = replace(light, paths=(light.paths[0], "M"))
    assert texts(paper("en", logo=heavy))[0] == "Corner Shoes"
