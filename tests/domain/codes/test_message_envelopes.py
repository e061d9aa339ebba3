"""Envelopes on parcels: numbers put together, and proven by their own check."""

from __future__ import annotations

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import codes
from kiosk.domain.codes import iso15434
from kiosk.domain.codes.iso15434 import EOT, GS, RS, Format
from kiosk.domain.codes.model import CarrierLabel, Gs1

ALPHANUMERIC = string.digits + string.ascii_uppercase
FIELD = st.text("ABC019 -/", max_size=8)


def _ups_check(body: str) -> str:
    """UPS: weights 1 and 2; a letter counts as a digit, A as 2, H as 9, I as 0."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return str(-sum(v * (2 if at % 2 else 1) for at, v in enumerate(values)) % 10)


UPS = st.tuples(
    st.text(ALPHANUMERIC, min_size=6, max_size=6),
    st.text(string.digits, min_size=2, max_size=2),
    st.text(string.digits, min_size=7, max_size=7),
)


def _label(shipper: str, service: str, package: str, check: str) -> str:
    fields = ["96841706672", "840", f"0{service}", f"1Z{package}{check}", "UPSN", shipper, "195"]
    return f"[)>{RS}01{GS}{GS.join(fields)}{RS}{EOT}"


@settings(max_examples=100, deadline=None)
@given(UPS)
def test_a_ups_number_is_put_together(parts: tuple[str, str, str]) -> None:
    shipper, service, package = parts
    check = _ups_check(shipper + service + package)
    found = codes.parse(_label(*parts, check), b"", "]U1")
    assert isinstance(found, CarrierLabel)
    assert [(one.carrier, one.number) for one in found.readings] == [
        ("UPS", f"1Z{shipper}{service}{package}{check}")
    ]


@settings(max_examples=40, deadline=None)
@given(UPS, st.data())
def test_a_misread_digit_of_it_is_caught(parts: tuple[str, str, str], data: st.DataObject) -> None:
    """A digit of the service, the package or the check; where the weight is 2 five apart too."""
    shipper, service, package = parts
    check = _ups_check(shipper + service + package)
    digits = service + package + check
    at = data.draw(st.integers(0, len(digits) - 1))
    doubled = at % 2 == 1 and at < len(digits) - 1
    for wrong in string.digits.replace(digits[at], ""):
        changed = digits[:at] + wrong + digits[at + 1 :]
        unseen = doubled and abs(int(wrong) - int(digits[at])) == 5
        text = _label(shipper, changed[:2], changed[2:-1], changed[-1])
        found = codes.parse(text, b"", "]U1")
        assert isinstance(found, CarrierLabel) == unseen
        (candidate,) = codes.candidates(text, aim="]U1")
        assert (candidate.carrier, candidate.valid) == ("UPS", unseen)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["01", "05", "06", "07", "12"]), st.lists(FIELD, max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_what_is_packed_is_unpacked(packed: list[tuple[str, list[str]]]) -> None:
    body = RS.join(GS.join([number, *fields]) for number, fields in packed)
    expected = [Format(number, tuple(fields)) for number, fields in packed]
    for end in (RS + EOT, RS, EOT, ""):
        assert list(iso15434.formats(f"[)>{RS}{body}{end}")) == expected


def test_the_readings_of_several_formats_are_joined() -> None:
    plate = f"06{GS}1JUN043325711MH80312"
    label = _label("410E1W", "02", "1464743", "8").removesuffix(RS + EOT)
    found = codes.parse(f"{label}{RS}{plate}{RS}{EOT}", b"", "]L2")
    assert isinstance(found, CarrierLabel)
    assert [one.carrier for one in found.readings] == ["UPS", "ISO 15459"]


def test_a_label_goes_before_the_goods_in_it() -> None:
    label = _label("410E1W", "02", "1464743", "8").removesuffix(RS + EOT)
    goods = f"05{GS}0104006381333931"
    both = f"{label}{RS}{goods}{RS}{EOT}"
    assert isinstance(codes.parse(both, b"", "]L2"), CarrierLabel)
    assert isinstance(codes.parse(f"[)>{RS}{goods}{RS}{EOT}", b"", "]L2"), Gs1)


def test_more_formats_than_any_label_has_are_not_read() -> None:
    many = f"[)>{RS}" + f"06{GS}Q1{RS}" * 50
    assert len(iso15434.formats(many)) == iso15434.MOST_FORMATS
