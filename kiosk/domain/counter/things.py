"""All things of one kind: each the fold of its own facts, found by what it is.

A fact that arrives late is put in its place in the log of the things it touches, and those alone
are folded again: a parcel has some five facts, a container as many as it holds goods. So a fact
costs the same among twenty thousand parcels as among ten, and the order of arrival leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from kiosk.domain.counter.conflicts import Conflict
from kiosk.domain.counter.facts import Kind, Subject
from kiosk.domain.counter.index import Index, Key
from kiosk.domain.counter.log import Log, Recorded, Stamp
from kiosk.domain.counter.settled_facts import ConflictSettled

Thing = TypeVar("Thing")


class Taken(NamedTuple, Generic[Thing]):
    """What a thing is after a fact: whether the fact was believed, and what it contradicts."""

    thing: Thing
    believed: bool
    conflict: Conflict | None = None


Taking = Callable[[Thing, Subject, Recorded, Recorded | None], Taken[Thing]]
"""Of a thing, its name, a fact, and the last fact that was believed of it."""


@dataclass(slots=True)
class _Entry(Generic[Thing]):
    thing: Thing
    keys: tuple[Key, ...] = ()
    log: Log = field(default_factory=Log)
    believed: Recorded | None = None
    conflicts: list[Conflict] = field(default_factory=list)
    settled: set[Stamp] = field(default_factory=set)

    def unsettled(self) -> list[Conflict]:
        return [one for one in self.conflicts if one.record.stamp not in self.settled]


class Things(Generic[Thing]):
    def __init__(
        self,
        kind: Kind,
        blank: Callable[[str], Thing],
        take: Taking[Thing],
        keys: Callable[[Thing], tuple[Key, ...]],
    ) -> None:
        self.kind, self._blank, self._take, self._keys = kind, blank, take, keys
        self._entries: dict[str, _Entry[Thing]] = {}
        self._disputed: set[str] = set()
        self.index = Index()

    def __getitem__(self, name: str) -> Thing:
        """The thing of that name; one that nobody told of is as blank as they come."""
        entry = self._entries.get(name)
        return self._blank(name) if entry is None else entry.thing

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Thing]:
        return (entry.thing for entry in self._entries.values())

    def story(self, name: str) -> tuple[Recorded, ...]:
        """What happened to it, in order."""
        entry = self._entries.get(name)
        return () if entry is None else tuple(entry.log.records)

    def held(self) -> dict[str, Thing]:
        """All things by name."""
        return {name: entry.thing for name, entry in self._entries.items()}

    def conflicts(self) -> tuple[Conflict, ...]:
        """The conflicts about things of this kind that nobody settled, in order."""
        found = [c for name in self._disputed for c in self._entries[name].unsettled()]
        return tuple(sorted(found, key=lambda c: (c.record.stamp, c.subject)))

    def contradictions(self, name: str) -> tuple[Conflict, ...]:
        """Every conflict about one thing, settled or not, in order."""
        entry = self._entries.get(name)
        return () if entry is None else tuple(entry.conflicts)

    def recounted(self) -> Index:
        """The index made anew from the things themselves."""
        index = Index()
        for name, entry in self._entries.items():
            index.move(name, (), self._keys(entry.thing))
        return index

    def add(self, name: str, record: Recorded) -> bool:
        """One more fact about a thing; False for one that is known."""
        entry = self._entries.get(name)
        if entry is None:
            entry = self._entries[name] = _Entry(self._blank(name))
        at = entry.log.place(record)
        if at is None:
            return False
        entry.log.records.insert(at, record)
        if at == len(entry.log.records) - 1:
            self._next(name, entry, record)
        else:
            self._again(name, entry)
        before, entry.keys = entry.keys, self._keys(entry.thing)
        self.index.move(name, before, entry.keys)
        (self._disputed.add if entry.unsettled() else self._disputed.discard)(name)
        return True

    def _again(self, name: str, entry: _Entry[Thing]) -> None:
        entry.thing, entry.believed = self._blank(name), None
        entry.conflicts.clear()
        entry.settled.clear()
        for record in entry.log.records:
            self._next(name, entry, record)

    def _next(self, name: str, entry: _Entry[Thing], record: Recorded) -> None:
        if isinstance(record.fact, ConflictSettled):
            _settle(entry.settled, record.fact)
            return
        subject = Subject(self.kind, name)
        taken = self._take(entry.thing, subject, record, entry.believed)
        entry.thing = taken.thing
        if taken.believed:
            entry.believed = record
        if taken.conflict is not None:
            entry.conflicts.append(taken.conflict)


def _settle(settled: set[Stamp], fact: ConflictSettled) -> None:
    """By the stamp alone: the word may come before what it is about."""
    stamp = Stamp(fact.hlc, fact.device, fact.part)
    (settled.discard if fact.open else settled.add)(stamp)
