"""Amounts, numbers, addresses and signs keep their order in a sentence read from right to left."""

from __future__ import annotations

import os
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextLayout, QTextOption

from kiosk.domain.money import Money
from kiosk.ports import Document, Text
from kiosk.words import words
from ui.paper import rasterise, to_png

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

UNSEEN = "\u200e\u200f\u2066\u2067\u2068\u2069"


@pytest.fixture(autouse=True)
def _qt(qapp: object) -> None:
    """Fonts need an application."""


@pytest.fixture
def arabic():
    return words("ar")


def seen(text: str) -> str:
    """The letters, digits and signs that are not Arabic, from left to right as they are drawn."""
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    layout = QTextLayout(text, QFont("Noto Sans", 20))
    layout.setTextOption(option)
    layout.beginLayout()
    layout.createLine().setLineWidth(5000)
    layout.endLayout()
    drawn = [
        (place.x(), text[index])
        for run in layout.glyphRuns(0, -1, QTextLayout.GlyphRunRetrievalFlag.RetrieveAll)
        for index, place in zip(run.stringIndexes(), run.positions(), strict=True)
    ]
    shown = "".join(letter for _, letter in sorted(drawn) if letter not in UNSEEN)
    return "".join(c for c in shown if c < "\u0600" or c > "\u06ff")


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (123450, "USD", "US$\u00a01,234.50"),
        (123450, "GBP", "UK£\u00a01,234.50"),
        (123450, "EUR", "€\u00a01,234.50"),
        (123450, "CHF", "CHF\u00a01,234.50"),
        (-123450, "USD", "US$\u00a0-1,234.50"),
        (-5, "EUR", "€\u00a0-0.05"),
    ],
)
def test_an_amount_stands_with_its_currency_to_the_left(arabic, minor, currency, shown):
    amount = arabic.money(Money(minor, currency))
    assert seen(amount) == shown
    sentence = arabic.t("You get {refund} back.", refund=amount)
    assert shown in seen(sentence)


def test_without_marks_the_sign_would_leave_its_letters():
    assert seen("\u200f1,234.50\u00a0US$") == "$US\u00a01,234.50"


@pytest.mark.parametrize(
    "value",
    [
        "K1-000017-X",
        "4711-A",
        "••••4711",
        "+44 20 7946 0000",
        "help@northway.example",
        "Hat (M).",
        "90210-4",
    ],
)
def test_what_is_filled_in_reads_as_it_was_written(arabic, value):
    assert value in seen(arabic.t("Questions? {contact}", contact=value))
    assert value in seen(arabic.t("{shop}, order {number}", shop="متجر", number=value))
    assert value in seen(arabic.t("{count} × {name}", count=2, name=value))


def test_a_number_below_nothing_keeps_its_minus_in_front(arabic):
    assert "-7" in seen(arabic.t("{seconds} s off", seconds=-7))


def test_a_count_is_a_bare_number(arabic):
    assert arabic.n("{n} item", "{n} items", 12).startswith("12\u00a0")


def test_a_sentence_from_left_to_right_is_left_as_it_is():
    for language in ("en", "fr"):
        said = words(language).t("Questions? {contact}", contact="a@b.example")
        assert not set(said) & set(UNSEEN)
        assert not set(words(language).money(Money(5, "USD"))) & set(UNSEEN)


def test_paper_shows_the_same_order(arabic):
    """The currency is the leftmost ink of a printed amount, letter by letter."""

    def ink(text: str) -> Image.Image:
        document = Document("", "ar", right_to_left=True, blocks=(Text(text),))
        paper = Image.open(BytesIO(to_png(rasterise(document, 384, 203)))).convert("L")
        return paper.crop(paper.point(lambda grey: 255 - grey).getbbox())

    amount, sign = ink(arabic.money(Money(1250, "USD"))), ink("US$")
    assert amount.width > 2 * sign.width
    assert amount.crop((0, 0, *sign.size)).tobytes() == sign.tobytes()
