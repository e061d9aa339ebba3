"""A merchant's look as values: frozen, hashable, made by `kiosk.domain.look.reading` alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_ON_PAPER: Final = 4_000
"""Characters of a logo's path data: each drop keeps its receipt's logo as long as the receipt."""

Colours = tuple[tuple[str, str], ...]
"""Role and `#rrggbb`, as in assets/themes, those that differ from the house's."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of text by language tag (BCP 47), in the order of the tags."""

    by_language: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def exactly(self, language: str) -> tuple[str, ...]:
        """In this language, or in its main one (pt for pt-BR); () where there is neither."""
        told = dict(self.by_language)
        return told.get(language) or told.get(language.partition("-")[0]) or ()

    def anyhow(self, language: str) -> tuple[str, ...]:
        """As `exactly`, else in English, else in any language there is: a shop's own words are
        worth more than none."""
        first = self.by_language[0][1] if self.by_language else ()
        return self.exactly(language) or self.exactly("en") or first


@dataclass(frozen=True, slots=True)
class Receipt:
    """Lines of the merchant's own: under its name, at the end, and instead of its `support`."""

    header: Lines = Lines()
    footer: Lines = Lines()
    support: Lines = Lines()


@dataclass(frozen=True, slots=True)
class Logo:
    """A mark of one colour: SVG path data in a box of `width` by `height` units. Drawn in a role's
    colour, so that it keeps its contrast in every scheme."""

    width: int
    height: int
    paths: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Characters of path data."""
        return sum(map(len, self.paths))


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of the merchant's in the house's light and dark schemes. High contrast is the
    house's own, always. `scheme` is which of the two its screens use, "" as the house."""

    scheme: str = ""
    light: Colours = ()
    dark: Colours = ()
    logo: Logo | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the merchant's rules in its own words, and its answers' keys."""

    question_id: str
    ask: Lines
    answers: tuple[tuple[str, Lines], ...] = ()

    def answer(self, answer: str) -> Lines:
        return dict(self.answers).get(answer, Lines())


@dataclass(frozen=True, slots=True)
class Look:
    """All of it; empty is the house's look."""

    receipt: Receipt = Receipt()
    theme: Theme | None = None
    questions: tuple[Asked, ...] = ()

    def question(self, question_id: str) -> Asked | None:
        return next((one for one in self.questions if one.question_id == question_id), None)

    @property
    def on_paper(self) -> Look:
        """What a receipt needs, to be kept with the promise: lines, and a logo that is light."""
        logo = self.theme.logo if self.theme else None
        if logo is None or logo.weight > MOST_ON_PAPER:
            return Look(self.receipt)
        return Look(self.receipt, Theme(logo=logo))


PLAIN = Look()
"""Nothing of its own: the house's look."""
