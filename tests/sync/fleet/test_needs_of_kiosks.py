"""Which kiosks need somebody, and who comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.ports import Trouble
from kiosk.words import languages, words
from sync.central.fleet import needs
from sync.central.fleet.needs import Need
from sync.central.pages.fleet_words import FleetWords

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


def ago(**span):
    return NOW - timedelta(**span)


def kiosk(**changes):
    return {
        "state": "enrolled",
        "last_seen_at": ago(seconds=40),
        "troubles": "",
        "queued": 0,
        "oldest_queued_s": 0,
        "clock_offset_ms": 300,
        "disk_free_mb": 4000,
        **changes,
    }


def test_a_kiosk_that_is_well_needs_nobody():
    assert needs.of(kiosk(), NOW, None) == ()
    assert needs.level(()) == "good"


@pytest.mark.parametrize(
    ("changes", "found", "level"),
    [
        ({"last_seen_at": ago(minutes=4)}, (Need.SILENT,), "bad"),
        ({"last_seen_at": None}, (Need.NEVER,), "care"),
        ({"troubles": "paper_out"}, (Need.TROUBLE,), "care"),
        ({"troubles": "policy_expired"}, (Need.STOPPED,), "bad"),
        ({"troubles": "paper_out store_failed"}, (Need.STOPPED, Need.TROUBLE), "bad"),
        ({"troubles": "of_a_newer_kiosk"}, (Need.TROUBLE,), "care"),
        ({"troubles": "offline"}, (), "good"),
        ({"queued": 3, "oldest_queued_s": 1200}, (Need.QUEUE,), "care"),
        ({"queued": 3, "oldest_queued_s": 60}, (), "good"),
        ({"queued": 3, "oldest_queued_s": 1 << 53}, (), "good"),
        ({"clock_offset_ms": -5000}, (Need.CLOCK,), "care"),
        ({"disk_free_mb": 200}, (Need.DISK,), "care"),
        ({"disk_free_mb": -1}, (), "good"),
        ({"state": "revoked", "troubles": "revoked", "last_seen_at": None}, (), "good"),
    ],
)
def test_what_a_kiosk_tells_becomes_a_need(changes, found, level):
    told = needs.of(kiosk(**changes), NOW, None)
    assert told == found
    assert needs.level(told) == level


def test_a_bundle_of_just_now_is_no_need_yet():
    assert needs.of(kiosk(), NOW, ago(minutes=5)) == ()
    assert needs.of(kiosk(), NOW, ago(minutes=31)) == (Need.POLICY,)


def test_a_silent_kiosks_old_troubles_are_not_told_as_new_ones():
    old = kiosk(last_seen_at=ago(hours=3), troubles="policy_missing paper_out")
    assert needs.of(old, NOW, None) == (Need.SILENT,)


def test_whoever_serves_nobody_comes_first():
    ranked = [(need,) for need in Need]
    assert sorted(ranked, key=needs.rank) == ranked
    assert needs.rank(()) == needs.WELL


@pytest.mark.parametrize("language", languages())
def test_every_need_and_every_trouble_has_a_sentence(language):
    told = FleetWords(words(language), NOW)
    joined = " ".join(trouble.value for trouble in Trouble)
    row = kiosk(
        troubles=joined,
        needs=tuple(Need),
        queued=3,
        waiting_since=ago(hours=2),
        behind_since=ago(days=1),
    )
    said = told.needs(row)
    assert len(said) >= len(Trouble) + len(Need) - 2
    assert all(one and "_" not in one for one in said)
