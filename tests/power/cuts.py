"""Every moment at which the power may go, and what the disk may hold then.

A span runs from one sync to the next. In it the durable part stays, and of the pending deeds any
may have reached the disk. Each is tried as a prefix in the order of the program, with the last
write torn at each border of a sector; with and without what older spans left pending; names
without contents and contents without names; and by seeded choice any version of each sector, any
size, and any part of the names.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.power.disk import (
    SECTOR,
    Disk,
    Names,
    Recording,
    Rename,
    Resize,
    Told,
    Write,
    apply,
    paths,
)
from tests.power.recorder import SHARED_MEMORY


@dataclass(frozen=True, slots=True)
class Cut:
    """The power went in the span that begins after deed `span`; beyond what was durable the disk
    has got `applied` and `torn` bytes of the deed after them, or, with a seed, what chance gives
    of `applied`. The first `told` tellings were made before."""

    span: int
    applied: tuple[int, ...]
    torn: int = 0
    seed: int | None = None
    told: int = 0

    def __str__(self) -> str:
        last = self.applied[-1] if self.applied else self.span
        kind = f"seed {self.seed}" if self.seed is not None else f"torn at {self.torn}"
        return f"deed {last}, {kind}, {len(self.applied)} pending, {self.told} told"


@dataclass(frozen=True, slots=True)
class State:
    """A disk after a cut: each path with its content, None for a directory."""

    cut: Cut
    files: dict[Path, bytes | None]
    told: tuple[str, ...]


def cuts(recording: Recording, seeds: int) -> list[Cut]:
    """All of them, each disk once with the most that can have been told by then; `seeds` choices
    of chance after every deed."""
    found: dict[Cut, None] = {}
    span: list[Cut] = []
    disk = Disk(recording)
    begin, told, older = 0, 0, 0
    span.append(Cut(0, ()))
    for number, deed in enumerate(recording.deeds):
        closes = disk.step()
        told += isinstance(deed, Told)
        if not closes:
            if disk.pending and disk.pending[-1] == number:
                span += _after(recording, tuple(disk.pending), older, begin, seeds)
            continue
        found.update(dict.fromkeys(replace(cut, told=told) for cut in span))
        begin, older = number + 1, len(disk.pending)
        span = [Cut(begin, ()), Cut(begin, tuple(disk.pending))]
    found.update(dict.fromkeys(replace(cut, told=told) for cut in span))
    return list(found)


def _after(
    recording: Recording, pending: tuple[int, ...], older: int, span: int, seeds: int
) -> Iterator[Cut]:
    """With the last of `pending` just done; the first `older` of them are of earlier spans."""
    deed, before = recording.deeds[pending[-1]], pending[:-1]
    yield Cut(span, pending)
    yield Cut(span, pending[older:])
    if isinstance(deed, Write):
        for torn in deed.borders():
            yield Cut(span, (*before, pending[-1]), torn)
    names = tuple(n for n in pending if isinstance(recording.deeds[n], Rename))
    yield Cut(span, names)
    yield Cut(span, tuple(n for n in pending if n not in set(names)))
    for seed in range(seeds):
        yield Cut(span, pending, seed=seed)


def states(recording: Recording, chosen: Iterable[Cut]) -> Iterator[State]:
    """The disks of these cuts, in the order of time."""
    disk = Disk(recording)
    for cut in sorted(chosen, key=lambda cut: cut.span):
        while disk.done < cut.span:
            disk.step()
        yield _state(recording, disk, cut)


def _state(recording: Recording, disk: Disk, cut: Cut) -> State:
    names, content = dict(disk.names), dict(disk.content)
    chance = random.Random(f"{cut.span} {cut.applied} {cut.seed}")
    if cut.seed is None:
        _in_order(recording, cut, names, content)
    else:
        _by_chance(recording, cut, names, content, chance)
    files: dict[Path, bytes | None] = {}
    for path, inode in paths(names, recording.directories).items():
        if inode in recording.directories:
            files[path] = None
        elif path.name.endswith(SHARED_MEMORY):
            # Memory of the dead: nobody synced it, so it may be anything.
            files[path] = chance.randbytes(2 * SECTOR)
        else:
            files[path] = content.get(inode, b"")
    return State(cut, files, recording.told[: cut.told])


def _in_order(recording: Recording, cut: Cut, names: Names, content: dict[int, bytes]) -> None:
    for number in cut.applied:
        deed = recording.deeds[number]
        if cut.torn and number == cut.applied[-1] and isinstance(deed, Write):
            deed = replace(deed, data=deed.data[: cut.torn])
        apply(deed, names, content)


def _by_chance(
    recording: Recording, cut: Cut, names: Names, content: dict[int, bytes], chance: random.Random
) -> None:
    deeds = [recording.deeds[number] for number in cut.applied]
    likely = chance.choice((0.15, 0.5, 0.85))
    for deed in deeds:
        if isinstance(deed, Rename) and chance.random() < likely:
            deed.onto(names)
    changes = [deed for deed in deeds if isinstance(deed, Write | Resize)]
    for inode in sorted({deed.inode for deed in changes}):
        versions, touched = [content.get(inode, b"")], set[int]()
        for deed in changes:
            if deed.inode == inode:
                versions.append(deed.onto(versions[-1]))
                touched |= _sectors(deed)
        content[inode] = _mixed(versions, sorted(touched), likely, chance)


def _sectors(deed: Write | Resize) -> set[int]:
    """Where the sectors begin that a write changes; a size is chosen by itself."""
    if isinstance(deed, Resize):
        return set()
    return set(range(deed.at - deed.at % SECTOR, deed.at + len(deed.data), SECTOR))


def _mixed(
    versions: list[bytes], touched: list[int], likely: float, chance: random.Random
) -> bytes:
    """Any of the sizes that the file has had, and of each sector any version, more or less
    `likely` a late one. A sector goes to the disk as a whole."""

    def one() -> bytes:
        return versions[-1] if chance.random() < likely else chance.choice(versions)

    mixed = bytearray(Resize(0, len(one())).onto(versions[0]))
    for at in touched:
        piece = one()[at : at + SECTOR][: max(0, len(mixed) - at)]
        mixed[at : at + len(piece)] = piece
    return bytes(mixed)
