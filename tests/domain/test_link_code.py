"""A link as a receipt prints it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import link_code

LINKS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@settings(max_examples=100, deadline=None)
@given(LINKS)
def test_what_is_printed_can_be_typed(link: str) -> None:
    code = link_code.spell(link)
    assert len(code) == 13
    assert link_code.read(code.lower().replace("-", " ")) == code


def test_it_is_the_links_first_fifty_bits() -> None:
    ones, rest = "f" * 12, "0" * 51
    assert link_code.spell(ones + "c" + rest).startswith("ZZZZZ-ZZZZZ-")
    assert link_code.spell(ones + "f" + rest) == link_code.spell(ones + "c" + rest)
    assert link_code.spell(ones + "8" + rest) != link_code.spell(ones + "c" + rest)


@settings(max_examples=100, deadline=None)
@given(LINKS, st.integers(0, 12), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_character_is_noticed(link: str, place: int, other: str) -> None:
    code = link_code.spell(link)
    wrong = code[:place] + other + code[place + 1 :]
    assert link_code.read(wrong) in (None, code)


@pytest.mark.parametrize("text", ["", "ABC", "U" * 11, "0" * 12, "K1-000001-X"])
def test_what_is_none(text: str) -> None:
    assert link_code.read(text) is None
