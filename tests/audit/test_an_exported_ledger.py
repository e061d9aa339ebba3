"""What an exported ledger proves, and by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.audit import Broken, Given, Proven, check
from kiosk.domain import link_code
from kiosk.domain.events import GapFact, StoreRecovered
from kiosk.seal.keys import SigningKey
from tests.audit.conftest import CENTRE, DEVICE

STRANGER = SigningKey("bundle-1", bytes(range(100, 132)))


@pytest.fixture
def told(kiosk):
    """Two days that the centre swore to, and three events since."""
    kiosk.tell(4)
    kiosk.swear()
    kiosk.tell(2)
    kiosk.swear()
    kiosk.tell(3)
    return kiosk


def proven(lines, *args) -> Proven:
    found = check(lines, *args)
    assert isinstance(found, Proven), found
    return found


def kinds(found: Proven) -> list[str]:
    return [note.kind for note in found.notes]


def test_it_says_how_far_the_centre_has_sworn(told, second):
    found = proven(told.lines())
    assert (found.events, found.anchors, found.sealed) == (9, 2, True)
    assert found.vouched is not None
    assert (found.vouched.sequence, found.vouched.after) == (6, 3)
    assert found.notes == ()
    assert second.check(told.lines()) == ""


def test_it_says_which_keys_it_trusted_and_why(told):
    given = Given(frozenset({DEVICE.public}), frozenset({CENTRE.public}))
    for keys, why in ((Given(), "contained"), (given, "given")):
        found = proven(told.lines(), keys)
        assert [(key.role, key.why, key.used) for key in found.keys] == [
            ("device", why, 1),
            ("centre", why, 2),
        ]


def test_a_whole_file_made_anew_is_not_the_kiosks(told, second):
    forged = told.lines(SigningKey("device-1", STRANGER.private))
    assert isinstance(check(forged), Proven)  # only a key from elsewhere can tell
    found = check(forged, Given(device=frozenset({DEVICE.public})))
    assert isinstance(found, Broken)
    assert "key that was given" in found.why
    assert second.check(forged, frozenset({DEVICE.public.hex()}))


def test_anchors_of_a_key_that_was_not_given_count_for_nothing(told):
    found = proven(told.lines(), Given(centre=frozenset({STRANGER.public})))
    assert (found.anchors, found.vouched, kinds(found)) == (0, None, ["key-not-given"])


def test_keys_that_followed_each_other(told):
    new = SigningKey("bundle-2", STRANGER.private)
    told.swear(new)
    found = proven(told.lines(), Given(centre=frozenset({CENTRE.public, new.public})))
    assert found.anchors == 3
    assert found.vouched.after == 0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"link": "ab" * 32}, "swears to another event"),
        ({"sequence": 99}, "which is missing here"),
        ({"device": "device-2"}, "another kiosk"),
    ],
)
def test_an_anchor_of_another_history_breaks_it(told, changes, why, second):
    told.swear(**changes)
    lines = told.lines()
    found = check(lines)
    assert isinstance(found, Broken)
    assert why in found.why
    assert second.check(lines)


def test_a_shortened_history_is_held_by_its_anchors(told, second):
    told.store.outbox.prune(told.clock.now() + timedelta(days=28, hours=12))
    lines = told.lines()
    found = proven(lines)
    assert (found.events, found.anchors, kinds(found)) == (5, 2, ["shortened"])
    assert found.vouched.sequence == 6
    assert second.check(lines) == ""
    told.store.outbox.prune(told.clock.now() + timedelta(days=40))
    assert proven(told.lines()).vouched.after == 3
    assert second.check(told.lines()) == ""


def test_a_beginning_cut_off_is_told_by_the_anchor_behind_it(told):
    """Whoever cuts off the beginning and swears anew cannot change what stays."""
    told.store.outbox.prune(told.clock.now() + timedelta(days=28, hours=12))
    lines = told.lines()
    base = next(n for n, line in enumerate(lines) if b'"kind":"chain"' in line)
    lines[base] = lines[base].replace(b'"base_chain":"', b'"base_chain":"0')
    assert isinstance(check(lines), Broken)


def test_forks_gaps_and_clocks_are_told(told, second):
    told.store.outbox.new_epoch()
    told.clock.advance(days=-2)
    gap = GapFact("e", 3, 4)
    told.store.record(StoreRecovered("corrupt", 9, 0, 2, (gap,), 1, 0, 0), "kiosk")
    lines = told.lines()
    found = proven(lines)
    assert kinds(found) == ["forked", "clock-back", "gap"]
    assert found.notes[2].what.endswith("2 events could not be read again")
    assert found.vouched is None  # nobody has sworn to the new chain yet
    assert second.check(lines) == ""


def test_what_nothing_is_left_of_is_still_sworn_to(kiosk, second):
    kiosk.tell(2)
    kiosk.swear()
    kiosk.tell(1)
    kiosk.swear(epoch="an older disk's")
    lines = kiosk.lines()
    assert kinds(proven(lines)) == ["witness"]
    assert second.check(lines) == ""


@pytest.mark.parametrize(
    "change", ["signature = 'x'", "public_key = 'junk'", "chain = '00'", "sequence = 2"]
)
def test_an_anchor_that_a_disk_has_changed_is_no_oath_any_more(told, change):
    with told.store._database.transaction() as connection:
        connection.exec_driver_sql(f"UPDATE anchors SET {change} WHERE sequence = 6")
    found = proven(told.lines())
    assert (found.anchors, found.vouched.sequence) == (1, 4)


def test_a_receipt_points_at_its_event(told):
    batch = told.store.outbox.next_batch(500, 1 << 30)
    at = told.store.outbox.at(batch.epoch, 5)
    for code in (link_code.spell(at.events[0].chain), at.events[0].chain):
        where = proven(told.lines(), None, code).receipt
        assert (where.sequence, where.subject) == (5, "p")
        assert where.vouched.startswith("2026-05-05")
    last = batch.events[-1].chain
    assert proven(told.lines(), None, last).receipt.vouched == ""
    assert proven(told.lines(), None, link_code.spell("ab" * 32)).receipt is None


def test_a_kiosk_that_was_never_enrolled_signs_nothing(kiosk, second):
    kiosk.tell(2)
    found = proven(kiosk.lines(None))
    assert (found.device_id, found.sealed, kinds(found)) == ("", False, ["unsigned"])
    assert second.check(kiosk.lines(None)) == ""
    assert isinstance(check(kiosk.lines(None), Given(frozenset({DEVICE.public}))), Broken)
