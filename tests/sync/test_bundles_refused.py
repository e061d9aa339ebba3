"""Every bundle that must not come into force, offered by a real centre to a whole kiosk: refused
for its very cause, recorded once, and the bundle before it goes on serving."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import timedelta

import msgspec
import pytest

from kiosk.seal.keys import SigningKey
from sync.central.policy import keyrings, packing
from sync.wire import rings
from sync.wire.lines import Change
from sync.wire.messages import BundleFile, BundleKey, KeyRing
from tests.sync.boxes import Box, publish, rejected
from tests.sync.conftest import BUNDLE_KEY, authorisation
from tests.sync.forging import Forger

STRANGER = SigningKey("stranger", bytes(32))
IMPOSTOR = SigningKey("bundle-1", bytes(32))
NEXT_KEY = SigningKey("bundle-2", bytes(range(1, 33)))


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def box(centre, clock, tmp_path, authorised):
    """Bundle 2 is in force in it."""
    made = Box(centre, clock, tmp_path / "kiosk")
    authorised("R1")
    publish(centre)
    publish(centre)
    made.settle()
    assert made.store.policy.number == 2
    yield made
    made.close()


def tampered(forger):
    told = json.loads(forger.envelope_of(2))
    payload = base64.b64decode(told["payload"]).replace(b'"number":2', b'"number":3')
    told["payload"] = base64.b64encode(payload).decode()
    forger.put(json.dumps(told).encode())


def truncated(forger):
    forger.put(forger.envelope_of(2)[:-20])


def tampered_signature(forger):
    told = json.loads(forger.envelope_of(2))
    first = told["signatures"][0]
    first["sig"] = base64.b64encode(bytes(64)).decode()
    forger.put(json.dumps(told).encode())


def something_else_that_was_signed(forger):
    now = forger.centre.clock.now()
    key = BundleKey(kid=BUNDLE_KEY.kid, public=BUNDLE_KEY.public.hex())
    ring = KeyRing(tenant="acme", version=9, issued=now, keys=(key,))
    forger.put(rings.seal(ring, (BUNDLE_KEY,)))


def not_json(forger):
    forger.put(b"[" * 60_000)


def replayed(forger):
    forger.put(forger.envelope_of(1))


def rolled_back(forger):
    """Signed anew, today, with yesterday's number: a centre restored from its backup."""
    forger.plant(number=1, previous=0)


def number_reused(forger):
    forger.plant(number=2, previous=1)


def of_another_tenant(forger):
    forger.plant(tenant="somebody else")


def for_another_kiosk(forger):
    forger.plant(scope="device/another")


def expired(forger):
    hour = timedelta(hours=1)
    now = forger.centre.clock.now()
    forger.plant(issued=now - 9 * hour, warn_after=now - 2 * hour, accept_until=now - hour)


def issued_in_the_future(forger):
    now = forger.centre.clock.now()
    day = timedelta(days=1)
    forger.plant(issued=now + day, warn_after=now + 2 * day, accept_until=now + 3 * day)


def for_newer_clients(forger):
    forger.plant(min_client="1.2.4")


def by_an_unknown_key(forger):
    forger.key = STRANGER
    forger.plant()


def by_an_impostor(forger):
    forger.key = IMPOSTOR
    forger.plant()


def by_a_revoked_key(forger):
    centre = forger.centre
    keyrings.announce(centre.database, centre.clock, "acme", NEXT_KEY, BUNDLE_KEY)
    keyrings.revoke(centre.database, centre.clock, "acme", BUNDLE_KEY.kid, NEXT_KEY)
    forger.heard()
    forger.plant()


def by_a_retired_key(forger):
    centre = forger.centre
    keyrings.announce(
        centre.database, centre.clock, "acme", NEXT_KEY, BUNDLE_KEY, timedelta(minutes=1)
    )
    forger.heard()
    forger.plant()


def gzip_bomb(forger):
    text = b'{"return_id":"' + b"0" * (64 << 20)
    forger.plant(forger.policy(), forger.raw(text))


def lying_about_its_size(forger):
    rows = b"\n".join(b'{"x":%d}' % n for n in range(20_000)) + b"\n"
    forger.plant(forger.policy(), forger.raw(rows, unpacked=1000, rows=20_000))


def more_rows_than_said(forger):
    whole = forger.whole(authorisation("R1"), authorisation("R2"))
    forger.plant(forger.policy(), msgspec.structs.replace(whole, rows=1))


def nested_too_deep(forger):
    rule = json.loads("[" * 200 + "]" * 200)
    forger.plant(forger.policy(rules={"m": [{"rule": "allow", "deep": rule}]}), forger.whole())


def a_bomb_in_a_receipts_texts(forger):
    text = b'{"looks":{"linden":{"receipt":{"header":{"en":["' + b"A" * (64 << 20)
    forger.plant(forger.raw(text, "policy"), forger.whole())


def texts_beyond_any_policy(forger):
    """Packed so little that its ratio is no bomb's, and larger than a policy may ever be."""
    huge = BundleFile(name="policy", size=4 << 20, sha256="0" * 64, unpacked=9 << 20, rows=1)
    forger.plant(huge, forger.whole())


def a_look_nested_too_deep(forger):
    deep = json.loads('{"x":' * 200 + "1" + "}" * 200)
    forger.plant(forger.policy(looks={"linden": deep}), forger.whole())


def a_file_cut_short(forger):
    text = b"".join(b'{"x":%d}\n' % (n * n) for n in range(500))
    packed = gzip.compress(text)[:-9]
    forger.plant(forger.policy(), forger.bytes(packed, unpacked=len(text), rows=500))


def nested_beyond_reading(forger):
    text = b'{"rules":' + b"[" * 500_000
    forger.plant(forger.raw(text, "policy"), forger.whole())


def named_twice(forger):
    forger.plant(forger.policy(), forger.whole(), forger.whole(authorisation("R9")))


def path_trick(forger):
    forger.plant(forger.policy(), msgspec.structs.replace(forger.whole(), name="../ledger.db"))


def hash_that_is_a_path(forger):
    forger.plant(forger.policy(), msgspec.structs.replace(forger.whole(), sha256="../../x"))


def no_policy_file(forger):
    forger.plant(forger.whole())


def no_authorisations(forger):
    forger.plant(forger.policy())


def not_gzip(forger):
    forger.plant(forger.policy(), forger.bytes(b"plain text", unpacked=10, rows=1))


def rows_that_are_no_returns(forger):
    forger.plant(forger.policy(), forger.file([{"hello": 1}]))


def a_return_twice(forger):
    forger.plant(forger.policy(), forger.whole(authorisation("R1"), authorisation("R1")))


def another_bundles_policy(forger):
    forger.plant(forger.policy(number=2), forger.whole())


def delta_on_another_base(forger):
    forger.plant(forger.policy(), forger.delta(1, 3, Change(remove="R1")))


def too_large_to_fetch(forger):
    huge = BundleFile(name="authorisations", size=1 << 50, sha256="0" * 64, rows=1, unpacked=1)
    forger.plant(forger.policy(), huge)


def too_large_an_envelope(forger):
    forger.put(json.dumps({"payload": "A" * 70_000, "payloadType": "", "signatures": []}).encode())


def other_bytes_than_hashed(forger):
    forger.plant(forger.policy(), forger.bytes(b"what is that", sha256="0" * 64, unpacked=9))


REFUSED = [
    (tampered, "bad_signature", 0),
    (truncated, "unreadable", 0),
    (tampered_signature, "bad_signature", 0),
    (something_else_that_was_signed, "unreadable", 0),
    (not_json, "unreadable", 0),
    (replayed, "rollback", 1),
    (rolled_back, "rollback", 1),
    (number_reused, "number_reused", 2),
    (of_another_tenant, "wrong_tenant", 3),
    (for_another_kiosk, "wrong_scope", 3),
    (expired, "expired", 3),
    (issued_in_the_future, "from_the_future", 3),
    (for_newer_clients, "client_too_old", 3),
    (by_an_unknown_key, "unknown_key", 0),
    (by_an_impostor, "bad_signature", 0),
    (by_a_revoked_key, "revoked_key", 0),
    (by_a_retired_key, "key_not_valid", 3),
    (gzip_bomb, "bomb", 3),
    (lying_about_its_size, "bomb", 3),
    (more_rows_than_said, "bomb", 3),
    (nested_too_deep, "bomb", 3),
    (nested_beyond_reading, "bomb", 3),
    (a_bomb_in_a_receipts_texts, "bomb", 3),
    (texts_beyond_any_policy, "bomb", 3),
    (a_look_nested_too_deep, "bomb", 3),
    (a_file_cut_short, "unreadable", 3),
    (named_twice, "named_twice", 0),
    (path_trick, "bad_name", 0),
    (hash_that_is_a_path, "bad_name", 0),
    (no_policy_file, "incomplete", 3),
    (no_authorisations, "incomplete", 3),
    (not_gzip, "unreadable", 3),
    (rows_that_are_no_returns, "unreadable", 3),
    (a_return_twice, "unreadable", 3),
    (another_bundles_policy, "unreadable", 3),
    (delta_on_another_base, "wrong_base", 3),
    (too_large_to_fetch, "too_large", 3),
    (too_large_an_envelope, "too_large", 0),
    (other_bytes_than_hashed, "wrong_hash", 3),
]


@pytest.mark.parametrize(
    ("forge", "cause", "number"), [pytest.param(*row, id=row[0].__name__) for row in REFUSED]
)
def test_refused_recorded_once_and_the_old_one_serves(box, centre, clock, forge, cause, number):
    def heard():
        clock.advance(minutes=2)
        box.settle()

    forge(Forger(centre, heard=heard))
    for _ in range(3):
        clock.advance(minutes=7)
        box.settle()
    assert rejected(centre) == [(number, cause)]
    assert box.store.policy.current().number == 2
    assert box.store.policy.current().find_return("R1") is not None
    assert box.agent.state.online


def test_after_a_refusal_the_next_good_bundle_is_taken(box, centre, clock):
    by_an_unknown_key(Forger(centre))
    clock.advance(minutes=7)
    box.settle()
    assert rejected(centre) == [(0, "unknown_key")]
    publish(centre)
    clock.advance(minutes=7)
    box.settle()
    assert box.store.policy.current().number == 4
    assert box.store.policy.current().find_return("R1") is not None


def test_a_bundle_for_this_kiosk_alone_is_taken(box, centre, clock):
    Forger(centre).plant(scope=f"device/{box.me.device_id}")
    clock.advance(minutes=7)
    box.settle()
    assert box.store.policy.current().number == 3


def test_a_delta_that_cannot_be_read_is_refused_and_the_whole_is_taken(box, centre, clock):
    forger = Forger(centre)
    broken = forger.file([{"hello": 1}], kind="delta", base=2, at=3)
    whole = forger.whole(*(authorisation(f"R{n}") for n in range(5)))
    assert broken.size < whole.size
    forger.plant(forger.policy(), whole, broken)
    clock.advance(minutes=7)
    box.settle()
    assert rejected(centre) == [(3, "unreadable")]
    assert box.store.policy.current().number == 3
    assert box.store.policy.current().find_return("R4") is not None


def test_causes_that_take_turns_are_not_told_anew_each_time(box, centre, clock):
    for number in (3, 4, 5, 6):
        forger = Forger(centre, number)
        forger.put((forger.envelope_of(2)[:-20], b"x" * 70_000)[number % 2])
        clock.advance(minutes=7)
        box.settle()
    assert rejected(centre) == [(0, "too_large"), (0, "unreadable")]


def test_a_refusal_is_not_told_again_after_a_restart(box, centre, clock):
    for_another_kiosk(Forger(centre))
    for _ in range(2):
        clock.advance(minutes=7)
        box.settle()
        box.close()
        box.open()
    assert rejected(centre) == [(3, "wrong_scope")]


def test_bad_files_are_not_fetched_over_and_over(box, centre, clock, monkeypatch):
    asked = []
    real = packing.find
    monkeypatch.setattr(packing, "find", lambda *told: asked.append(told[2]) or real(*told))
    rows_that_are_no_returns(Forger(centre))
    for _ in range(4):
        clock.advance(minutes=7)
        box.settle()
    assert rejected(centre) == [(3, "unreadable")]
    assert len(asked) == len(set(asked)) == 2


def test_every_kind_of_bad_bundle_that_the_design_names_is_among_them():
    """Tampered, truncated, replayed, rolled back, for another kiosk, expired, of the future, a
    bomb: each with the cause that the record tells it by."""
    causes = {forge.__name__: cause for forge, cause, _ in REFUSED}
    assert {
        "tampered": "bad_signature",
        "truncated": "unreadable",
        "replayed": "rollback",
        "rolled_back": "rollback",
        "for_another_kiosk": "wrong_scope",
        "expired": "expired",
        "issued_in_the_future": "from_the_future",
        "gzip_bomb": "bomb",
        "a_bomb_in_a_receipts_texts": "bomb",
    }.items() <= causes.items()


def test_a_power_cut_before_the_manifest_was_remembered_is_no_refusal(box, centre, clock):
    """What is kept of the bundle before says nothing about this one, which is then remembered."""
    kept = {name: box.store.meta.get(name) for name in ("policy.digest", "policy.etag")}
    publish(centre)
    clock.advance(minutes=7)
    box.settle()
    assert box.store.policy.number == 3
    for name, value in kept.items():  # as the disk is when the power goes at that moment
        box.store.meta.set(name, value)
    for _ in range(2):
        clock.advance(minutes=7)
        box.settle()
    assert rejected(centre) == []
    assert box.store.meta.get("policy.digest").startswith("3 ")
