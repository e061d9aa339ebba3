"""What is wrong with a policy file, where, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from kiosk.domain.sentences import Sentence

Path = tuple[str | int, ...]


class Level(StrEnum):
    """An error is a rule that a kiosk would not understand, or that names nothing; a warning is a
    rule that reads well and hardly does what its writer means; a note may well be meant."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Mistake:
    """`line` and `column` count from 1, 0 where nobody knows. `rule` is the rule's id, or what
    stands in its place; `remedy` is "" where the problem says it. Both are sentences that can be
    said in any language (kiosk.domain.sentences)."""

    file: str
    line: int
    column: int
    level: Level
    rule: str
    problem: str
    remedy: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, as editors find it."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


def meant(word: str, words: Iterable[str]) -> str:
    """`did you mean ...?`, or what there is, or "" where that is too much to say."""
    known = sorted(set(words))
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    if near:
        return Sentence("did you mean {name}?", name=repr(near[0]))
    if 0 < len(known) <= MOST_TOLD:
        return Sentence("there is {names}", names=", ".join(known))
    return ""


MOST_TOLD = 40
