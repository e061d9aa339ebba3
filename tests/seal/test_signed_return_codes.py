"""Signed return codes, and everything that must not pass for one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.codes import base45
from kiosk.domain.reasons import Reason, Why
from kiosk.seal import codes, cose
from kiosk.seal.keys import SigningKey

SECOND = timedelta(seconds=1)
FORGED = Reason(Why.CODE_FORGED)


def resealed(merchant: Any, change: Callable[[dict[int, Any]], object]) -> bytes:
    """A code whose claims were changed and signed again by the merchant itself."""
    sign1 = cose.split(merchant.code())
    assert sign1 is not None
    claims = cbor2.loads(sign1.payload)
    return cose.seal(cose.encode(change(claims)), merchant.key)


def test_a_good_code_tells_its_claims(merchant: Any) -> None:
    assert merchant.verify(merchant.code()) == merchant.claims


def test_a_code_is_short_enough_for_a_phone_screen(merchant: Any) -> None:
    text = codes.issue(merchant.claims, merchant.key)
    assert text.startswith("RK1:")
    assert set(text) <= set(base45.ALPHABET)
    assert len(text) <= 221  # QR version 8-M, alphanumeric mode (ISO/IEC 18004, table 7)


def test_claims_are_a_cwt_to_everybody(merchant: Any) -> None:
    read = cbor2.loads(merchant.code())
    assert cbor2.loads(read.value[2]) == {
        1: "M-1",
        2: "R-1",
        3: "network-1",
        4: int(merchant.claims.expires_at.timestamp()),
        6: int(merchant.claims.issued_at.timestamp()),
        7: b"c-1",
    }


# --- time -----------------------------------------------------------------------------------------


def test_a_code_is_good_until_a_minute_after_its_end(merchant: Any) -> None:
    end = merchant.claims.expires_at + codes.TOLERANCE
    assert merchant.verify(merchant.code(), now=end - SECOND) == merchant.claims
    assert merchant.verify(merchant.code(), now=end) == Reason(
        Why.CODE_EXPIRED, {"expired_on": "2025-04-09"}
    )


def test_a_code_is_good_from_a_minute_before_its_making(merchant: Any) -> None:
    start = merchant.claims.issued_at - codes.TOLERANCE
    assert merchant.verify(merchant.code(), now=start) == merchant.claims
    assert merchant.verify(merchant.code(), now=start - SECOND) == Reason(Why.CODE_NOT_YET_VALID)


def test_the_time_zone_of_the_clock_does_not_matter(merchant: Any) -> None:
    local = merchant.now.astimezone(timezone(timedelta(hours=-8)))
    assert merchant.verify(merchant.code(), now=local) == merchant.claims


def test_a_key_that_has_ended_ends_its_codes(merchant: Any) -> None:
    ended = replace(merchant.pinned, not_after=merchant.now - timedelta(hours=2))
    assert merchant.verify(merchant.code(), code_keys=[ended]) == Reason(
        Why.CODE_EXPIRED, {"expired_on": "2025-03-10"}
    )


@pytest.mark.parametrize("hours", [-100, 100])
def test_a_code_made_outside_its_keys_time_is_forged(merchant: Any, hours: int) -> None:
    made = merchant.claims.issued_at
    key = replace(
        merchant.pinned,
        not_before=made + timedelta(hours=hours) - timedelta(hours=1),
        not_after=made + timedelta(hours=hours) + timedelta(hours=1),
    )
    assert merchant.verify(merchant.code(), code_keys=[key]) == FORGED


def test_a_code_that_ends_before_it_begins_is_forged(merchant: Any) -> None:
    data = merchant.code(expires_at=merchant.claims.issued_at)
    assert merchant.verify(data) == FORGED


# --- whose ----------------------------------------------------------------------------------------


def test_a_code_for_another_network_is_foreign(merchant: Any) -> None:
    assert merchant.verify(merchant.code(audience="network-2")) == Reason(Why.CODE_FOREIGN)


def test_a_merchant_cannot_speak_for_another(merchant: Any) -> None:
    assert merchant.verify(merchant.code(issuer="M-2")) == FORGED


def test_one_key_may_serve_two_merchants_that_both_list_it(merchant: Any) -> None:
    both = [merchant.pinned, replace(merchant.pinned, merchant_id="M-2")]
    claims = merchant.verify(merchant.code(issuer="M-2"), code_keys=both)
    assert isinstance(claims, codes.ReturnClaims)
    assert claims.issuer == "M-2"


@pytest.mark.parametrize("change", [{"kid": "m1-2024"}, {"public": "00" * 32}, {"public": "zz"}])
def test_an_unknown_key_is_forged(merchant: Any, change: dict[str, str]) -> None:
    assert (
        merchant.verify(merchant.code(), code_keys=[replace(merchant.pinned, **change)]) == FORGED
    )
    assert merchant.verify(merchant.code(), code_keys=[]) == FORGED


def test_another_key_under_the_same_name_is_forged(merchant: Any) -> None:
    impostor = replace(merchant, key=SigningKey(merchant.key.kid, b"\7" * 32))
    assert merchant.verify(impostor.code()) == FORGED


# --- the envelope ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        {1: -7, 4: b"m1-2025"},  # ES256
        {1: 5, 4: b"m1-2025"},  # HMAC
        {1: -8},
        {4: b"m1-2025"},
        {1: -8, 4: "m1-2025"},
        {1: -8, 4: b"m1-2025", 2: [4]},  # crit
        {1: -8, 4: b"m1-2025", 33: b"certificate"},
        {},
    ],
)
def test_no_other_algorithm_or_header_is_taken(merchant: Any, header: dict[int, Any]) -> None:
    """Even rightly signed: the list of algorithms is the kiosk's."""
    sign1 = cose.split(merchant.code())
    assert sign1 is not None
    protected = cose.encode(header)
    signature = merchant.key.sign(cose.to_be_signed(protected, sign1.payload, b""))
    data = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, sign1.payload, signature]))
    assert merchant.verify(data) == FORGED


@pytest.mark.parametrize("unprotected", [{1: -8}, {4: b"m1-2025"}, {-1: b"a key"}, {33: b"x"}])
def test_a_key_in_the_header_helps_nobody(merchant: Any, unprotected: dict[int, Any]) -> None:
    attacker = SigningKey("m1-2025", b"\7" * 32)
    for key in (merchant.key, attacker):
        good = cbor2.loads(cose.seal(b"\xa0", key)).value
        carried = {**unprotected, -2: attacker.public}
        data = cbor2.dumps(cbor2.CBORTag(18, [good[0], carried, good[2], good[3]]))
        assert merchant.verify(data) == FORGED


def test_every_single_flipped_bit_is_noticed(merchant: Any) -> None:
    data = merchant.code()
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        assert merchant.verify(bytes(flipped)) == FORGED


def test_every_truncation_and_any_addition_is_noticed(merchant: Any) -> None:
    data = merchant.code()
    for length in range(len(data)):
        assert merchant.verify(data[:length]) == FORGED
    for more in (b"\0", b"\xf6", data):
        assert merchant.verify(data + more) == FORGED
        assert merchant.verify(more + data) == FORGED


def test_other_forms_of_the_same_envelope_are_refused(merchant: Any) -> None:
    data = merchant.code()
    parts = cbor2.loads(data).value
    others = [
        data[1:],  # without the tag
        b"\xd8\x12" + data[1:],  # the tag in two bytes
        b"\xd8\x3d" + data,  # the CWT tag around it
        b"\xd2\x9f" + data[2:] + b"\xff",  # an indefinite array
        data[:1] + b"\x98\x04" + data[2:],  # the length in two bytes
        cbor2.dumps(cbor2.CBORTag(18, [*parts, b""])),
        cbor2.dumps(cbor2.CBORTag(18, parts[:3])),
        cbor2.dumps(cbor2.CBORTag(18, [parts[0], {}, None, parts[3]])),
        cbor2.dumps(cbor2.CBORTag(98, parts)),
        data[:2] + b"\x58" + data[2:3].replace(data[2:3], bytes([data[2] & 31])) + data[3:],
    ]
    for other in others:
        assert merchant.verify(other) == FORGED


def test_an_envelope_above_512_bytes_is_not_looked_at(merchant: Any) -> None:
    """Good in every other way: the same claims with a shorter key name pass."""
    long = {"issuer": "M" * 128, "return_id": "R" * 128, "code_id": "c" * 90}

    def found(kid: str) -> tuple[int, object]:
        key = SigningKey(kid, bytes(32))
        pinned = replace(
            merchant.pinned, kid=kid, public=key.public.hex(), merchant_id=long["issuer"]
        )
        good = cose.split(replace(merchant, key=key).code(**long))
        assert good is not None
        padded = SigningKey(kid + "k" * 100, key.private)
        data = cose.seal(good.payload, padded)
        pins = [replace(pinned, kid=padded.kid)]
        assert merchant.verify(cose.seal(good.payload, key), code_keys=[pinned]) == replace(
            merchant.claims, **long
        )
        return len(data), merchant.verify(data, code_keys=pins)

    size, answer = found("k" * 20)
    assert size > 512
    assert answer == FORGED


@pytest.mark.parametrize("depth", [10, 400])
def test_deep_nesting_is_refused(merchant: Any, depth: int) -> None:
    deep = b"\x81" * depth + b"\x01"
    assert merchant.verify(deep) == FORGED
    assert merchant.verify(cose.seal(deep, merchant.key)) == FORGED


# --- claims that a merchant signed and no kiosk should read ---------------------------------------

CHANGES: dict[str, Callable[[dict[int, Any]], object]] = {
    "no claims at all": lambda c: {},
    "a list": lambda c: list(c.values()),
    "a claim missing": lambda c: {k: v for k, v in c.items() if k != 4},
    "a claim more": lambda c: {**c, 5: 1},
    "an end that is a text": lambda c: {**c, 4: "tomorrow"},
    "an end that is a truth": lambda c: {**c, 4: True},
    "an end that is a fraction": lambda c: {**c, 4: 1.5},
    "an end beyond all calendars": lambda c: {**c, 4: 1 << 62},
    "an end beyond all machines": lambda c: {**c, 4: 1 << 70},
    "a beginning before all clocks": lambda c: {**c, 6: -1},
    "a single-use id that is a text": lambda c: {**c, 7: "c-1"},
    "a single-use id that is no UTF-8": lambda c: {**c, 7: b"\xff"},
    "an empty single-use id": lambda c: {**c, 7: b""},
    "an issuer in bytes": lambda c: {**c, 1: b"M-1"},
    "a list of audiences": lambda c: {**c, 3: ["network-1"]},
    "no return": lambda c: {**c, 2: None},
    "a long return": lambda c: {**c, 2: "R" * 129},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_claims_of_another_shape_are_refused(
    merchant: Any, change: Callable[[dict[int, Any]], object]
) -> None:
    assert merchant.verify(resealed(merchant, change)) == FORGED


def test_a_claim_twice_is_refused_though_signed(merchant: Any) -> None:
    sign1 = cose.split(merchant.code())
    assert sign1 is not None
    twice = b"\xa7" + sign1.payload[1:] + cbor2.dumps(2) + cbor2.dumps("R-2")
    assert merchant.verify(cose.seal(twice, merchant.key)) == FORGED


def test_claims_in_another_order_are_refused_though_signed(merchant: Any) -> None:
    sign1 = cose.split(merchant.code())
    assert sign1 is not None
    claims = cbor2.loads(sign1.payload)
    shuffled = cbor2.dumps(dict(reversed(claims.items())))
    assert shuffled != sign1.payload
    assert merchant.verify(cose.seal(shuffled, merchant.key)) == FORGED


def test_an_indefinite_map_is_refused_though_signed(merchant: Any) -> None:
    sign1 = cose.split(merchant.code())
    assert sign1 is not None
    indefinite = b"\xbf" + sign1.payload[1:] + b"\xff"
    assert merchant.verify(cose.seal(indefinite, merchant.key)) == FORGED


def test_claims_that_no_kiosk_would_read_are_not_issued(merchant: Any) -> None:
    for change in ({"return_id": ""}, {"return_id": "R" * 129}, {"code_id": ""}):
        with pytest.raises(ValueError, match="no kiosk"):
            codes.issue(replace(merchant.claims, **change), merchant.key)
    with pytest.raises(ValueError, match="no kiosk"):
        codes.issue(
            replace(merchant.claims, return_id="R" * 128, issuer="M" * 128, audience="a" * 128),
            SigningKey("k" * 100, bytes(32)),
        )


def test_fractions_of_a_second_are_dropped(merchant: Any) -> None:
    exact = datetime(2025, 3, 9, 1, 2, 3, 999_999, tzinfo=UTC)
    claims = merchant.verify(merchant.code(issued_at=exact))
    assert claims.issued_at == exact.replace(microsecond=0)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=540))
def test_no_junk_makes_it_stumble(merchant: Any, data: bytes) -> None:
    assert merchant.verify(data) == FORGED


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120))
def test_no_signed_junk_makes_it_stumble(merchant: Any, payload: bytes) -> None:
    """A merchant's own mistake, rightly signed."""
    assert merchant.verify(cose.seal(payload, merchant.key)) == FORGED
