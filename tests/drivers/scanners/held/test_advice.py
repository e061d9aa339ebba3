"""A scanner with wrong settings is told by what it sends, and so is the mend."""

from __future__ import annotations

import pytest

from drivers.scanners.held.advice import TEST_TEXT, Finding, advice
from drivers.scanners.held.framed import Framed
from drivers.scanners.held.keys import Keys
from drivers.scanners.held.layouts import LAYOUTS
from drivers.scanners.held.typed import End, Form, Sent
from tests.drivers.scanners.held.typing_scanner import BRACKET, LEFT_CTRL, typed, with_key

AIM = "]Q1"


def keys_of(text: str, layout: str = "us", gs: bytes = with_key(LEFT_CTRL, BRACKET)) -> bytes:
    before, _, after = text.partition("\x1d")
    keys = typed(before, None, LAYOUTS[layout])
    return keys + (gs if after else b"") + typed(after, layout=LAYOUTS[layout])


def sent(data: bytes, layout: str = "us") -> Sent:
    (one,) = Keys(LAYOUTS[layout]).feed(data, 1.0)
    return one


def findings(one: Sent, form: Form | None = None, layout: str = "us") -> list[Finding]:
    return [each.finding for each in advice(one, form, layout)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_scanner_that_is_set_as_the_settings_say_is_good(layout) -> None:
    one = sent(keys_of(AIM + TEST_TEXT, layout), layout)
    assert findings(one, layout=layout) == [Finding.GOOD]


@pytest.mark.parametrize("theirs", [name for name in LAYOUTS if name != "us"])
def test_another_layout_is_named(theirs) -> None:
    one = sent(keys_of(AIM + TEST_TEXT, theirs))
    (first, *_) = advice(one)
    assert first.finding is Finding.LAYOUT
    assert f'layout = "{theirs}"' in first.mend


def test_another_layout_is_named_without_identifier_and_without_separator() -> None:
    one = sent(keys_of(TEST_TEXT, "fr", gs=b""))
    assert 'layout = "fr"' in advice(one)[0].mend


def test_an_american_scanner_in_a_german_table() -> None:
    one = sent(keys_of(AIM + TEST_TEXT), "de")
    assert 'layout = "us"' in advice(one, layout="de")[0].mend


def test_no_identifier() -> None:
    assert findings(sent(keys_of(TEST_TEXT))) == [Finding.NO_IDENTIFIER]
    assert findings(sent(typed("TB0000000042M"))) == [Finding.NO_IDENTIFIER]


def test_a_swallowed_separator() -> None:
    assert findings(sent(keys_of(AIM + TEST_TEXT, gs=b""))) == [Finding.SEPARATOR]


@pytest.mark.parametrize("change", [str.swapcase, str.upper, str.lower])
def test_changed_case(change) -> None:
    assert findings(sent(keys_of(AIM + change(TEST_TEXT)))) == [Finding.CASE]


def test_text_of_the_scanners_own_is_named_as_the_settings_want_it() -> None:
    one = sent(keys_of(f"{AIM}#1 {TEST_TEXT}!!"))
    (first,) = advice(one)
    assert first.finding is Finding.DRESSED
    assert "prefix = '#1 ', tail = '!!'" in first.mend
    assert findings(one, Form(before=b"#1 ", after=b"!!")) == [Finding.GOOD]


def test_something_else_points_at_the_first_difference() -> None:
    one = sent(keys_of(AIM + TEST_TEXT.replace("0123", "0124")))
    (first,) = advice(one)
    assert first.finding is Finding.DIFFERENT
    assert f"character {TEST_TEXT.index('0123') + 4}." in first.mend


def test_no_enter_after_the_code() -> None:
    keys = Keys(LAYOUTS["us"])
    keys.feed(typed("]C0ABC", None), 1.0)
    assert findings(*keys.late(2.5)) == [Finding.NO_END]


def test_lost_keys() -> None:
    assert findings(Sent(b"AB", End.ENTER, whole=False)) == [Finding.INCOMPLETE]


def test_slow_keys() -> None:
    keys = Keys(LAYOUTS["us"])
    keys.feed(typed("]C0A", None), 1.0)
    (one,) = keys.feed(typed("BC"), 1.08)
    assert one.slowest == pytest.approx(80)
    assert findings(one) == [Finding.SLOW]


def test_a_pause_on_a_serial_line_is_nobodys_fault() -> None:
    lines = Framed()
    lines.feed(b"]C0A", 1.0)
    (one,) = lines.feed(b"BC\r", 1.08)
    assert findings(one) == [Finding.GOOD]


@pytest.mark.parametrize("junk", [b"", b"\x00", b"\xff\xfe", b"]", b"]Q1", b"TAKEBACK"])
def test_any_payload_has_an_answer(junk) -> None:
    assert findings(Sent(junk, End.LINE))
