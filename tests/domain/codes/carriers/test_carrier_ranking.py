"""Which reading comes first, which are kept, and what the symbol itself rules out."""

from __future__ import annotations

import random
import string

import pytest

from kiosk.domain.codes.carriers import recognise
from kiosk.domain.codes.carriers.checks import GS1_MOD_10, ISO_7064_37_36, LUHN, MOD_7
from kiosk.domain.codes.carriers.engine import Row, Tables, Wrong
from kiosk.domain.codes.carriers.tables import TABLES


def _row(name: str, form: str, **rest: object) -> Row:
    return Row(name, name, (form,), **rest)


def _names(tables: Tables, text: str, aim: str = "") -> list[tuple[str, bool]]:
    return [(reading.carrier, reading.valid) for reading in tables.recognise(text, aim)]


PREFIXED = _row("prefixed", "=12 serial:n5 check:n1", rule=GS1_MOD_10, covers="12{serial}")
LOOSE = _row("loose", "serial:n7 check:n1", rule=GS1_MOD_10, covers="{serial}")
BARE = _row("bare", "=123 serial:n5")
GOOD = "12345670"  # the check digit of an EAN-8


class TestRanking:
    def test_fixed_text_speaks_louder_and_the_order_of_the_tables_does_not(self) -> None:
        wanted = [("prefixed", True), ("loose", True), ("bare", True)]
        for rows in ([PREFIXED, LOOSE, BARE], [BARE, LOOSE, PREFIXED]):
            assert _names(Tables([rows]), GOOD) == wanted

    def test_a_check_digit_speaks_louder_than_any_fixed_text(self) -> None:
        fixed = _row("fixed", "=1234567 last:n1")
        assert _names(Tables([[fixed, LOOSE]]), GOOD) == [("loose", True), ("fixed", True)]

    def test_the_stronger_check_comes_first(self) -> None:
        seven = _row("seven", "serial:n14 check:n1", rule=MOD_7, covers="{serial}")
        many = _row("many", "serial:n14 check:n1", rule=ISO_7064_37_36, covers="{serial}")
        text = _both(seven, many)
        assert _names(Tables([[seven, many]]), text) == [("many", True), ("seven", True)]

    def test_equal_evidence_stays_in_the_order_of_the_tables(self) -> None:
        twin = _row("twin", "serial:n7 check:n1", rule=GS1_MOD_10, covers="{serial}")
        assert _names(Tables([[LOOSE], [twin]]), GOOD) == [("loose", True), ("twin", True)]
        assert _names(Tables([[twin], [LOOSE]]), GOOD) == [("twin", True), ("loose", True)]

    def test_two_rows_of_one_carrier_are_one_reading(self) -> None:
        again = Row("again", "loose", ("=1 serial:n6 check:n1",), GS1_MOD_10, "1{serial}")
        assert _names(Tables([[LOOSE, again]]), GOOD) == [("loose", True)]


def _both(*rows: Row) -> str:
    dice = random.Random(3)
    while True:
        text = "".join(dice.choices(string.digits, k=15))
        if all(_names(Tables([[row]]), text) == [(row.name, True)] for row in rows):
            return text


class TestWrongCheckDigits:
    BAD = "12345671"

    def test_digits_that_may_be_anything_are_not_worth_a_word(self) -> None:
        assert _names(Tables([[LOOSE]]), self.BAD) == []

    def test_a_telling_form_is_named_after_the_valid_readings(self) -> None:
        tells = _row(
            "tells", "=12 serial:n5 check:n1", rule=LUHN, covers="12{serial}", wrong=Wrong.TELLS
        )
        assert _names(Tables([[tells]]), self.BAD) == [("tells", False)]
        assert _names(Tables([[tells, LOOSE]]), GOOD) == [("loose", True), ("tells", False)]

    def test_the_only_owner_of_a_length_is_named_where_nothing_else_fits(self) -> None:
        first = _row(
            "first", "serial:n7 check:n1", rule=GS1_MOD_10, covers="{serial}", wrong=Wrong.ALONE
        )
        second = _row(
            "second", "serial:n7 check:n1", rule=GS1_MOD_10, covers="{serial}", wrong=Wrong.ALONE
        )
        assert _names(Tables([[first]]), self.BAD) == [("first", False)]
        assert _names(Tables([[first, second]]), self.BAD) == []
        assert _names(Tables([[first, BARE]]), self.BAD) == [("bare", True)]

    def test_a_carrier_is_not_wrong_beside_being_right(self) -> None:
        other = Row(
            "other", "loose", ("=1 serial:n6 check:n1",), LUHN, "1{serial}", wrong=Wrong.TELLS
        )
        assert _names(Tables([[LOOSE, other]]), GOOD) == [("loose", True)]

    @pytest.mark.parametrize("length", range(8, 40))
    def test_digits_never_name_more_than_one_carrier_wrongly(self, length: int) -> None:
        dice = random.Random(length)
        for _ in range(200):
            text = "".join(dice.choices(string.digits, k=length))
            assert sum(not reading.valid for reading in recognise(text, "")) <= 1


class TestTheSymbol:
    def test_a_retail_symbol_holds_no_carriers_number(self) -> None:
        assert recognise("986578788855", "]E0") == ()
        assert recognise("986578788855", "]e0") == ()

    def test_interleaved_two_of_five_holds_what_is_printed_in_it(self) -> None:
        assert {r.carrier for r in recognise("201298452277", "")} == {"FedEx", "GLS", "DHL"}
        assert {r.carrier for r in recognise("201298452277", "]I0")} == {"GLS", "DHL"}

    def test_a_gs1_symbol_holds_element_strings_or_what_has_letters(self) -> None:
        assert recognise("986578788855", "]C1") == ()
        assert recognise("986578788855", "]C0") != ()
        assert recognise("1Z5R89390357567127", "]C1") != ()
        assert recognise("420221539101026837331000039521", "]C1")[0].carrier == "USPS"

    @pytest.mark.parametrize("aim", ["]Q1", "]d2", "]L2", "", "]X0", "nonsense"])
    def test_other_symbols_rule_nothing_out(self, aim: str) -> None:
        assert recognise("986578788855", aim) == recognise("986578788855", "")


class TestWhateverComes:
    def test_readings_are_ordered_unique_and_valid_first(self) -> None:
        for text in _texts(3_000):
            readings = recognise(text, "")
            assert len(set(readings)) == len(readings)
            assert [r.valid for r in readings] == sorted((r.valid for r in readings), reverse=True)
            assert all(r.carrier and r.number for r in readings)
            assert recognise(text, "") == readings

    def test_random_letters_are_nobodys(self) -> None:
        dice = random.Random(5)
        for _ in range(3_000):
            text = "".join(dice.choices(string.ascii_uppercase, k=dice.randint(1, 40)))
            assert recognise(text, "") == ()


def _texts(count: int) -> list[str]:
    """Digits, letters and whatever a broken scanner sends."""
    dice = random.Random(11)
    alphabets = [string.digits, string.ascii_uppercase + string.digits, string.printable]
    alphabets.append("".join(map(chr, range(0x20, 0x400))) + "\x1d\x00\u200b\ud800")
    return [
        "".join(dice.choices(dice.choice(alphabets), k=dice.randint(0, 120))) for _ in range(count)
    ]


def test_the_numbers_that_two_carriers_share_name_both() -> None:
    for text in ("9261292700768711948021", "420902459261290336128704042634"):
        assert {"USPS"} < {reading.carrier for reading in recognise(text, "")}
    assert len(TABLES.rows) > 40
