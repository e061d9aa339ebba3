"""The proof that the check character catches every slip it promises to catch.

The code is linear over GF(32): a changed text is good exactly if the difference is good, so a
proof over all differences is a proof over all texts. `test_sums_add_up` shows the linearity.
"""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import check32
from kiosk.domain.codes.check32 import ALPHABET, LONGEST, good

ZERO = ALPHABET[0]
WORD = st.text(alphabet=ALPHABET, min_size=7, max_size=7)


def _with_check(data: str) -> str:
    return data + check32.check_character(data)


def test_every_single_wrong_character_is_caught_in_every_position() -> None:
    for length in (8, 11, LONGEST):
        for position in range(length):
            for wrong in ALPHABET[1:]:
                text = ZERO * position + wrong + ZERO * (length - position - 1)
                assert not good(text)


def test_every_exchange_of_any_two_characters_is_caught() -> None:
    """Exchanging a and b at two places changes both by the same difference a + b."""
    for length in (8, 11, LONGEST):
        for first, second in itertools.combinations(range(length), 2):
            for difference in ALPHABET[1:]:
                text = [ZERO] * length
                text[first] = text[second] = difference
                assert not good("".join(text))


@settings(max_examples=50, deadline=None)
@given(WORD, WORD)
def test_sums_add_up(one: str, other: str) -> None:
    left, right = _with_check(one), _with_check(other)
    added = [check32.VALUE[a] ^ check32.VALUE[b] for a, b in zip(left, right, strict=True)]
    assert good("".join(ALPHABET[value] for value in added))


@settings(max_examples=30, deadline=None)
@given(WORD)
def test_a_real_code_survives_no_slip(data: str) -> None:
    text = _with_check(data)
    assert good(text)
    for position, wrong in itertools.product(range(8), ALPHABET):
        if wrong != text[position]:
            assert not good(text[:position] + wrong + text[position + 1 :])
    for at in range(7):
        swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        assert good(swapped) == (swapped == text)


def test_the_alphabet_leaves_out_what_is_mistaken() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_what_is_too_long_for_the_promise_is_never_good() -> None:
    assert good(ZERO * LONGEST)
    assert not good(ZERO * (LONGEST + 1))
    assert not good(ZERO)
    assert not good("")
