"""Royal Mail's square Mailmark: 45 places, some of them blank, and no check digit."""

from __future__ import annotations

import random

import pytest

from kiosk.domain import codes
from kiosk.domain.codes.model import CarrierLabel, Tracking, Unreadable

DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Type 29 and type 9, from public documents.
DOCUMENTED = (
    ("JGB 012100123412345678AB19XY1A 0             www.xyz.com", "100123412345678"),
    (
        "JGB 011123456712345678CW14NJ1T 0EC2M2QS      "
        "REFERENCE1234567890QWERTYUIOPASDFGHJKLZXCVBNM",
        "123456712345678",
    ),
)


def parse(text: str, aim: str = "]d1") -> object:
    return codes.parse(text, text.encode(), aim)


def label(number: str) -> CarrierLabel:
    return CarrierLabel((Tracking("Royal Mail", "Mailmark", number),))


@pytest.mark.parametrize(("text", "number"), DOCUMENTED)
def test_documented_marks_are_read(text: str, number: str) -> None:
    for aim in ("]d1", "]d0", ""):
        assert parse(text, aim) == label(number)
    assert parse(text.lower()) == label(number)
    (listed,) = codes.candidates(text)
    assert (listed.family, listed.carrier, listed.number) == ("carrier", "Royal Mail", number)


def test_another_symbol_holds_no_mailmark() -> None:
    text, _ = DOCUMENTED[0]
    assert isinstance(parse(text, "]d2"), Unreadable)  # GS1 data
    assert isinstance(parse(text, "]E0"), Unreadable)


def made(dice: random.Random) -> tuple[str, str]:
    """A mark of random fields, and its number."""

    def some(kinds: str) -> str:
        return "".join(dice.choice(DIGITS if kind == "N" else LETTERS) for kind in kinds)

    shape = dice.choice(("ANNAA", "ANNNAA", "AANNAA", "AANNNAA", "ANANAA", "AANANAA"))
    goes = dice.choice(("", "XY11", some(shape[:-3]), some(shape) + some("NA")))
    back = dice.choice(("", some(shape)))
    number = some("N" * 15)
    head = f"JGB {dice.choice(DIGITS + LETTERS)}1{dice.choice(DIGITS + LETTERS)}{number}"
    own = "".join(dice.choices(LETTERS + DIGITS + " ", k=dice.randint(0, 45)))
    return f"{head}{goes:9}{dice.choice('0123456')}{back:7}{'':6}{own}", number


def test_made_marks_are_read_also_without_the_blanks_at_their_end() -> None:
    dice = random.Random(29)
    for _ in range(2_000):
        text, number = made(dice)
        assert parse(text) == label(number), text
        assert parse(text.rstrip()) == label(number), text


def test_a_place_that_cannot_stand_is_no_mark() -> None:
    dice = random.Random(7)
    for _ in range(500):
        text, _ = made(dice)
        at = dice.choice([0, 1, 2, 3, 5, *range(7, 22), 31, *range(39, 45)])
        wrong = dice.choice([c for c in "X-" if c != text[at]])
        assert isinstance(parse(text[:at] + wrong + text[at + 1 :]), Unreadable), (at, text)


@pytest.mark.parametrize(
    "text",
    [
        "JGB S11221017031123456781234525032201                ",  # the beginning of a stamp's
        "JGB 012100123412345678ABCDEFGHI0             ",  # no postcode has this shape
        "JGB 012100123412345678AB19XY1A 0AB19XY1      ",  # nor this, to send it back to
        "JGB 012100123412345678AB19XY1A 7             ",  # there is no such service
        "JGB 012100123412345678AB19XY1A 0" + " " * 13 + "X" * 46,  # longer than the largest symbol
        "JGB ",
        "JGB 0121001234123456",
    ],
)
def test_what_only_begins_like_one_is_nobodys(text: str) -> None:
    assert isinstance(parse(text), Unreadable)
