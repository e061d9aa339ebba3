"""GS1 data: what is written reads back, what is misread is refused, and nothing is guessed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import codes
from kiosk.domain.codes import Unreadable, gs1_checks, gs1_elements
from kiosk.domain.codes.gs1_elements import Bad
from kiosk.domain.codes.model import CarrierLabel, Gs1

GS = "\x1d"
OPEN = "!\"%&'()*+,-./0123456789:;<=>?ABCXYZ_abcxyz"
# Identifiers with a check digit over so many digits, and what may follow it.
CHECKED = {"00": 18, "01": 14, "02": 14, "402": 17, "410": 13, "414": 13, "417": 13, "8018": 18}
FIXED = ("00", "01", "02", "410", "414", "417")


def _digit(body: str) -> str:
    total = sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(reversed(body)))
    return str(-total % 10)


def _numbers(length: int) -> st.SearchStrategy[str]:
    body = st.text("0123456789", min_size=length - 1, max_size=length - 1)
    return body.map(lambda digits: digits + _digit(digits))


CLOSED = st.sampled_from(sorted(CHECKED)).flatmap(
    lambda ai: st.tuples(st.just(ai), _numbers(CHECKED[ai]))
)
ENDED = st.tuples(
    st.sampled_from(["10", "21", "22", "240", "400", "91"]), st.text(OPEN, min_size=1, max_size=18)
)
ELEMENTS = st.lists(st.one_of(CLOSED, ENDED), min_size=1, max_size=6, unique_by=lambda e: e[0])


def _written(elements: list[tuple[str, str]]) -> str:
    last = len(elements) - 1
    return "".join(
        ai + value + ("" if ai in FIXED or at == last else GS)
        for at, (ai, value) in enumerate(elements)
    )


@settings(max_examples=150, deadline=None)
@given(ELEMENTS)
def test_element_strings_read_back(elements: list[tuple[str, str]]) -> None:
    assert gs1_elements.split(_written(elements)) == tuple(elements)


@settings(max_examples=60, deadline=None)
@given(CLOSED, st.data())
def test_every_wrong_digit_is_caught(element: tuple[str, str], data: st.DataObject) -> None:
    ai, value = element
    at = data.draw(st.integers(0, len(value) - 1))
    for digit in "0123456789":
        changed = value[:at] + digit + value[at + 1 :]
        expected = (element,) if digit == value[at] else Bad.CHECK
        assert gs1_elements.split(ai + changed) == expected


@settings(max_examples=100, deadline=None)
@given(CLOSED)
def test_exchanged_neighbours_are_caught_unless_five_apart(element: tuple[str, str]) -> None:
    """What weights of 3 and 1 modulo 10 promise, and no more."""
    ai, value = element
    for at in range(len(value) - 1):
        changed = value[:at] + value[at + 1] + value[at] + value[at + 2 :]
        unseen = abs(int(value[at]) - int(value[at + 1])) in (0, 5)
        assert isinstance(gs1_elements.split(ai + changed), tuple) == unseen


@settings(max_examples=60, deadline=None)
@given(_numbers(18))
def test_an_sscc_is_one_in_every_form(number: str) -> None:
    for text, aim in ((f"00{number}", "]C1"), (f"(00){number}", ""), (f"{GS}00{number}", "]d2")):
        families = {one.family for one in codes.candidates(text, aim=aim) if one.valid}
        assert families - {"carrier"} == {"gs1"}
        found = codes.parse(text, b"", aim)
        assert isinstance(found, CarrierLabel) or found == Gs1((("00", number),))


def test_a_value_that_does_not_end_is_not_cut_for_it() -> None:
    """A batch of 20 and something more: the more is not the next element."""
    assert gs1_elements.split("10" + "A" * 20) == (("10", "A" * 20),)
    assert gs1_elements.split("10" + "A" * 20 + "21X") is Bad.FORM
    assert gs1_elements.split("10" + "A" * 20 + GS + "21X") == (("10", "A" * 20), ("21", "X"))


def test_the_same_element_twice_is_one_and_two_values_are_none() -> None:
    assert gs1_elements.split(f"10A{GS}10A") == (("10", "A"),)
    assert gs1_elements.split(f"10A{GS}10B") is Bad.FORM


@pytest.mark.parametrize("text", ["", GS, "1", "0", "10", "()", "(", "\u0660" * 16, " 10A", "10A "])
def test_what_is_no_element_string(text: str) -> None:
    assert gs1_elements.split(text) is Bad.FORM


def test_more_elements_than_any_label_has() -> None:
    many = GS.join(f"{ai}A" for ai in range(91, 100))
    assert isinstance(gs1_elements.split(many), tuple)
    assert gs1_elements.split(GS.join([many] * 5)) is Bad.FORM


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("1987654Ad4X4bL5ttr2310c2K", True),
        ("1987654Ad4X4bL5ttr2310c2k", False),
        ("1987654Ad4X4bL5ttr2310C2K", False),
        ("2K", False),
        ("", False),
        ("A" * 24 + "22", False),
    ],
)
def test_the_check_pair_of_a_model_number(value: str, good: bool) -> None:
    assert gs1_checks.pair(value) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("GB82WEST12345698765432", True),
        ("DE89370400440532013000", True),
        ("DE88370400440532013000", False),
        ("de89370400440532013000", False),
        ("DE8", False),
        ("DE89 3704", False),
    ],
)
def test_the_check_of_an_account(value: str, good: bool) -> None:
    assert gs1_checks.iban(value) is good


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("280229", True),
        ("000229", True),
        ("290229", False),
        ("290200", True),
        ("291200", True),
        ("290631", False),
        ("290031", False),
        ("000000", False),
    ],
)
def test_days(value: str, good: bool) -> None:
    assert gs1_checks.day(value) is good


def test_an_open_day_only_where_it_may_be() -> None:
    assert not gs1_checks.day("290200", open_day=False)


def test_a_clock() -> None:
    assert all(gs1_checks.clock(value) for value in ("0000", "2359", "9999"))
    assert not any(gs1_checks.clock(value) for value in ("2400", "1260", "9900"))


def test_a_scanner_that_names_gs1_and_brings_our_code_is_not_believed() -> None:
    found = codes.parse(codes.bag_code(1), b"", "]C1")
    assert isinstance(found, Unreadable)
    assert found.kind == "gs1"


def test_the_library_waits_for_the_first_gs1_symbol() -> None:
    """Its tables take longer to load than the first frame may."""
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from kiosk.domain import codes;"
            "codes.parse('hello', b'', ''); codes.parse(codes.bag_code(1), b'', '');"
            "assert 'biip' not in sys.modules; codes.prepare(); assert 'biip' in sys.modules",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (told.returncode, told.stderr) == (0, "")
