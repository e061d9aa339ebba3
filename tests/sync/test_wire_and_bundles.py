"""The wire: bytes in, messages out, bounded; bundles that hold only with their signature."""

from __future__ import annotations

import dataclasses
import gzip
import io
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
from sync.wire import bundle, codec, lines
from sync.wire.faults import Broken, BundleFault
from sync.wire.lines import Change
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


def packed(rows, name="authorisations", kind="full", base=0, at=0):
    """A file, as the centre packs it: its entry in the manifest and its bytes."""
    out = io.BytesIO()
    packer = lines.Packer(out.write)
    for row in rows:
        packer.add(codec.encode(row))
    return packer.close(name, kind, base, at), out.getvalue()


def read(file, data):
    return list(lines.changes(io.BytesIO(data), file))


def fault(call):
    with pytest.raises(Broken) as broken:
        call()
    return broken.value.fault


def named(*files, **changes):
    return msgspec.structs.replace(MANIFEST, files=files, **changes)


def test_a_bundle_is_read_back_as_it_was_built():
    text, policy = packed([CONTENT], bundle.POLICY)
    rows, returns = packed([RETURN])
    manifest = bundle.open_manifest(bundle.seal(named(text, rows), KEY), KEYS)
    assert manifest == named(text, rows)
    assert bundle.find_policy(manifest) == text
    assert bundle.read_policy(io.BytesIO(policy), text, 4) == CONTENT
    assert bundle.plan(manifest, 0).files == (rows,)
    assert read(rows, returns) == [Change(put=RETURN)]


def test_the_same_content_has_the_same_hashes():
    again = dataclasses.replace(RETURN, lines=(dataclasses.replace(LINE, tags=frozenset("ab")),))
    assert packed([again]) == packed([RETURN])


def test_only_a_pinned_key_and_the_right_type_open_a_manifest():
    sealed = bundle.seal(MANIFEST, KEY)
    stranger = SigningKey("k1", bytes(32))
    assert bundle.open_manifest(sealed, {"k1": stranger.public}) is BundleFault.BAD_SIGNATURE
    assert bundle.open_manifest(sealed, {}) is BundleFault.UNKNOWN_KEY
    other = envelope.seal(codec.encode(MANIFEST), "text/plain", KEY)
    assert bundle.open_manifest(other, KEYS) is BundleFault.UNREADABLE
    junk = envelope.seal(b"{}", bundle.PAYLOAD_TYPE, KEY)
    assert bundle.open_manifest(junk, KEYS) is BundleFault.UNREADABLE
    assert bundle.open_manifest(bytes(100_000), KEYS) is BundleFault.TOO_LARGE


def test_every_flipped_bit_of_an_envelope_is_noticed():
    sealed = bundle.seal(MANIFEST, KEY)
    for place in range(0, len(sealed), 7):
        bent = bytearray(sealed)
        bent[place] ^= 1
        # A spare bit of base64 padding changes nothing; everything else is noticed.
        found = bundle.open_manifest(bytes(bent), KEYS)
        assert isinstance(found, BundleFault) or found == MANIFEST


TEXT, _ = packed([CONTENT], bundle.POLICY)
WHOLE, WHOLE_DATA = packed([RETURN])


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"previous": 4}, BundleFault.UNREADABLE),
        ({"number": 1 << 60}, BundleFault.UNREADABLE),
        ({"warn_after": NOW - timedelta(days=1)}, BundleFault.UNREADABLE),
        ({"issued": NOW.replace(tzinfo=None)}, BundleFault.UNREADABLE),
        ({"files": (TEXT,) * 201}, BundleFault.TOO_LARGE),
        ({"files": (TEXT, TEXT)}, BundleFault.NAMED_TWICE),
        ({"files": (WHOLE, WHOLE)}, BundleFault.NAMED_TWICE),
        ({"files": (msgspec.structs.replace(WHOLE, size=-1),)}, BundleFault.UNREADABLE),
        *(
            ({"files": (msgspec.structs.replace(WHOLE, name=name),)}, BundleFault.BAD_NAME)
            for name in ("../ledger", "/etc/passwd", "", "a" * 41, "policy\0", "POLICY")
        ),
        *(
            ({"files": (msgspec.structs.replace(WHOLE, sha256=sha),)}, BundleFault.BAD_NAME)
            for sha in ("../../ledger.db", "A" * 64, "0" * 63, "")
        ),
    ],
)
def test_a_signed_manifest_must_still_make_sense(changes, cause):
    sealed = bundle.seal(msgspec.structs.replace(MANIFEST, **changes), KEY)
    assert bundle.open_manifest(sealed, KEYS) is cause


def delta(base, at, size=10):
    return BundleFile(
        name="authorisations", kind="delta", base=base, at=at, size=size, sha256=f"{at:064x}"
    )


def test_a_kiosk_takes_the_deltas_that_lead_from_its_bundle_or_else_the_whole():
    whole = msgspec.structs.replace(WHOLE, kind="base", at=2, size=1000)
    manifest = named(TEXT, whole, delta(1, 2), delta(2, 3), delta(3, 4))
    assert bundle.plan(manifest, 3) == bundle.Plan(3, (delta(3, 4),))
    assert bundle.plan(manifest, 1) == bundle.Plan(1, (delta(1, 2), delta(2, 3), delta(3, 4)))
    for stranger in (0, 9):
        assert bundle.plan(manifest, stranger) == bundle.Plan(0, (whole, delta(2, 3), delta(3, 4)))


def test_the_whole_is_taken_where_it_is_the_smaller():
    manifest = named(TEXT, WHOLE, delta(3, 4, size=WHOLE.size + 1))
    assert bundle.plan(manifest, 3) == bundle.Plan(0, (WHOLE,))


@pytest.mark.parametrize(
    ("files", "cause"),
    [
        ((TEXT,), BundleFault.INCOMPLETE),
        ((delta(2, 3),), BundleFault.WRONG_BASE),
        ((delta(4, 3),), BundleFault.WRONG_BASE),
        ((delta(3, 5),), BundleFault.WRONG_BASE),
        ((WHOLE, delta(3, 3)), BundleFault.WRONG_BASE),
        ((msgspec.structs.replace(WHOLE, kind="base", at=2), delta(3, 4)), BundleFault.WRONG_BASE),
        ((msgspec.structs.replace(WHOLE, size=1 << 40),), BundleFault.TOO_LARGE),
        ((msgspec.structs.replace(WHOLE, unpacked=1 << 50),), BundleFault.BOMB),
        ((msgspec.structs.replace(WHOLE, rows=1 << 40),), BundleFault.BOMB),
    ],
)
def test_a_way_that_leads_nowhere_or_too_far_is_not_gone(files, cause):
    assert bundle.plan(named(*files), 1) is cause


def test_a_policy_file_that_is_too_large_is_not_fetched():
    assert bundle.find_policy(named(WHOLE)) is BundleFault.INCOMPLETE
    huge = msgspec.structs.replace(TEXT, size=1 << 40)
    assert bundle.find_policy(named(huge)) is BundleFault.TOO_LARGE


def bomb(data, **says):
    values = {"name": "authorisations", "size": len(data), "sha256": "0" * 64, **says}
    return BundleFile(**values), data


ROW = codec.encode(RETURN) + b"\n"


@pytest.mark.parametrize(
    ("data", "unpacked", "rows", "cause"),
    [
        pytest.param(b"junk", 4, 1, "unreadable", id="junk"),
        pytest.param(gzip.compress(ROW)[:-4], len(ROW), 1, "unreadable", id="cut"),
        pytest.param(gzip.compress(ROW) + b"x", len(ROW), 1, "unreadable", id="more"),
        pytest.param(gzip.compress(ROW), len(ROW), 2, "unreadable", id="a row short"),
        pytest.param(gzip.compress(ROW), len(ROW) + 1, 1, "unreadable", id="a byte short"),
        pytest.param(gzip.compress(ROW), len(ROW) - 1, 1, "bomb", id="a byte over"),
        pytest.param(gzip.compress(ROW), len(ROW), 0, "bomb", id="a row over"),
        pytest.param(gzip.compress(ROW[:-1]), len(ROW) - 1, 1, "unreadable", id="no line end"),
        pytest.param(gzip.compress(ROW * 2), 2 * len(ROW), 2, "unreadable", id="twice"),
        pytest.param(gzip.compress(b"{}\n"), 3, 1, "unreadable", id="no return"),
        pytest.param(gzip.compress(b"\xff\n"), 2, 1, "unreadable", id="no text"),
        pytest.param(gzip.compress(bytes(9 << 20)), 9 << 20, 1, "bomb", id="ratio"),
        pytest.param(gzip.compress(b"abcdefg " * 200_000), 1_600_000, 1, "bomb", id="long line"),
        pytest.param(gzip.compress(b"\n" * (1 << 20)), 1 << 20, 9, "bomb", id="many rows"),
    ],
)
def test_rows_are_read_within_bounds_or_not_at_all(data, unpacked, rows, cause):
    file, data = bomb(data, unpacked=unpacked, rows=rows)
    assert fault(lambda: read(file, data)) == cause


def test_a_policy_that_nests_too_deep_is_a_bomb():
    deep: object = 1
    for _ in range(40):
        deep = [deep]
    rules = {"m": ({"rule": "allow", "id": "all", "deep": deep},)}
    file, data = packed([dataclasses.replace(CONTENT, rules=rules)], bundle.POLICY)
    assert fault(lambda: bundle.read_policy(io.BytesIO(data), file, 4)) is BundleFault.BOMB
    text = b'{"rules":' + b"[" * 100_000 + b"\n"
    file, data = bomb(gzip.compress(text), name="policy", unpacked=len(text), rows=1)
    assert fault(lambda: bundle.read_policy(io.BytesIO(data), file, 4)) is BundleFault.BOMB


def test_a_policy_of_another_number_or_none_is_unreadable():
    file, data = packed([CONTENT], bundle.POLICY)
    assert fault(lambda: bundle.read_policy(io.BytesIO(data), file, 5)) is BundleFault.UNREADABLE
    file, data = packed([{"half": 1}], bundle.POLICY)
    assert fault(lambda: bundle.read_policy(io.BytesIO(data), file, 4)) is BundleFault.UNREADABLE


RETURN_IDS = st.sampled_from(["A", "B", "C", "Z", "a", "\u00e4", "\U0001f4e6"])
STEPS = st.lists(
    st.lists(st.tuples(RETURN_IDS, st.none() | st.integers(0, 3)), max_size=4), max_size=6
)


@given(STEPS)
def test_files_laid_over_each_other_say_what_happened_last(steps):
    held: dict[str, Authorisation] = {}
    sources = []
    for step in steps:
        told = {}
        for return_id, value in step:
            one = dataclasses.replace(RETURN, return_id=return_id, order_number=f"O{value}")
            if value is None:
                told[return_id] = Change(remove=return_id)
                held.pop(return_id, None)
            else:
                told[return_id] = Change(put=one)
                held[return_id] = one
        file, data = packed([told[key] for key in sorted(told)], kind="delta", at=1)
        sources.append(lines.changes(io.BytesIO(data), file))
    found = {c.return_id: c.put for c in lines.laid_over(sources)}
    assert {key: put for key, put in found.items() if put} == held
