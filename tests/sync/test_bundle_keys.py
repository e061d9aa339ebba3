"""Keys of bundles change, and kiosks follow from one to the next: by signatures alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.seal.keys import SigningKey
from sync.central import policy
from sync.central.policy import keyrings
from sync.central.tables import key_rings
from tests.sync.boxes import Box, rejected
from tests.sync.conftest import BUNDLE_KEY, TENANT

SECOND = SigningKey("bundle-2", bytes(range(1, 33)))
THIRD = SigningKey("bundle-3", bytes(range(2, 34)))
THIEF = SigningKey("thief", bytes(range(3, 35)))


@pytest.fixture
def database_url(on_sqlite):
    return on_sqlite


@pytest.fixture
def box(centre, clock, tmp_path):
    made = Box(centre, clock, tmp_path / "kiosk")
    publish(centre, BUNDLE_KEY)
    made.settle()
    yield made
    made.close()


def publish(centre, key):
    made = policy.publish(centre.database, centre.clock, TENANT, key)
    assert not isinstance(made, policy.NotPublished), made
    return made


def announce(centre, new, signer, **span):
    overlap = timedelta(**span) if span else keyrings.OVERLAP
    return keyrings.announce(centre.database, centre.clock, TENANT, new, signer, overlap)


def later(box, clock, **span):
    clock.advance(**(span or {"minutes": 7}))
    box.settle()


def test_in_the_overlap_both_keys_are_good_and_afterwards_only_the_new_one(box, centre, clock):
    announce(centre, SECOND, BUNDLE_KEY, days=2)
    publish(centre, BUNDLE_KEY)
    later(box, clock)
    assert box.store.policy.number == 2
    publish(centre, SECOND)
    later(box, clock)
    assert box.store.policy.number == 3
    publish(centre, BUNDLE_KEY)
    later(box, clock)
    assert box.store.policy.number == 4
    clock.advance(days=2)
    made = policy.publish(centre.database, clock, TENANT, BUNDLE_KEY)
    assert made == policy.NotPublished(("the key bundle-1 is not valid at this time",))
    publish(centre, SECOND)
    later(box, clock)
    assert box.store.policy.number == 5
    assert rejected(centre) == []


def test_a_kiosk_that_was_off_through_two_changes_finds_its_way(box, centre, clock):
    """Longer than both overlaps: the first key is no more when it comes back."""
    announce(centre, SECOND, BUNDLE_KEY, days=1)
    clock.advance(days=3)
    announce(centre, THIRD, SECOND, days=1)
    clock.advance(days=3)
    publish(centre, THIRD)
    assert box.store.policy.number == 1
    later(box, clock)
    assert box.store.policy.number == 2
    assert box.agent._pulling.trust.ring.version == 2
    assert set(box.agent._pulling.trust.keys()) == {"bundle-3"}
    assert rejected(centre) == []


def test_what_was_learned_outlives_a_restart(box, centre, clock):
    announce(centre, SECOND, BUNDLE_KEY)
    publish(centre, SECOND)
    later(box, clock)
    centre.database.write(lambda c: c.execute(key_rings.delete()))
    box.close()
    box.open()
    publish(centre, SECOND)
    later(box, clock)
    assert box.store.policy.number == 3


def test_a_ring_that_no_trusted_key_signed_is_worth_nothing(box, centre, clock):
    announce(centre, SECOND, BUNDLE_KEY)
    centre.database.write(lambda c: c.execute(key_rings.delete()))
    keyrings.pin(centre.database, TENANT, THIEF)
    announce(centre, THIEF, THIEF)
    publish(centre, THIEF)
    later(box, clock)
    assert box.store.policy.number == 1
    assert rejected(centre) == [(0, "unknown_key")]


def test_a_ring_of_another_tenant_or_an_older_one_is_worth_nothing(box, centre, clock):
    from sync.wire import codec, rings

    announce(centre, SECOND, BUNDLE_KEY)
    trust = box.agent._pulling.trust
    with centre.database.reading() as c:
        [first] = keyrings.envelopes(c, TENANT)
    ring = rings.open_ring(first, {BUNDLE_KEY.kid: BUNDLE_KEY.public})
    other = codec.decode(codec.encode(ring).replace(b'"acme"', b'"evil"'), type(ring))
    assert not trust.learn([rings.seal(other, (BUNDLE_KEY,))])
    assert trust.learn([first])
    assert not trust.learn([first])
    assert trust.ring.version == 1


def test_a_revoked_key_signs_nothing_any_more_and_never_comes_back(box, centre, clock):
    announce(centre, SECOND, BUNDLE_KEY)
    keyrings.revoke(centre.database, clock, TENANT, BUNDLE_KEY.kid, SECOND)
    later(box, clock, minutes=2)
    made = policy.publish(centre.database, clock, TENANT, BUNDLE_KEY)
    assert made == policy.NotPublished(("the key bundle-1 is revoked",))
    # Who stole it announces it again, with himself beside it.
    centre.database.write(lambda c: c.execute(key_rings.delete().where(key_rings.c.version > 9)))
    from sync.wire import rings
    from sync.wire.messages import BundleKey, KeyRing

    ring = KeyRing(
        tenant=TENANT,
        version=9,
        issued=clock.now(),
        keys=tuple(BundleKey(kid=k.kid, public=k.public.hex()) for k in (BUNDLE_KEY, THIEF)),
    )
    trust = box.agent._pulling.trust
    assert not trust.learn([rings.seal(ring, (BUNDLE_KEY,))])
    # Even where a good key were tricked into signing that, it stays revoked.
    assert trust.learn([rings.seal(ring, (SECOND,))])
    assert set(trust.keys()) == {"thief"}


def test_a_key_cannot_revoke_itself(box, centre, clock):
    with pytest.raises(ValueError, match="itself"):
        keyrings.revoke(centre.database, clock, TENANT, BUNDLE_KEY.kid, BUNDLE_KEY)


def test_a_kiosk_enrolled_after_the_changes_pins_todays_keys(centre, clock, tmp_path):
    announce(centre, SECOND, BUNDLE_KEY, days=1)
    keyrings.revoke(centre.database, clock, TENANT, BUNDLE_KEY.kid, SECOND)
    publish(centre, SECOND)
    made = Box(centre, clock, tmp_path / "kiosk")
    assert set(made.me.bundle_keys) == {"bundle-2"}
    made.settle()
    assert made.store.policy.number == 1
    assert made.agent._pulling.trust.ring.version == 2
    made.close()


def test_after_a_change_of_keys_the_deltas_go_on(box, centre, clock):
    """The new key builds upon what the old one signed, since the old one announced it."""
    announce(centre, SECOND, BUNDLE_KEY)
    made = publish(centre, SECOND)
    assert "delta" in {file.kind for file in made.files}
