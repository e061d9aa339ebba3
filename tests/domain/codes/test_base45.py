"""Base45 against the examples of RFC 9285 and its rules for what must be refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import base45

EXAMPLES = [  # RFC 9285, 4.3 and 4.4
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_examples_of_the_standard(data: bytes, text: str) -> None:
    assert base45.encode(data) == text
    assert base45.decode(text) == data


def test_nothing_is_nothing() -> None:
    assert base45.encode(b"") == ""
    assert base45.decode("") == b""


def test_the_largest_groups_are_in_range() -> None:
    assert base45.decode("FGW") == b"\xff\xff"
    assert base45.decode("U5") == b"\xff"


@pytest.mark.parametrize("text", ["GGW", ":::", "V5", "::", "A", "BB8A", "bb8", "B#8", "BB\u0661"])
def test_what_no_bytes_encode_to_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        base45.decode(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_every_byte_string_comes_back(data: bytes) -> None:
    assert base45.decode(base45.encode(data)) == data


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=base45.ALPHABET, max_size=12))
def test_every_text_that_decodes_is_the_only_one_for_its_bytes(text: str) -> None:
    try:
        data = base45.decode(text)
    except ValueError:
        return
    assert base45.encode(data) == text
