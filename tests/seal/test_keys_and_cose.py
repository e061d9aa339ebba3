"""Ed25519 and COSE_Sign1 against the vectors of their standards."""

from __future__ import annotations

import cbor2
import pytest

from kiosk.seal import cose, keys
from kiosk.seal.keys import SigningKey

RFC_8032 = [  # section 7.1, tests 1 to 3: seed, public key, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
        "b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
        "1d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
        "c6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_the_vectors_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey("k", bytes.fromhex(seed))
    data = bytes.fromhex(message)
    assert key.public.hex() == public
    assert key.sign(data).hex() == signature
    assert keys.verify(key.public, bytes.fromhex(signature), data)
    assert not keys.verify(key.public, bytes.fromhex(signature), data + b"\0")


def test_a_signature_with_a_larger_scalar_is_refused() -> None:
    """RFC 8032, 5.1.7: S + L passes the equation, and must not pass the check."""
    key = SigningKey("k", bytes(32))
    order = 2**252 + 27742317777372353535851937790883648493
    signature = key.sign(b"x")
    scalar = int.from_bytes(signature[32:], "little") + order
    assert not keys.verify(key.public, signature[:32] + scalar.to_bytes(32, "little"), b"x")


@pytest.mark.parametrize("public", [b"", b"short", b"\xff" * 32, bytes(33)])
def test_what_is_no_key_verifies_nothing(public: bytes) -> None:
    assert not keys.verify(public, bytes(64), b"x")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    assert not keys.verify(SigningKey("k", bytes(32)).public, signature, b"x")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey("k", bytes(length))


def test_a_key_never_shows_its_private_part() -> None:
    key = SigningKey("k", b"\x41" * 32)
    assert "AAAA" not in repr(key)
    assert "private" not in repr(key)


def test_the_cose_working_groups_example_of_eddsa() -> None:
    """cose-wg/Examples, eddsa-examples/eddsa-sig-01: structure, signature, and refused as a code
    all the same, since its header says more than algorithm and name."""
    example = bytes.fromhex(
        "D28445A201270300A10442313154546869732069732074686520636F6E74656E742E58407142FD2FF96D56DB85BE"
        "E905A76BA1D0B7321A95C8C4D3607C5781932B7AFB8711497DFA751BF40B58B3BCC32300B1487F3DB34085EEF013"
        "BF08F4A44D6FEF0D"
    )
    protected, _, payload, signature = cbor2.loads(example).value
    key = SigningKey("11", bytes.fromhex(RFC_8032[0][0]))
    signed = cose.to_be_signed(protected, payload, b"")
    assert signed == b"\x84\x6aSignature1\x45\xa2\x01\x27\x03\x00\x40\x54This is the content."
    assert key.sign(signed) == signature
    assert keys.verify(key.public, signature, signed)
    assert cose.split(example) is None


def test_an_envelope_is_cose_to_everybody() -> None:
    """Read by a general CBOR library, checked by hand after RFC 9052, 4.4."""
    key = SigningKey("m1", bytes(32))
    read = cbor2.loads(cose.seal(b"payload", key))
    assert read.tag == 18
    protected, unprotected, payload, signature = read.value
    assert cbor2.loads(protected) == {1: -8, 4: b"m1"}
    assert (unprotected, payload) == ({}, b"payload")
    signed = cbor2.dumps(["Signature1", protected, b"", b"payload"])
    assert keys.verify(key.public, signature, signed)


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 400])
def test_an_envelope_comes_apart_as_it_was_made(size: int) -> None:
    key = SigningKey("m1", bytes(32))
    sign1 = cose.split(cose.seal(bytes(size), key))
    assert sign1 is not None
    assert sign1.payload == bytes(size)
    assert cose.verified(sign1, "m1", key.public)
    assert cose.verified_by(sign1, key.public)
    assert not cose.verified(sign1, "m2", key.public)
    assert not cose.verified(sign1, "m1", SigningKey("m1", b"\1" * 32).public)


@pytest.mark.parametrize("size", [0, 63, 65])
def test_a_signature_has_64_bytes(size: int) -> None:
    whole = cose.seal(b"payload", SigningKey("m1", bytes(32)))
    assert cose.split(whole[:-66] + cose.encode(bytes(size))) is None
    assert cose.split(whole[:-66] + cose.encode(bytes(64))) is not None


def test_two_purposes_are_kept_apart() -> None:
    key = SigningKey("m1", bytes(32))
    sign1 = cose.split(cose.seal(b"payload", key, b"receipt"))
    assert sign1 is not None
    assert cose.verified(sign1, "m1", key.public, b"receipt")
    assert not cose.verified(sign1, "m1", key.public, b"token")
    assert not cose.verified_by(sign1, key.public)


@pytest.mark.parametrize(
    "data",
    [
        cbor2.dumps([[[1]]]),
        b"\x9f\x01\xff",  # indefinite array
        b"\x5f\x41a\xff",  # indefinite byte string
        b"\xa2\x01\x02\x01\x03",  # a key twice
        b"\xa2\x02\x01\x01\x01",  # keys out of order
        b"\x18\x01",  # a number longer than it need be
        b"\x01\x01",  # something behind
        b"",
        b"\xc1\x9f",
        b"\xd8\x23\x65(((((",  # a tag that would build a regular expression
        b"\xbf",
    ],
)
def test_only_flat_deterministic_cbor_is_read(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        cose.decode(data)
