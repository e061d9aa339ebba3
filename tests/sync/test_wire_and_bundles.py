"""The wire: bytes in, messages out, bounded; bundles that hold only with their signature."""

from __future__ import annotations

import dataclasses
import gzip
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain import chain, events
from kiosk.domain.money import Money
from kiosk.domain.policy.bundle import CodeKey, PolicyContent
from kiosk.domain.returns import Authorisation, AuthorisationState, Merchant, ReturnLine
from kiosk.seal import envelope
from kiosk.seal.keys import SigningKey
from kiosk.store.values import StoredEvent
from sync.wire import bundle, codec
from sync.wire.bundle import BundleFault
from sync.wire.messages import BundleFile, EventRecord, Manifest

NOW = datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC)
KEY = SigningKey("k1", bytes(range(32)))
KEYS = {"k1": KEY.public}


def stored(**changes):
    values = {
        "epoch": "e1",
        "sequence": 1,
        "id": "id-1",
        "type": "takeback.receipt.settled.v1",
        "time": NOW,
        "subject": "drop-1",
        "hlc": "000000000001-0000",
        "monotonic_ms": 5,
        "policyversion": 2,
        "data": {"drop_id": "drop-1", "outcome": "printed", "fault": ""},
        "chain": "",
    }
    return StoredEvent(**{**values, **changes})


def test_the_link_survives_the_journey():
    mine = stored()
    body = chain.body(
        mine.type,
        mine.time,
        mine.subject,
        mine.hlc,
        mine.monotonic_ms,
        mine.policyversion,
        mine.data,
    )
    link = chain.link(chain.GENESIS, mine.epoch, mine.sequence, mine.id, body)
    there = codec.decode(codec.encode(codec.record(mine, "dev-1")), EventRecord)
    assert codec.link(chain.GENESIS, there) == link
    assert there.source == "takeback/device/dev-1"


@given(
    st.dictionaries(
        st.text(max_size=10),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=6,
        ),
        max_size=5,
    )
)
def test_any_content_keeps_its_link_through_json_and_gzip(data):
    mine = codec.record(stored(data=data), "dev-1")
    packed = codec.pack(codec.encode(mine))
    there = codec.decode(codec.unpack(packed, 1 << 20), EventRecord)
    assert codec.link(chain.GENESIS, there) == codec.link(chain.GENESIS, mine)


def test_content_without_a_canonical_form_has_no_link():
    event = codec.record(stored(data={"share": 0.5}), "dev-1")
    assert codec.link(chain.GENESIS, event) is None


def test_every_kind_of_fact_is_read_back_as_it_was():
    samples = [
        events.ReceiptSettled("d", "printed", ""),
        events.PolicyRejected(3, "rollback"),
        events.KioskStarted("1.0", 0, 0),
        events.StaffNeeded("v", "r", "hazardous", {"hazard": "lithium"}),
        events.DeviceChanged("cam", "scanner", "absent", "not_found"),
    ]
    for sample in samples:
        assert codec.fact(sample.type, msgspec.to_builtins(sample)) == sample
    assert codec.fact("takeback.unheard.of.v1", {}) is None
    assert isinstance(codec.fact(events.PolicyRejected.type, {"number": "three"}), str)


def test_a_newer_peers_extra_fields_are_passed_over():
    sample = msgspec.to_builtins(events.PolicyRejected(3, "rollback"))
    assert codec.fact(events.PolicyRejected.type, {**sample, "mood": "new"}) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"junk",
        gzip.compress(b"x" * 100)[:-9],
        gzip.compress(b"x") + b"junk",
        gzip.compress(bytes(1 << 20)),
    ],
    ids=["empty", "junk", "cut", "trailing", "bomb"],
)
def test_what_is_not_bounded_gzip_is_not_unpacked(data):
    assert codec.unpack(data, 1000) is None


def test_the_limit_itself_is_allowed():
    assert codec.unpack(gzip.compress(bytes(1000)), 1000) == bytes(1000)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"number":"x"}'])
def test_junk_is_no_message(data):
    assert codec.decode(data, Manifest) is None


# --- bundles ---

LINE = ReturnLine("L1", "SKU", "Dress", "clothing", 1, Money(100, "EUR"), frozenset({"b", "a"}))
RETURN = Authorisation(
    "R1",
    "m",
    "O-1",
    "10115",
    "ABCD1234",
    AuthorisationState.AUTHORISED,
    date(2026, 5, 1),
    None,
    NOW,
    (LINE,),
    "DE",
)
CONTENT = PolicyContent(
    number=4,
    audience="us",
    merchants=(Merchant("m", "M", "help", "UTC"),),
    rules={"m": ({"rule": "allow", "id": "all"},)},
    code_keys=(CodeKey("c", "00" * 32, "m", NOW, NOW),),
)
MANIFEST = Manifest(
    tenant="acme",
    scope="all",
    number=4,
    previous=3,
    issued=NOW,
    warn_after=NOW + timedelta(days=1),
    accept_until=NOW + timedelta(days=3),
    files=(),
)


def test_a_bundle_is_read_back_as_it_was_built():
    built = bundle.build(MANIFEST, CONTENT, [RETURN], KEY)
    manifest = bundle.open_manifest(built.envelope, KEYS)
    assert manifest == built.manifest
    policy = bundle.find_file(manifest, bundle.POLICY)
    returns = bundle.find_file(manifest, bundle.AUTHORISATIONS)
    assert bundle.read_policy(built.files[policy.sha256]) == CONTENT
    assert bundle.read_authorisations(built.files[returns.sha256]) == (RETURN,)


def test_the_same_content_has_the_same_hashes():
    again = dataclasses.replace(RETURN, lines=(dataclasses.replace(LINE, tags=frozenset("ab")),))
    first = bundle.build(MANIFEST, CONTENT, [RETURN], KEY)
    assert bundle.build(MANIFEST, CONTENT, [again], KEY).envelope == first.envelope


def test_only_a_pinned_key_and_the_right_type_open_a_manifest():
    built = bundle.build(MANIFEST, CONTENT, [], KEY)
    stranger = SigningKey("k1", bytes(32))
    assert bundle.open_manifest(built.envelope, {"k1": stranger.public}) is (
        BundleFault.BAD_SIGNATURE
    )
    assert bundle.open_manifest(built.envelope, {}) is BundleFault.BAD_SIGNATURE
    other = envelope.seal(codec.encode(built.manifest), "text/plain", KEY)
    assert bundle.open_manifest(other, KEYS) is BundleFault.BAD_SIGNATURE
    junk = envelope.seal(b"{}", bundle.PAYLOAD_TYPE, KEY)
    assert bundle.open_manifest(junk, KEYS) is BundleFault.UNREADABLE
    assert bundle.open_manifest(bytes(100_000), KEYS) is BundleFault.TOO_LARGE


def test_every_flipped_bit_of_an_envelope_is_noticed():
    built = bundle.build(MANIFEST, CONTENT, [], KEY)
    for place in range(0, len(built.envelope), 7):
        bent = bytearray(built.envelope)
        bent[place] ^= 1
        # A spare bit of base64 padding changes nothing; everything else is noticed.
        found = bundle.open_manifest(bytes(bent), KEYS)
        assert found in (BundleFault.BAD_SIGNATURE, built.manifest)


def test_files_are_bounded_complete_and_whole():
    huge = BundleFile(name="policy", size=1 << 40, sha256="0" * 64)
    manifest = msgspec.structs.replace(MANIFEST, files=(huge,))
    assert bundle.find_file(manifest, "policy") is BundleFault.TOO_LARGE
    assert bundle.find_file(manifest, "authorisations") is BundleFault.INCOMPLETE
    file = bundle.file_of("policy", b"abc")
    assert bundle.matches(file, b"abc")
    assert not bundle.matches(file, b"abd")
    assert bundle.read_policy(codec.pack(bytes(9 << 20))) is BundleFault.UNREADABLE
    assert bundle.read_authorisations(codec.pack(b'{"half":')) is BundleFault.UNREADABLE
