"""The form of a number: fields of fixed size, one after another.

Written as words: `=1Z` is text that must stand there, `service=01|02` a field with one of some
texts (all of one size), `account:x6` six characters of a kind: `n` digits, `a` letters, `x` both,
`h` hexadecimal, `b` both or a blank, `[ABC]` these. `<GS>` is the separator that a scanner gives
for FNC1, `<SP>` a blank.

Every field has one size, so a layout has one length and is compared place by place: no branching,
no repetition, nothing to run away. A form with several lengths is several layouts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kiosk.domain.codes.carriers.checks import ALPHANUMERIC, DIGITS, LETTERS

GS = "\x1d"
KINDS: Mapping[str, frozenset[str]] = {
    "n": frozenset(DIGITS),
    "a": frozenset(LETTERS),
    "x": frozenset(ALPHANUMERIC),
    "h": frozenset("0123456789ABCDEF"),
    "b": frozenset(ALPHANUMERIC + " "),
}


@dataclass(frozen=True, slots=True)
class Field:
    """`size` characters: one of `texts`, or (where there are none) each out of `kind`."""

    name: str
    size: int
    kind: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def fits(self, part: str) -> bool:
        if self.texts:
            return part in self.texts
        return self.kind.issuperset(part)

    @property
    def bits(self) -> float:
        """How much the field narrows down what may stand there."""
        free = self.size * math.log2(len(ALPHANUMERIC))
        if self.texts:
            return free - math.log2(len(self.texts))
        return free - self.size * math.log2(len(self.kind))


@dataclass(frozen=True, slots=True)
class Layout:
    """Fields in their order, and what follows from them."""

    fields: tuple[Field, ...]
    length: int
    bits: float

    def match(self, text: str) -> dict[str, str] | None:
        """The named fields of a text of this form; None where it is not of this form."""
        if len(text) != self.length:
            return None
        found: dict[str, str] = {}
        at = 0
        for field in self.fields:
            part = text[at : at + field.size]
            if not field.fits(part):
                return None
            if field.name:
                found[field.name] = part
            at += field.size
        return found

    @property
    def numeric(self) -> bool:
        """Only digits fit."""
        digits = KINDS["n"]
        return all(f.kind <= digits and digits.issuperset("".join(f.texts)) for f in self.fields)


def _field(word: str) -> Field:
    name, texts_sign, texts = word.partition("=")
    if texts_sign:
        choices = frozenset(texts.replace("<GS>", GS).replace("<SP>", " ").split("|"))
        size = len(next(iter(choices)))
        if any(len(choice) != size for choice in choices):
            raise ValueError(f"texts of several sizes: {word}")
        return Field(name, size, texts=choices)
    name, _, kind = word.partition(":")
    if kind.startswith("["):
        letters, _, count = kind[1:].partition("]")
        return Field(name, int(count), frozenset(letters))
    return Field(name, int(kind[1:]), KINDS[kind[0]])


@cache
def layout(words: str) -> Layout:
    """A form from its words. ValueError or KeyError where the words are wrong."""
    fields = tuple(_field(word) for word in words.split())
    return Layout(fields, sum(f.size for f in fields), sum(f.bits for f in fields))
