"""Our own reading and writing of deterministic CBOR beside a general coder's."""

from __future__ import annotations

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.seal import codes, cose, exact

EDGES = (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1)
STRINGS = st.binary(max_size=300)


@pytest.mark.parametrize("value", EDGES)
def test_a_number_is_written_and_read_in_its_shortest_form(value: int) -> None:
    data = exact.head(exact.UNSIGNED, value)
    assert data == cbor2.dumps(value)
    assert exact.read_head(data + b"more", 0, exact.UNSIGNED) == (value, len(data))


@pytest.mark.parametrize("value", EDGES)
def test_no_longer_form_is_read(value: int) -> None:
    for width in (1, 2, 4, 8):
        if value < 1 << 8 * width:
            longer = bytes((24 + width.bit_length() - 1,)) + value.to_bytes(width, "big")
            if longer != exact.head(exact.UNSIGNED, value):
                with pytest.raises(ValueError, match="shortest"):
                    exact.read_head(longer, 0, exact.UNSIGNED)


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 70_000])
def test_a_string_is_written_and_read_as_others_do(size: int) -> None:
    data = exact.byte_string(b"x" * size)
    assert data == cbor2.dumps(b"x" * size)
    assert exact.read_string(data, 0, exact.BYTES) == (b"x" * size, len(data))
    with pytest.raises(ValueError, match="no such"):
        exact.read_string(data, 0, exact.TEXT)
    for cut in {0, 1, len(data) // 2, len(data) - 1} - {len(data)}:
        with pytest.raises(ValueError, match=r"cut off|no such"):
            exact.read_string(data[:cut], 0, exact.BYTES)


@pytest.mark.parametrize("first", [0x5C, 0x5D, 0x5E, 0x5F])
def test_reserved_and_endless_lengths_are_none(first: int) -> None:
    with pytest.raises(ValueError, match="no such"):
        exact.read_head(bytes((first,)) + b"\0" * 9, 0, exact.BYTES)


@given(STRINGS, STRINGS, STRINGS)
def test_what_is_signed_is_the_sig_structure(protected: bytes, payload: bytes, ext: bytes) -> None:
    expected = cbor2.dumps(["Signature1", protected, ext, payload], canonical=True)
    assert cose.to_be_signed(protected, payload, ext) == expected


CLAIM = st.one_of(
    st.text(max_size=130), st.binary(max_size=130), st.integers(-5, 2**40), st.none(), st.booleans()
)
GOOD = st.fixed_dictionaries(
    {
        1: st.text(min_size=1, max_size=128),
        2: st.text(min_size=1, max_size=128),
        3: st.text(min_size=1, max_size=128),
        4: st.integers(0, 253_402_300_799),
        6: st.integers(0, 253_402_300_799),
        7: st.text(min_size=1, max_size=128).map(str.encode),
    }
)


@given(GOOD, st.dictionaries(st.integers(0, 8), CLAIM, max_size=1), st.booleans())
def test_claims_are_read_as_a_general_decoder_reads_them(
    good: dict[int, object], change: dict[int, object], sorted_: bool
) -> None:
    """The same claims, and none where anything is of another kind, missing, more or unsorted."""
    claims = {**good, **change}
    order = claims if sorted_ else dict(reversed(claims.items()))
    payload = cbor2.dumps(order)
    read = codes._read(payload)
    if payload != cbor2.dumps(claims, canonical=True) or not _fits(claims):
        assert read is None
        return
    assert read is not None
    assert (read.issuer, read.return_id, read.audience) == (claims[1], claims[2], claims[3])
    assert (read.expires_at.timestamp(), read.issued_at.timestamp()) == (claims[4], claims[6])
    assert read.code_id.encode() == claims[7]
    assert codes._read(payload + b"\0") is None
    assert all(codes._read(payload[:cut]) is None for cut in range(len(payload)))


def _fits(claims: dict[int, object]) -> bool:
    if set(claims) != {1, 2, 3, 4, 6, 7}:
        return False
    texts = [claims[1], claims[2], claims[3]]
    seconds = [claims[4], claims[6]]
    code_id = claims[7]
    try:
        texts.append(code_id.decode() if isinstance(code_id, bytes) else None)
    except UnicodeDecodeError:
        return False
    return all(isinstance(text, str) and 0 < len(text) <= 128 for text in texts) and all(
        type(second) is int and 0 <= second <= 253_402_300_799 for second in seconds
    )
