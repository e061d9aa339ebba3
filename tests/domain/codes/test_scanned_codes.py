"""What a scan is: ours, or somebody else's, and then whose."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import (
    FAMILIES,
    Unreadable,
    bag_code,
    base45,
    parse,
    parse_short,
    short_code,
)
from kiosk.domain.codes.gs1_checks import mod_10
from kiosk.domain.codes.model import BagCode, ShortCode, SignedReturn
from kiosk.domain.codes.presented import cut
from kiosk.domain.reasons import Why

QR, MICRO, CODE_128, GS1_128, EAN, WEDGE = "]Q1", "]Q0", "]C0", "]C1", "]E0", ""
SHORT = short_code(123_456_789)
BAG = bag_code(42)
COSE = b"\xd2\x84 some envelope"
SIGNED = "RK1:" + base45.encode(COSE)

OURS = [
    (SIGNED, QR, SignedReturn(COSE)),
    (SIGNED, "]Q2", SignedReturn(COSE)),
    (SIGNED, "]z0", SignedReturn(COSE)),
    (SIGNED, "]d1", SignedReturn(COSE)),
    (SIGNED, WEDGE, SignedReturn(COSE)),
    (SIGNED + "\r\n", WEDGE, SignedReturn(COSE)),
    (SIGNED.swapcase(), WEDGE, SignedReturn(COSE)),
    ("RK1:" + base45.encode(bytes(512)), QR, SignedReturn(bytes(512))),
    (SHORT, QR, ShortCode(SHORT)),
    (SHORT, CODE_128, ShortCode(SHORT)),
    (f"{SHORT[:4]}-{SHORT[4:]}", QR, ShortCode(SHORT)),
    (SHORT.lower(), WEDGE, ShortCode(SHORT)),
    (BAG, CODE_128, BagCode(BAG)),
    (BAG, QR, BagCode(BAG)),
    (BAG + "\t", WEDGE, BagCode(BAG)),
    (BAG.lower(), WEDGE, BagCode(BAG)),
]
NOT_OURS = [
    ("https://example.org/r/1", QR, Why.CODE_FOREIGN, "web"),
    ("HTTPS://EXAMPLE.ORG/RK1:ABC", QR, Why.CODE_FOREIGN, "web"),
    ("www.example.org", QR, Why.CODE_FOREIGN, "web"),
    ("  http://x", QR, Why.CODE_FOREIGN, "web"),
    ("WIFI:T:WPA;S:Shop;P:secret;;", QR, Why.CODE_FOREIGN, "wifi"),
    ("BEGIN:VCARD\r\nFN:A B\r\nEND:VCARD", QR, Why.CODE_FOREIGN, "vcard"),
    ("MECARD:N:A;;", QR, Why.CODE_FOREIGN, "vcard"),
    ("mailto:a@example.org", QR, Why.CODE_FOREIGN, "mail"),
    ("tel:+4930123", QR, Why.CODE_FOREIGN, "phone"),
    ("SMSTO:123:hello", QR, Why.CODE_FOREIGN, "phone"),
    ("geo:52.5,13.4", QR, Why.CODE_FOREIGN, "place"),
    ("otpauth://totp/x?secret=y", QR, Why.CODE_FOREIGN, "secret"),
    ("BCD\n002\n1\nSCT", QR, Why.CODE_FOREIGN, "payment"),
    ("4006381333932", EAN, Why.CODE_WRONG_CHECK, "ean"),
    ("40123455", WEDGE, Why.CODE_FOREIGN, "ean"),
    ("4006381333931", QR, Why.CODE_FOREIGN, "ean"),
    ("40123456", "]E4", Why.CODE_WRONG_CHECK, "ean"),
    (SHORT, "]E4", Why.CODE_FOREIGN, "ean"),
    ("0104006381333932\x1d10ABC", GS1_128, Why.CODE_WRONG_CHECK, "gs1"),
    ("\x1d0104006381333931\x1d", "]d3", Why.CODE_UNREADABLE, "control"),
    (BAG, GS1_128, Why.CODE_FOREIGN, "gs1"),
    (SIGNED, "]Q3", Why.CODE_FOREIGN, "gs1"),
    ("106141412345678907", WEDGE, Why.CODE_FOREIGN, "carrier"),
    ("1Z999AA10123456785", CODE_128, Why.CODE_WRONG_CHECK, "carrier"),
    ("RR473124828GB", CODE_128, Why.CODE_WRONG_CHECK, "carrier"),
    ("[)>\x1e01\x1d96", "]U1", Why.CODE_FOREIGN, "carrier"),
    ("anything", "]U0", Why.CODE_FOREIGN, "carrier"),
    ("hello", QR, Why.CODE_FOREIGN, "unknown"),
    ("1234567", QR, Why.CODE_FOREIGN, "unknown"),
    ("TB000000004", QR, Why.CODE_FOREIGN, "unknown"),
    ("TB000000004AZ", QR, Why.CODE_WRONG_CHECK, "carrier"),
    ("TBxxxxxxxxxxx", QR, Why.CODE_FOREIGN, "unknown"),
    (SHORT[:7], QR, Why.CODE_FOREIGN, "unknown"),
    ("\u0130K1:ABC", QR, Why.CODE_FOREIGN, "unknown"),
    ("RP1:ABC", QR, Why.CODE_NOT_A_RETURN, "receipt"),
    ("", QR, Why.CODE_UNREADABLE, "empty"),
    (" \r\n", WEDGE, Why.CODE_UNREADABLE, "empty"),
    ("a\x00b", QR, Why.CODE_UNREADABLE, "control"),
    ("\x1b[2J", QR, Why.CODE_UNREADABLE, "control"),
    ("a\x7f", QR, Why.CODE_UNREADABLE, "control"),
    ("a\x9bb", QR, Why.CODE_UNREADABLE, "control"),
    ("RK1:", QR, Why.CODE_UNREADABLE, "signed"),
    ("RK1:A", QR, Why.CODE_UNREADABLE, "signed"),
    ("RK1:GGW", QR, Why.CODE_UNREADABLE, "signed"),
    ("RK1:\u0410BC", QR, Why.CODE_UNREADABLE, "signed"),
    ("RK1:" + "0" * 769, QR, Why.CODE_TOO_LONG, "signed"),
    ("RK1:" + "0" * 4000, QR, Why.CODE_TOO_LONG, "long"),
    ("x" * 601, QR, Why.CODE_TOO_LONG, "long"),
    ("https://example.org/" + "x" * 600, QR, Why.CODE_TOO_LONG, "long"),
    ("\x07" * 4000, QR, Why.CODE_TOO_LONG, "long"),
]


@pytest.mark.parametrize(("text", "aim", "code"), OURS)
def test_ours(text: str, aim: str, code: object) -> None:
    assert parse(text, text.encode(), aim) == code


@pytest.mark.parametrize(("text", "aim", "why", "kind"), NOT_OURS)
def test_not_ours(text: str, aim: str, why: Why, kind: str) -> None:
    found = parse(text, text.encode(), aim)
    assert isinstance(found, Unreadable)
    assert (found.reason.why, found.kind) == (why, kind)


@pytest.mark.parametrize(("text", "aim", "code"), OURS)
def test_no_code_is_good_in_two_families(text: str, aim: str, code: object) -> None:
    presented = cut(text.encode(), aim)
    assert len([family for family in FAMILIES if family(presented) is not None]) == 1


def test_600_characters_are_still_looked_at() -> None:
    found = parse("x" * 600, b"x" * 600, QR)
    assert isinstance(found, Unreadable)
    assert found.reason.why is Why.CODE_FOREIGN


def test_the_bytes_count_and_not_the_text() -> None:
    assert parse("hello", BAG.encode(), QR) == BagCode(BAG)
    found = parse(BAG, b"\xff\xfe\x00", QR)
    assert isinstance(found, Unreadable)
    assert found.reason.why is Why.CODE_UNREADABLE


def test_without_bytes_the_text_stands_in() -> None:
    assert parse(BAG, b"", WEDGE) == BagCode(BAG)


def test_a_damaged_bag_code_is_told_as_such() -> None:
    wrong = BAG[:-1] + ("0" if BAG[-1] != "0" else "1")
    found = parse(wrong, wrong.encode(), CODE_128)
    assert isinstance(found, Unreadable)
    assert (found.reason.why, found.kind) == (Why.CODE_WRONG_CHECK, "bag")


def test_two_exchanged_digits_of_a_bag_are_noticed() -> None:
    plate = bag_code(1_234_567_890)
    for at in range(2, 11):
        swapped = plate[:at] + plate[at + 1] + plate[at] + plate[at + 2 :]
        assert isinstance(parse(swapped, swapped.encode(), QR), Unreadable)


@pytest.mark.parametrize("number", [-1, 10**10])
def test_a_bag_number_has_ten_digits_at_most(number: int) -> None:
    with pytest.raises(ValueError, match="10 digits"):
        bag_code(number)


def test_bag_codes_fit_code_128_and_the_alphanumeric_mode_of_qr() -> None:
    for number in (0, 7, 10**10 - 1):
        assert set(bag_code(number)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        assert len(bag_code(number)) == 13
        assert bag_code(number)[11].isdigit()


def test_signed_codes_fit_the_alphanumeric_mode_of_qr() -> None:
    assert set(SIGNED) <= set(base45.ALPHABET)


def test_the_check_digits_of_others() -> None:
    assert mod_10("4006381333931")
    assert not mod_10("4006381333932")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=700), st.sampled_from(["", "]Q1", "]C0", "]C1", "]E0", "]", "]zz", "x"]))
def test_no_scan_whatever_makes_it_stumble(raw: bytes, aim: str) -> None:
    found = parse(raw.decode("utf-8", "replace"), raw, aim)
    if isinstance(found, Unreadable):
        assert len(found.kind) <= 10
        assert not found.reason.values


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_no_typed_text_makes_it_stumble(text: str) -> None:
    found = parse_short(text)
    assert isinstance(found, ShortCode | Unreadable)
    parse(text, text.encode("utf-8", "replace"), "")


def test_lone_surrogates_are_junk() -> None:
    assert isinstance(parse("\ud800", b"", WEDGE), Unreadable)
