"""Other networks' return codes: what a form says, what it cannot say, and what is never said."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import codes
from kiosk.domain.codes import ThirdPartyForm, Unreadable, bag_code, fingerprint
from kiosk.domain.codes import pattern as patterns
from kiosk.domain.codes.model import ThirdPartyReturn
from kiosk.domain.codes.third_party import problems
from kiosk.domain.reasons import Why

BEES = ThirdPartyForm("happy-bees", "HB[A-Z0-9]{8}", ("]Q",))
LINK = ThirdPartyForm("post-link", "https://return.example/q?c=[a-z0-9]{10,20}", ("]Q1", "]d1"))
FORMS = (BEES, LINK)


@pytest.mark.parametrize(
    ("text", "aim", "form"),
    [
        ("HB12345678", "]Q1", "happy-bees"),
        ("HB12345678", "", "happy-bees"),
        ("HB12345678\r\n", "", "happy-bees"),
        ("https://return.example/q?c=abc1234567", "]Q1", "post-link"),
        ("https://return.example/q?c=" + "a" * 20, "]d1", "post-link"),
    ],
)
def test_a_text_of_a_form_is_that_networks_secret(text: str, aim: str, form: str) -> None:
    found = codes.parse(text, text.encode(), aim, FORMS)
    assert found == ThirdPartyReturn(form, text.rstrip("\r\n").encode())
    (candidate,) = codes.candidates(text, aim=aim, forms=FORMS)
    assert (candidate.family, candidate.carrier, candidate.number) == ("third_party", form, "")


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("HB1234567", "]Q1"),
        ("HB123456789", "]Q1"),
        ("hb12345678", "]Q1"),
        (" HB12345678", "]Q1"),
        ("HB12345678", "]C0"),
        ("HB1234567\u0661", "]Q1"),
        ("https://return.example/q?c=" + "a" * 9, "]Q1"),
        ("https://return.example/q?c=" + "a" * 21, "]Q1"),
        ("https://returnXexample/q?c=" + "a" * 12, "]Q1"),
    ],
)
def test_a_text_that_is_not_wholly_of_a_form_is_none(text: str, aim: str) -> None:
    assert isinstance(codes.parse(text, text.encode(), aim, FORMS), Unreadable)


def test_without_forms_it_is_nobodys() -> None:
    assert isinstance(codes.parse("HB12345678", b"", "]Q1"), Unreadable)


def test_our_own_codes_stay_ours_whatever_is_configured() -> None:
    anything = (ThirdPartyForm("greedy", "[ -~]{1,400}"),)
    for text in (bag_code(1), codes.short_code(1), codes.shelf_code("A"), codes.badge_code(1)):
        assert not isinstance(codes.parse(text, b"", "]Q1", anything), ThirdPartyReturn)
    assert isinstance(codes.parse("1Z410E1W0214647438", b"", "", anything), ThirdPartyReturn)


def test_two_forms_that_fit_one_text_make_it_neither() -> None:
    both = (BEES, ThirdPartyForm("other", "HB[0-9]{8}"))
    found = codes.parse("HB12345678", b"", "]Q1", both)
    assert isinstance(found, Unreadable)
    assert (found.reason.why, found.kind) == (Why.CODE_AMBIGUOUS, "ambiguous")
    assert problems(both) == ["happy-bees and other: one text may be of both forms"]


def test_no_secret_is_shown() -> None:
    found = codes.parse("HB12345678", b"", "]Q1", FORMS)
    assert "12345678" not in repr(found)
    assert "12345678" not in repr(codes.candidates("HB12345678", forms=FORMS))


def test_a_fingerprint_is_of_form_secret_and_pepper() -> None:
    plain = fingerprint("happy-bees", b"HB12345678")
    assert len(bytes.fromhex(plain)) == 32
    peppered = fingerprint("happy-bees", b"HB12345678", b"pepper")
    expected = hmac.new(b"pepper", b"happy-bees\0HB12345678", hashlib.sha256).hexdigest()
    assert peppered == expected
    assert len({plain, peppered, fingerprint("other", b"HB12345678")}) == 3


# --- what is wrong with a form ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("", "1 to 300 characters"),
        ("A" * 301, "1 to 300 characters"),
        ("\u00c4[0-9]{8}", "printable ASCII"),
        ("A\n", "printable ASCII"),
        ("[A-Z", "] is missing"),
        ("[]{8}", "class is empty"),
        ("[Z-A]{8}", "runs backwards"),
        ("[A-Z]{8", "} is missing"),
        ("[A-Z]{}", "{n} or {n,m}"),
        ("[A-Z]{,8}", "{n} or {n,m}"),
        ("[A-Z]{8,}", "{n} or {n,m}"),
        ("[A-Z]{-1}", "{n} or {n,m}"),
        ("[A-Z]{\u0668}", "printable ASCII"),
        ("[A-Z]{9,8}", "backwards"),
        ("[A-Z]{0}", "nothing"),
        ("[A-Z]{600}", "512 characters at most"),
        ("[A-Z]{400}[A-Z]{400}", "512 characters at most"),
        ("A{8}", "stands alone"),
        ("A]", "stands alone"),
        ("[[A]]", "needs a backslash"),
        ("[A-Z]\\", "at the end"),
        ("[A\\", "at the end"),
        ("RETURN", "less than 20 bits"),
        ("[0-9]{6}", "less than 20 bits"),
    ],
)
def test_a_pattern_that_is_none_is_told(pattern: str, sentence: str) -> None:
    form = ThirdPartyForm("x", pattern)
    (told,) = problems([form])
    assert told.startswith("x: ")
    assert sentence in told
    assert isinstance(codes.parse("RETURN!", b"", "]Q1", (form,)), Unreadable)


@pytest.mark.parametrize(
    ("forms", "sentence"),
    [
        ([ThirdPartyForm("Bad Name", BEES.pattern)], "a-z, 0-9, - and _"),
        ([ThirdPartyForm("", BEES.pattern)], "a-z, 0-9, - and _"),
        ([ThirdPartyForm("x", BEES.pattern, ("Q1",))], "as ]Q or ]Q1"),
        ([BEES, BEES], "two of this name"),
        ([ThirdPartyForm(f"n{i}", f"{i:02}[A-Z]{{8}}") for i in range(33)], "more than 32"),
    ],
)
def test_a_form_that_is_none_is_told(forms: list[ThirdPartyForm], sentence: str) -> None:
    assert any(sentence in told for told in problems(forms))


def test_good_forms_have_no_problems() -> None:
    assert problems(FORMS) == []
    assert problems([]) == []


# --- the pattern language -----------------------------------------------------------------------

LETTERS = "AB1-]\\"
PART = st.one_of(
    st.sampled_from(list(LETTERS)).map(lambda c: ("\\" + c, re.escape(c))),
    st.tuples(
        st.lists(st.sampled_from(list(LETTERS)), min_size=1, max_size=3),
        st.integers(0, 3),
        st.integers(0, 3),
    )
    .filter(lambda t: t[1] + t[2] > 0)
    .map(
        lambda t: (
            f"[{''.join(chr(92) + c for c in t[0])}]{{{t[1]},{t[1] + t[2]}}}",
            f"[{''.join(re.escape(c) for c in t[0])}]{{{t[1]},{t[1] + t[2]}}}",
        )
    ),
)
WRITTEN = st.lists(PART, min_size=1, max_size=4)
TEXTS = ["".join(one) for n in range(5) for one in itertools.product("AB1", repeat=n)]


@settings(max_examples=150, deadline=None)
@given(WRITTEN, st.lists(st.text(LETTERS, max_size=12), max_size=10))
def test_it_matches_as_a_regular_expression_would(
    written: list[tuple[str, str]], more: list[str]
) -> None:
    parts = patterns.compiled("".join(own for own, _ in written))
    expression = re.compile("".join(theirs for _, theirs in written))
    for text in [*TEXTS, *more]:
        assert patterns.fits(parts, text) == bool(expression.fullmatch(text)), text


@settings(max_examples=150, deadline=None)
@given(WRITTEN, WRITTEN)
def test_two_forms_meet_where_some_text_fits_both(
    one: list[tuple[str, str]], other: list[tuple[str, str]]
) -> None:
    left, right = (patterns.compiled("".join(own for own, _ in form)) for form in (one, other))
    meets = patterns.overlap(left, right)
    assert meets == patterns.overlap(right, left)
    if not meets:
        assert not any(patterns.fits(left, t) and patterns.fits(right, t) for t in TEXTS)
    if any(patterns.fits(left, t) and patterns.fits(right, t) for t in TEXTS):
        assert meets


def test_ranges_counts_and_escapes() -> None:
    parts = patterns.compiled("a\\[\\\\[A-C\\-0-2]{2,3} end[x]")
    for text in ("a[\\A0 endx", "a[\\--1 endx"):
        assert patterns.fits(parts, text)
    for text in ("a[\\A endx", "a[\\A012 endx", "a[\\AD endx", "a[\\A0 end"):
        assert not patterns.fits(parts, text)


def test_a_hyphen_at_the_edge_of_a_class_is_one() -> None:
    parts = patterns.compiled("[-A][A-]")
    assert patterns.fits(parts, "--")
    assert patterns.fits(parts, "A-")
    assert not patterns.fits(parts, "B-")


def test_the_widest_pattern_on_the_longest_text() -> None:
    """What would make a backtracking matcher count to the end of the world."""
    wide = patterns.compiled("[a]{0,1}" * 37)
    assert patterns.fits(wide, "a" * 37)
    assert not patterns.fits(wide, "a" * 36 + "b")
    parts = patterns.compiled("[ -~]{0,128}" * 4)
    source = random.Random(3)
    text = "".join(source.choice(string.printable[:94]) for _ in range(512))
    assert patterns.fits(parts, text)
    assert not patterns.fits(parts, text[:-1] + "\x00")
    assert patterns.overlap(parts, parts)
