"""A photograph that no accepted event at the centre names is offered ever more rarely and then set
aside; and it comes all the same once the centre waits for it."""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest

from kiosk.domain.events import PhotoFact
from kiosk.store.photos import ASIDE, WAITING
from sync.agent.client import Client, Refused
from sync.agent.unwanted import LONGEST_S, PATIENCE, Unwanted
from sync.central.audit import at_console
from sync.central.devices import revoke
from sync.central.tables import drops, photos
from sync.wire.messages import Problem

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40  # 10 kB
NAME = hashlib.sha256(JPEG).hexdigest()


@pytest.fixture
def drop(drop_of, files):
    """A drop that names a photograph, which is on the disk and promised."""
    files.promise([files.keep(JPEG)])
    return dataclasses.replace(drop_of("R1"), photos=(PhotoFact("L1", NAME, len(JPEG)),))


@pytest.fixture
def offered(clock, monkeypatch):
    """When it was offered, in monotonic seconds."""
    found: list[float] = []
    put = Client.put

    def counted(client, path, part):
        found.append(clock.monotonic())
        return put(client, path, part)

    monkeypatch.setattr(Client, "put", counted)
    return found


@pytest.fixture
def places(tmp_path):
    def look(place):
        folder = tmp_path / "kiosk" / "photos" / place
        return [path.name for path in folder.iterdir()] if folder.exists() else []

    return look


@pytest.fixture
def hours(box, clock):
    def pass_by(count, step=1):
        for _ in range(0, count, step):
            clock.advance(hours=step)
            box.settle()

    return pass_by


def came(centre):
    return [row["sha256"] for row in centre.rows(photos) if row["came_at"] is not None]


def test_it_is_offered_ever_more_rarely_and_then_set_aside(
    box, centre, drop, hours, offered, places, files
):
    revoke(centre.database, centre.clock, at_console("acme"), box.me.device_id, "lost")
    box.record(drop)
    box.settle()
    hours(150, 3)
    assert centre.rows(drops) == []
    assert len(offered) == PATIENCE
    waits = [b - a for a, b in pairwise(offered)]
    assert waits == sorted(waits)
    assert waits[0] >= 3600
    assert waits[-1] >= LONGEST_S
    assert (places(WAITING), places(ASIDE)) == ([], [NAME])
    assert files.read(NAME) == JPEG


def test_a_restart_does_not_begin_anew(box, centre, drop, offered, places):
    revoke(centre.database, centre.clock, at_console("acme"), box.me.device_id, "lost")
    box.record(drop)
    box.settle()
    for _ in range(PATIENCE - 1):
        assert places(WAITING) == [NAME]
        box.close()
        box.open()
        box.settle()
    assert len(offered) == PATIENCE
    assert places(ASIDE) == [NAME]


def test_it_comes_all_the_same_once_the_centre_waits_for_it(box, centre, drop, hours, places):
    box.record(dataclasses.replace(drop, photos=()))
    box.settle()
    hours(150, 5)
    assert places(ASIDE) == [NAME]
    box.record(dataclasses.replace(drop, drop_id="another", drop_number="K1-000009-X"))
    box.settle()
    hours(2)
    assert came(centre) == [NAME]
    assert places(ASIDE) == places(WAITING) == []


def test_one_that_rests_goes_with_the_next_heartbeat_after_its_event(
    box, centre, drop, hours, offered, places
):
    box.settle()
    hours(10)  # the wait is hours by now
    assert places(WAITING) == [NAME]
    before = len(offered)
    box.record(drop)
    box.settle()
    hours(1)
    assert came(centre) == [NAME]
    assert len(offered) == before + 1


def test_one_that_something_on_the_way_refuses_is_never_set_aside(
    box, centre, drop, hours, places, monkeypatch
):
    asked = []

    def refuse(*_given):
        asked.append(1)
        return Refused(413, Problem(kind=""))

    with monkeypatch.context() as patch:
        patch.setattr(Client, "put", refuse)
        box.record(drop)
        box.settle()
        hours(240, 8)
        assert PATIENCE < len(asked) < 24
        assert places(WAITING) == [NAME]
    hours(25, 5)
    assert came(centre) == [NAME]


def test_set_aside_it_goes_in_the_same_time_as_one_that_was_sent(clock, files, drop):
    now = clock.now()
    files.set_aside(NAME, now)
    assert drop.photos[0].sha256 == NAME
    assert files.prune(now + timedelta(days=29)) == 0
    assert files.prune(now + timedelta(days=31)) == 1
    assert files.read(NAME) is None


def test_no_wait_is_longer_than_a_day_and_what_is_gone_is_forgotten():
    unwanted = Unwanted(3600.0, None)
    for _ in range(3000):
        unwanted.refused("a", ["a"])
    assert unwanted.patience("a") == LONGEST_S
    assert unwanted.refused("b", ["b"]) == 1
    assert unwanted.refused("a", ["a", "b"]) == 1
