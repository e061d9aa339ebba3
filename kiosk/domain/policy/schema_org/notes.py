"""What an import has to tell beside its rules: nothing that stood on the page is passed over."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST_NOTES = 1_000


class Kind(StrEnum):
    """How a property fared, the gravest last."""

    MAPPED = "mapped"  # as it stands
    ASSUMED = "assumed"  # mapped, with what was taken for granted
    UNUSED = "unused"  # not mapped, and no verdict depends on it
    PERSON = "person"  # somebody must look; where a verdict depends on it, a rule says STAFF


@dataclass(frozen=True, slots=True)
class Note:
    """`where` names the policy or the place in the file, `term` the property."""

    kind: Kind
    where: str
    term: str
    text: str


@dataclass(slots=True)
class Notes:
    """Collects notes, each once; `where` goes in front of those that follow."""

    where: str = ""
    all: list[Note] = field(default_factory=list)
    _seen: set[Note] = field(default_factory=set)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def mapped(self, term: str, text: str) -> None:
        self._add(Kind.MAPPED, term, text)

    def assumed(self, term: str, text: str) -> None:
        self._add(Kind.ASSUMED, term, text)

    def unused(self, term: str, text: str) -> None:
        self._add(Kind.UNUSED, term, text)

    def person(self, term: str, text: str) -> None:
        self._add(Kind.PERSON, term, text)

    @property
    def full(self) -> bool:
        """No page needs so many: whoever reads them is told that there are more."""
        return len(self._seen) >= MOST_NOTES

    def told(self, term: str) -> bool:
        """Whether something was said of a property here."""
        return (self.where, term) in self._told

    def _add(self, kind: Kind, term: str, text: str) -> None:
        note = Note(kind, self.where, term, text)
        if note in self._seen or self.full:
            return
        self._seen.add(note)
        self._told.add((self.where, term))
        self.all.append(note)
        if len(self._seen) == MOST_NOTES:
            text = f"there is more to tell than {MOST_NOTES} notes; the rest is left out"
            self.all.append(Note(Kind.PERSON, "the page", "", text))
