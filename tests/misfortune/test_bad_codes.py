"""What people hold up that is no good return code: a clear sentence, one next step, and a record
where it matters. Nothing that was held up is opened, run or kept."""

from __future__ import annotations

import pytest

from kiosk.domain.reasons import Reason, Why
from kiosk.flows.model import Attract, Items, Press, TypeShortCode
from kiosk.seal import codes as sealed
from kiosk.seal.codes import ReturnClaims
from kiosk.words import words
from sync.central import demo

WIFI = "WIFI:T:WPA;S:Guest;P:not-a-secret;;"


def is_told(kiosk, why: Why) -> None:
    """Two plain sentences: what is wrong, and what to do."""
    values = kiosk.hears(why)
    for language in ("en", "de", "ar"):
        reason = Reason(why, values)
        assert words(language).reason(reason)
        assert words(language).next_step(reason)
    assert isinstance(kiosk.session.screen, Attract)
    assert kiosk.session.visit_id == ""
    assert kiosk.drops == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://example.com/sale", Why.CODE_FOREIGN),
        ("HTTPS://EXAMPLE.COM/R/RK1:ABC", Why.CODE_FOREIGN),
        (WIFI, Why.CODE_FOREIGN),
        ("BEGIN:VCARD\nFN:Somebody\nEND:VCARD", Why.CODE_FOREIGN),
        ("RK1:THIS IS NOT BASE45 !!", Why.CODE_UNREADABLE),
        ("RK1:", Why.CODE_UNREADABLE),
        ("'; DROP TABLE drops; --", Why.CODE_FOREIGN),
        ("JUNK" * 500, None),
    ],
)
def test_none_of_ours(kiosk, street, text, why) -> None:
    kiosk.hold(text)
    if why is None:
        problem = kiosk.until(
            lambda s: getattr(s.screen, "problem", None) is not None, "a sentence"
        ).screen.problem
        assert problem.why in (Why.CODE_FOREIGN, Why.CODE_TOO_LONG)
    else:
        is_told(kiosk, why)
    kiosk.all_sent()
    assert street.told("code.rejected") == []  # harmless: no record of what people carry


@pytest.mark.parametrize("size", [1024, 4000])
def test_as_much_junk_as_a_scanner_can_send(kiosk, size) -> None:
    """A QR code takes 2,953 bytes; a hand-held scanner may send anything."""
    from kiosk.ports import Scanned, Symbology

    junk = bytes(range(256)) * (size // 256 + 1)
    junk = junk[:size]
    kiosk.post(Scanned(junk.decode("latin-1"), junk, Symbology.QR, "]Q1", "wedge", 0.0))
    problem = kiosk.until(
        lambda s: getattr(s.screen, "problem", None) is not None, "a sentence"
    ).screen.problem
    assert problem.why in (Why.CODE_FOREIGN, Why.CODE_TOO_LONG, Why.CODE_UNREADABLE)
    kiosk.hold_return("simple")
    kiosk.sees(Items)


@pytest.mark.parametrize("slug", ["forged", "old-code"])
def test_signed_but_not_good(kiosk, street, slug) -> None:
    bad = next(code for code in street.sample.bad_codes if code.slug == slug)
    kiosk.hold(bad.text)
    is_told(kiosk, Why(bad.rejected))
    kiosk.all_sent()
    (told,) = street.told("code.rejected")
    assert (told["reason"], told["kind"]) == (bad.rejected, "signed")
    assert len(told["digest"]) == 16


@pytest.mark.parametrize("slug", ["expired", "cancelled"])
def test_a_return_whose_permission_is_over(kiosk, street, slug) -> None:
    kiosk.hold_return(slug)
    is_told(kiosk, Why(street.sample.find(slug).rejected))
    kiosk.all_sent()
    assert [e["reason"] for e in street.told("code.rejected")] == [
        street.sample.find(slug).rejected
    ]


def test_a_good_signature_under_a_return_nobody_knows(kiosk, street, clock) -> None:
    key = demo.load_key(street.folder / "keys" / "code-linden.key", "linden-1", None)
    now = clock.now().replace(microsecond=0)
    claims = ReturnClaims(
        issuer="linden",
        audience="takeback-demo",
        issued_at=now.replace(hour=0, minute=0),
        expires_at=now.replace(year=now.year + 1),
        code_id="code-unknown",
        return_id="RMA-NOBODY",
    )
    kiosk.hold(sealed.issue(claims, key))
    is_told(kiosk, Why.RETURN_UNKNOWN)
    kiosk.all_sent()
    assert [e["reason"] for e in street.told("code.rejected")] == ["return_unknown"]


def test_a_typed_code_with_a_slip_of_the_finger(kiosk, street) -> None:
    right = street.sample.find("simple").short_code
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    kiosk.press(Press.NO_CODE, Press.SHORT_CODE)
    kiosk.sees(TypeShortCode)
    kiosk.type(wrong)
    kiosk.press(Press.SUBMIT)
    kiosk.hears(Why.CODE_WRONG_CHECK)
    kiosk.press(Press.ERASE)
    kiosk.type(right[-1])
    kiosk.press(Press.SUBMIT)
    kiosk.sees(Items)


def test_the_sentence_fades_and_the_good_code_is_taken_at_once(kiosk, clock) -> None:
    kiosk.hold(WIFI)
    kiosk.hears(Why.CODE_FOREIGN)
    clock.later(9)
    kiosk.until(lambda s: getattr(s.screen, "problem", 1) is None, "a quiet screen")
    kiosk.hold_return("simple")
    kiosk.sees(Items)
