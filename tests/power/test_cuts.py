"""What a disk may hold after a cut: no more, no less."""

from __future__ import annotations

from pathlib import Path

from tests.power.cuts import State, cuts, states
from tests.power.disk import ROOT, Recording, Rename, Resize, Sync, Told, Write

OLD, NEW = Path("old"), Path("new")


def disks(*deeds, seeds: int = 0, names=None, content=None) -> list[State]:
    names = {(ROOT, "old"): 1} if names is None else names
    recording = Recording(names, content or {1: b"old!"}, frozenset({ROOT}), deeds)
    return list(states(recording, cuts(recording, seeds)))


def contents(found: list[State], path: Path = OLD) -> set[bytes | None]:
    return {state.files.get(path) for state in found}


def test_before_a_sync_a_write_is_there_or_not_and_after_it_is_there() -> None:
    found = disks(Write(1, 0, b"new!"), Sync(1, 1), Told("done"))
    assert contents(found) == {b"old!", b"new!"}
    assert contents([state for state in found if state.told]) == {b"new!"}


def test_what_was_told_in_a_span_is_told_of_every_disk_of_it() -> None:
    """The power may go late, with nothing of a whole span on the disk."""
    found = disks(Write(1, 0, b"new!"), Told("done"), Sync(1, 2))
    assert contents([state for state in found if state.told]) == {b"old!", b"new!"}


def test_writes_come_in_order_and_the_last_is_torn_at_sectors() -> None:
    found = disks(
        Write(1, 0, b"1" * 1024), Write(1, 1024 - 24, b"2" * 600), content={1: b"0" * 2048}
    )
    kinds = {content.rstrip(b"0") for content in contents(found) if content is not None}
    assert kinds == {
        b"",
        b"1" * 512,
        b"1" * 1024,
        b"1" * 1000 + b"2" * 24,
        b"1" * 1000 + b"2" * 536,
        b"1" * 1000 + b"2" * 600,
    }


def test_by_chance_each_sector_has_any_of_its_versions() -> None:
    writes = [Write(1, 0, digit * 1024) for digit in (b"1", b"2")]
    found = disks(*writes, seeds=200, content={1: b"0" * 1024})
    sectors = {(content[0], content[512]) for content in contents(found) if content}
    assert sectors == {(one, two) for one in b"012" for two in b"012"}
    assert all(
        len(set(content[:512])) == len(set(content[512:])) == 1
        for content in contents(found)
        if content
    )


def test_by_chance_a_file_has_any_of_its_sizes() -> None:
    found = disks(Resize(1, 0), Write(1, 0, b"a"), Resize(1, 9), seeds=100)
    assert {len(content or b"") for content in contents(found)} >= {0, 1, 4, 9}


def test_a_name_is_there_once_its_directory_was_synced() -> None:
    make = Rename(((ROOT, "new", 2),))
    found = disks(make, Write(2, 0, b"new!"), Sync(2, 2), Told("file"), Sync(ROOT, 4), Told("all"))
    assert contents([s for s in found if s.told == ("file",)], NEW) == {b"new!", None}
    assert contents([s for s in found if s.told == ("file", "all")], NEW) == {b"new!"}
    assert b"" in contents(found, NEW), "a name without its content was not tried"


def test_a_file_that_took_anothers_name_without_a_sync_may_be_empty() -> None:
    deeds = (
        Rename(((ROOT, "new", 2),)),
        Write(2, 0, b"new!"),
        Rename(((ROOT, "new", None), (ROOT, "old", 2))),
    )
    assert contents(disks(*deeds)) == {b"old!", b"new!", b""}
    synced = (*deeds[:2], Sync(2, 2), deeds[2])
    assert b"" not in contents([s for s in disks(*synced) if s.cut.span == 3])


def test_a_removed_file_may_come_back() -> None:
    found = disks(Rename(((ROOT, "old", None),)), Sync(1, 1))
    assert contents(found) == {b"old!", None}
    found = disks(Rename(((ROOT, "old", None),)), Sync(ROOT, 1), Told("gone"))
    assert contents([state for state in found if state.told]) == {None}


def test_what_a_sync_did_not_cover_stays_open() -> None:
    """Older writes to another file may be lost with any of the newer ones."""
    found = disks(
        Write(2, 0, b"lost"),
        Write(1, 0, b"new!"),
        Sync(1, 2),
        Write(1, 0, b"more"),
        names={(ROOT, "old"): 1, (ROOT, "new"): 2},
        content={1: b"old!", 2: b"...."},
    )
    pairs = {(state.files[OLD], state.files[NEW]) for state in found if state.cut.span}
    assert pairs == {(old, new) for old in (b"new!", b"more") for new in (b"....", b"lost")}


def test_shared_memory_may_hold_anything() -> None:
    """And no disk is made of it twice: the same cut gives the same bytes."""
    names = {(ROOT, "old"): 1, (ROOT, "old-shm"): 2}
    content = {1: b"old!", 2: b"\0" * 1024}
    first, again = (disks(Write(1, 0, b"new!"), names=names, content=content) for _ in range(2))
    memory = contents(first, Path("old-shm"))
    assert len(memory) == len(first) > 1
    assert memory == contents(again, Path("old-shm"))
