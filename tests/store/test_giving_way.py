"""What loads in the background rests while somebody is in front, and syncs little by little."""

from __future__ import annotations

import errno
import os
import threading

import pytest

from kiosk.store import StoreCause, StoreFailed, giving_way, policy_writing
from kiosk.store.giving_way import Portions, Way, copied


@pytest.fixture
def small(monkeypatch):
    """Portions of a few pages, so that a small bundle has many."""
    monkeypatch.setattr(giving_way, "PORTION", 16 << 10)
    monkeypatch.setattr(giving_way, "STEPS", 500)
    monkeypatch.setattr(policy_writing, "CHUNK", 20)
    monkeypatch.setattr(policy_writing, "CACHE_KIB", 64)


@pytest.fixture
def grown(monkeypatch):
    """By how many bytes each file had grown when it was synced."""
    before, found = {}, []
    for name in ("fsync", "fdatasync"):
        real = getattr(os, name)

        def watched(fd, real=real):
            told = os.fstat(fd)
            found.append(told.st_size - before.get(told.st_ino, 0))
            before[told.st_ino] = told.st_size
            return real(fd)

        monkeypatch.setattr(os, name, watched)
    return found


def returns(make, count, order=iter):
    return order([make(number) for number in range(count)])


def test_a_load_rests_between_two_rows_while_somebody_is_in_front(
    shelf, store, make_authorisation, monkeypatch
):
    monkeypatch.setattr(giving_way, "LONGEST_S", 60.0)
    drawn, rests = [], threading.Event()

    class Free(threading.Event):
        def wait(self, timeout=None):
            rests.set()
            return super().wait(timeout)

    def rows():
        for number in range(200):
            drawn.append(number)
            yield make_authorisation(number)

    monkeypatch.setattr(store._way, "_free", Free())

    with store.in_front():
        load = threading.Thread(target=lambda: shelf.install(store, 1, authorisations=rows()))
        load.start()
        with store.in_front():
            assert rests.wait(20)
        # Who is in front may come in twice, and is there until the last has gone.
        assert drawn == [0], "a row was taken while somebody was in front"
        assert store.policy.number == 0
    load.join(20)
    assert len(drawn) == 200
    assert store.policy.number == 1


def test_nobody_in_front_can_keep_the_rules_out_for_ever(
    shelf, store, make_authorisation, monkeypatch
):
    monkeypatch.setattr(giving_way, "LONGEST_S", 0.01)
    with store.in_front():
        shelf.install(store, 1, authorisations=returns(make_authorisation, 50))
    assert store.policy.number == 1


def test_the_next_in_front_is_given_way_again(monkeypatch):
    monkeypatch.setattr(giving_way, "LONGEST_S", 0.01)
    way = Way()
    with way.taken():
        way.give()
        assert way._free.is_set(), "it took too long"
    with way.taken():
        assert not way._free.is_set()
    assert way._free.is_set()


@pytest.mark.parametrize("how", ["whole", "layer", "merge"])
def test_no_sync_has_much_to_do(shelf, store, make_authorisation, small, grown, how):
    shelf.install(store, 1, authorisations=returns(make_authorisation, 400))
    if how != "whole":
        shelf.apply(store, 2, puts=returns(make_authorisation, 300, reversed))
        grown.clear()
        shelf.apply(store, 3, puts=returns(make_authorisation, 400, reversed), removes=["R-0"])
    if how == "merge":
        grown.clear()
        assert store.policy.merge()
    size = (shelf.directory / f"policy-{store.policy.number}.db").stat().st_size
    assert len(grown) > 4
    assert max(grown) < size / 2, "one sync had to put away most of the file"
    assert store.policy.current().find_return("R-7") == make_authorisation(7)


def test_a_disk_that_fails_in_the_middle_of_an_index_leaves_the_old_rules(
    shelf, store, make_authorisation, small, monkeypatch
):
    shelf.install(store, 1, make_authorisation(1))
    real = Portions._look
    looks = []

    def broken(_fd):
        raise OSError(errno.EIO, "Input/output error")

    def look(self):
        looks.append(1)
        monkeypatch.setattr(os, "fdatasync", broken)
        monkeypatch.setattr(giving_way, "PORTION", 0)
        return real(self)

    monkeypatch.setattr(Portions, "_look", look)
    with pytest.raises(StoreFailed) as failed:
        shelf.install(store, 2, authorisations=returns(make_authorisation, 100))
    assert looks
    assert failed.value.cause is StoreCause.IO
    assert store.policy.number == 1
    assert [path.name for path in shelf.directory.glob("policy-*")] == ["policy-1.db"]


def test_a_copy_is_the_same_and_its_owners_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(giving_way, "PORTION", 1000)
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_bytes(bytes(range(256)) * 40)
    copied(old, new, Way())
    assert new.read_bytes() == old.read_bytes()
    assert new.stat().st_mode & 0o777 == 0o600
