"""The codes that are made here: written, read back, and safe against slips of hand and eye."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import codes
from kiosk.domain.codes import base45, check32
from kiosk.domain.codes.model import (
    BadgeCode,
    BagCode,
    ContainerCode,
    EnrolmentCode,
    PickUpCode,
    RoundCode,
    SealCode,
    ShelfCode,
    Unreadable,
)
from kiosk.domain.reasons import Why

Family = tuple[str, Callable[[int], str], str, type]
SHELF_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
ALPHANUMERIC_OF_QR = set(base45.ALPHABET)


def _shelf(number: int) -> str:
    return codes.shelf_code(f"{'OIL-ULM-RACK'[: number % 8 + 1].rstrip('-')}{number % 1000}")


def _enrolment(number: int) -> str:
    return codes.enrolment_code(f"https://centre{number}.example/takeback", f"SECRET-{number}")


def _round(number: int) -> str:
    counts = (number % 10_000, None) if number % 2 else (None, number % 7)
    return codes.round_code("ROYAL-MAIL-AND-MORE"[: number % 10 + 1], f"R{number}", *counts)


# Name, builder, the alphabet of what the check covers, type.
FAMILIES: list[Family] = [
    ("bag", codes.bag_code, "0123456789", BagCode),
    ("container", codes.container_code, "0123456789", ContainerCode),
    ("seal", codes.seal_code, "0123456789", SealCode),
    ("shelf", _shelf, SHELF_LETTERS, ShelfCode),
    ("badge", codes.badge_code, check32.ALPHABET, BadgeCode),
    ("pick_up", codes.pick_up_code, check32.ALPHABET, PickUpCode),
    ("round", _round, base45.ALPHABET, RoundCode),
    ("enrolment", _enrolment, base45.ALPHABET, EnrolmentCode),
]
PREFIXES = {
    "bag": 2,
    "container": 2,
    "seal": 2,
    "shelf": 3,
    "badge": 4,
    "pick_up": 4,
    "round": 4,
    "enrolment": 4,
}
IDS = [family[0] for family in FAMILIES]
SECRET = ("badge", "pick_up", "enrolment")
number = st.integers(0, 10**10 - 1)


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
@settings(max_examples=40, deadline=None)
@given(number)
def test_what_is_written_is_read_back(family: Family, value: int) -> None:
    name, build, _, kind = family
    text = build(value)
    for aim in ("]Q1", "]C0", "]d1", ""):
        found = codes.parse(text, text.encode(), aim)
        assert isinstance(found, kind)
        assert {one.family for one in codes.candidates(text, aim=aim)} == {name}
    assert set(text) <= ALPHANUMERIC_OF_QR


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
@settings(max_examples=12, deadline=None)
@given(number)
def test_every_wrong_character_is_caught(family: Family, value: int) -> None:
    name, build, alphabet, kind = family
    text = build(value)
    good = codes.parse(text, text.encode(), "")
    for at in range(PREFIXES[name], len(text)):
        for wrong in alphabet[:: 1 if len(text) < 25 else 7]:
            changed = text[:at] + wrong + text[at + 1 :]
            found = codes.parse(changed, changed.encode(), "")
            assert found == good if changed == text else not isinstance(found, kind), changed


@pytest.mark.parametrize("family", FAMILIES, ids=IDS)
@settings(max_examples=25, deadline=None)
@given(number)
def test_every_exchange_of_neighbours_is_caught(family: Family, value: int) -> None:
    name, build, _, kind = family
    text = build(value)
    for at in range(PREFIXES[name], len(text) - 1):
        changed = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        found = codes.parse(changed, changed.encode(), "")
        assert isinstance(found, kind) == (changed == text), changed


@settings(max_examples=100, deadline=None)
@given(number)
def test_one_wrong_letter_never_makes_another_plate(value: int) -> None:
    plates = {codes.bag_code(value), codes.container_code(value), codes.seal_code(value)}
    for plate in plates:
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            other = plate[0] + letter + plate[2:]
            if other != plate:
                assert isinstance(codes.parse(other, b"", "]C0"), Unreadable)


@pytest.mark.parametrize("family", [f for f in FAMILIES if f[0] in SECRET], ids=SECRET)
def test_no_secret_is_ever_shown(family: Family) -> None:
    _, build, _, _ = family
    found = codes.parse(build(123_456_789), b"", "]Q1")
    assert not isinstance(found, Unreadable)
    secret = found.secret  # type: ignore[union-attr]
    assert len(secret) >= 8
    assert secret not in repr(found)
    assert secret not in repr(codes.candidates(build(123_456_789)))


@pytest.mark.parametrize(
    ("build", "least", "most"),
    [
        (codes.bag_code, 0, 10**10 - 1),
        (codes.container_code, 0, 10**10 - 1),
        (codes.seal_code, 0, 10**10 - 1),
        (codes.badge_code, 0, 2**80 - 1),
        (codes.pick_up_code, 0, 2**40 - 1),
        (codes.typed_pick_up_code, 0, 2**40 - 1),
    ],
)
def test_a_number_out_of_range_is_refused(
    build: Callable[[int], str], least: int, most: int
) -> None:
    assert len(build(least)) == len(build(most))
    for outside in (least - 1, most + 1):
        with pytest.raises(ValueError, match=r"."):
            build(outside)


def test_a_badge_has_80_bits_and_a_pick_up_code_40() -> None:
    badge, pick_up = (
        codes.parse(codes.badge_code(1), b"", ""),
        codes.parse_pick_up(codes.pick_up_code(1)),
    )
    assert isinstance(badge, BadgeCode)
    assert isinstance(pick_up, PickUpCode)
    assert (len(badge.secret) * 5, len(pick_up.secret) * 5) == (80, 40)


# --- shelves ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "-A", "A-", "a1", "A 1", "A" * 13, "Ä", "A_1", "\u0661"])
def test_a_name_that_no_shelf_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="12 capitals"):
        codes.shelf_code(name)


@settings(max_examples=200, deadline=None)
@given(st.text(SHELF_LETTERS, min_size=1, max_size=12).filter(lambda n: n.strip("-") == n))
def test_every_name_reads_back(name: str) -> None:
    assert codes.parse(codes.shelf_code(name), b"", "") == ShelfCode(name)


# --- pick-up codes, typed -----------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**40 - 1))
def test_the_typed_and_the_scanned_form_hold_one_secret(value: int) -> None:
    scanned = codes.parse(codes.pick_up_code(value), b"", "]Q1")
    typed = codes.typed_pick_up_code(value)
    for text in (typed, typed.lower(), typed.replace("-", ""), f" {typed} ".replace("0", "o")):
        assert codes.parse_pick_up(text) == scanned
    assert codes.parse_pick_up(codes.pick_up_code(value)) == scanned


def test_a_typed_code_is_no_short_code_and_no_scan() -> None:
    typed = codes.typed_pick_up_code(987_654_321_987)
    assert isinstance(codes.parse_short(typed), Unreadable)
    assert isinstance(codes.parse(typed, b"", ""), Unreadable)
    assert [one.family for one in codes.candidates(typed)] == ["pick_up"]
    assert isinstance(codes.parse_pick_up(codes.short_code(5)), Unreadable)


@pytest.mark.parametrize("text", ["", "ABC", "A" * 41, "UUU-UUU-UUU", "000-000-001", "\u0661" * 9])
def test_every_slip_gets_the_same_answer(text: str) -> None:
    found = codes.parse_pick_up(text)
    assert isinstance(found, Unreadable)
    assert (found.reason.why, found.kind) == (Why.CODE_WRONG_CHECK, "pick_up")


# --- enrolment ----------------------------------------------------------------------------------


def test_an_enrolment_names_the_centre_and_the_secret() -> None:
    found = codes.parse(
        codes.enrolment_code("https://centre.example:8443/a/b-c", "ABCDE-FGHJK"), b"", "]Q1"
    )
    assert found == EnrolmentCode("https://centre.example:8443/a/b-c", "ABCDE-FGHJK")


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://centre.example", "ABCDE-FGHJK"),
        ("http://127.0.0.2", "ABCDE-FGHJK"),
        ("https://centre.example/", "ABCDE-FGHJK"),
        ("https://ex\u00e4mple.org", "ABCDE-FGHJK"),
        ("javascript:alert(1)", "ABCDE-FGHJK"),
        ("https://centre.example", "short"),
        ("https://centre.example", "A" * 65),
        ("https://centre.example", "abcde-fghjk"),
    ],
)
def test_what_cannot_be_read_cannot_be_written(url: str, secret: str) -> None:
    with pytest.raises(ValueError, match="plain https address"):
        codes.enrolment_code(url, secret)


def test_the_longest_enrolment_fits_a_scan() -> None:
    url = "https://" + ".".join(["a" * 60] * 3) + ".example/x"
    text = codes.enrolment_code(url, "S" * 64)
    assert len(text) < 430
    assert codes.parse(text, b"", "]Q1") == EnrolmentCode(url, "S" * 64)
