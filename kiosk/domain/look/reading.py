"""A merchant's look out of a bundle or a policy file, whatever stands there.

[merchant.receipt.header]        lines by language, under the shop's name
[merchant.receipt.footer]        at the receipt's end
[merchant.receipt.support]       how to reach the shop
[merchant.theme]                 scheme, light, dark, logo
[merchant.questions.NAME]        ask and answers, by language
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from kiosk.domain.look import path_data
from kiosk.domain.look.colours import BRAND, COLOUR, PAIRS, faint
from kiosk.domain.look.model import Asked, Colours, Lines, Logo, Look, Receipt, Theme
from kiosk.domain.look.printable import unprintable
from kiosk.domain.policy.reading import Reader
from kiosk.domain.sentences import Sentence

Schemes = Mapping[str, Mapping[str, str]]

PARTS: Final = ("receipt", "theme", "questions")
MAX_WEIGHT: Final = 64 * 1024
"""Characters of one merchant's look, keys and all, and as many values."""
MAX_DEPTH: Final = 8
HEADER: Final = (4, 60)
FOOTER: Final = (8, 160)
SUPPORT: Final = (4, 80)
ASK: Final = (1, 120)
ANSWER: Final = (1, 40)
MAX_LANGUAGES: Final = 40
MAX_QUESTIONS: Final = 40
MAX_ANSWERS: Final = 8
MAX_PATHS: Final = 24
MAX_PATH: Final = 4_000
MAX_BOX: Final = 2_000
RESERVED: Final = ("refund_method", "evidence_photo", "evidence_serial")
"""Questions about money and proof are the kiosk's own to word."""

LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
PATH: Final = re.compile(r"[MmZzLlHhVvCcSsQqTtAa0-9 ,.+-]+")
_LONG_NUMBER: Final = re.compile(r"[0-9]{6}")


def read(told: object, house: Schemes) -> tuple[Look, tuple[str, ...]]:
    """The look, and what of `told` is left out and why: "path: why" each. `house` has the roles
    of the schemes `light` and `dark` that a merchant's colours go into."""
    if not isinstance(told, Mapping):
        return Look(), ("look: must be an object",)
    if not _light(told):
        return Look(), (f"look: holds more than {MAX_WEIGHT} characters, or nests too deep",)
    reader = Reader(told)
    receipt = _receipt(reader)
    theme = _theme(reader, house)
    questions = _questions(reader)
    reader.finish()
    return Look(receipt, theme, questions), tuple(reader.problems)


def _light(told: object) -> bool:
    """Bounded before anything of it is read."""
    left, level = MAX_WEIGHT, [told]
    for _ in range(MAX_DEPTH):
        inner: list[object] = []
        for one in level:
            left -= 1
            match one:
                case str():
                    left -= len(one)
                case Mapping():
                    left -= sum(len(str(key)) for key in one)
                    inner += one.values()
                case list() | tuple():
                    inner += one
            if left < 0 or len(inner) > MAX_WEIGHT:
                return False
        level = inner
    return not level


# --- receipts ----------------------------------------------------------------------------------


def _receipt(reader: Reader) -> Receipt:
    given = reader.child("receipt")
    if given is None:
        return Receipt()
    header, footer, support = (
        _lines(given, key, *most)
        for key, most in (("header", HEADER), ("footer", FOOTER), ("support", SUPPORT))
    )
    reader.absorb(given)
    return Receipt(header, footer, support)


def _lines(parent: Reader, key: str, most: int, longest: int) -> Lines:
    """Texts by language; none of them where one is wrong."""
    given = parent.child(key)
    if given is None:
        return Lines()
    languages = given.names()
    if len(languages) > MAX_LANGUAGES:
        parent.wrong(key, Sentence("holds more than {most} languages", most=MAX_LANGUAGES))
        return Lines()
    found: list[tuple[str, tuple[str, ...]]] = []
    for language in languages:
        lines = given.words(language)
        if not LANGUAGE.fullmatch(language):
            tag = Sentence("must be a language's tag, as {one} or {other}", one="en", other="pt-BR")
            given.wrong(language, tag)
        if len(lines) > most:
            many = Sentence("must be at most {most} lines", most=most)
            given.wrong(language, many if most > 1 else Sentence("must be at most 1 line"))
        for place, line in enumerate(lines):
            why = unprintable(line) or ("" if len(line) <= longest else _too_long(longest))
            if why:
                given.wrong(f"{language}[{place}]" if most > 1 else language, why)
        found.append((language, lines))
    good = not given.problems
    parent.absorb(given)
    return Lines(tuple(found)) if good else Lines()


def _too_long(longest: int) -> Sentence:
    return Sentence("is longer than {most} characters", most=longest)


# --- theme -------------------------------------------------------------------------------------


def _theme(reader: Reader, house: Schemes) -> Theme | None:
    given = reader.child("theme")
    if given is None:
        return None
    scheme = given.word("scheme", "")
    if scheme not in ("", "light", "dark"):
        given.wrong("scheme", Sentence("must be one of {options}", options="light, dark"))
    light, dark = (_colours(given, key, house[key]) for key in ("light", "dark"))
    logo = _logo(given)
    good = _known_only(given) and not given.problems
    reader.absorb(given)
    return Theme(scheme, light, dark, logo) if good else None


def _known_only(given: Reader) -> bool:
    return set(given.names()) <= {"scheme", "light", "dark", "logo"}


def _colours(parent: Reader, key: str, house: Mapping[str, str]) -> Colours:
    given = parent.child(key)
    if given is None:
        return ()
    told: dict[str, str] = {}
    for role in given.names():
        colour = given.word(role)
        if role not in BRAND:
            given.wrong(role, Sentence("must be one of {options}", options=", ".join(BRAND)))
        elif not COLOUR.fullmatch(colour):
            given.wrong(role, Sentence("must be a colour as {example}", example="#4B2A86"))
        else:
            told[role] = colour
    if not given.problems:
        _contrast(given, told, house)
    parent.absorb(given)
    return tuple(sorted(told.items()))


def _contrast(given: Reader, told: Mapping[str, str], house: Mapping[str, str]) -> None:
    least = {(front, ground): wanted for front, ground, wanted in PAIRS}
    for front, ground, got in faint({**house, **told}):
        key, other = (front, ground) if front in told else (ground, front)
        if key in told:
            wanted = least[front, ground]
            why = Sentence(
                "has a contrast of {got} with {other}; {wanted} is the least",
                got=f"{got:.1f}",
                other=other,
                wanted=str(wanted),
            )
            given.wrong(key, why)


def _logo(parent: Reader) -> Logo | None:
    given = parent.child("logo")
    if given is None:
        return None
    width, height = given.integer("width", 1, MAX_BOX), given.integer("height", 1, MAX_BOX)
    if not height <= 2 * width <= 12 * height:
        given.wrong("width", Sentence("must be half to six times the height"))
    paths = _paths(given)
    parent.absorb(given)
    return Logo(width, height, paths)


def _paths(given: Reader) -> tuple[str, ...]:
    told = given.raw("paths")
    if not isinstance(told, list | tuple) or not 0 < len(told) <= MAX_PATHS:
        why = Sentence(
            "must be a list of 1 to {most} texts of {form}", most=MAX_PATHS, form="SVG path data"
        )
        given.wrong("paths", why)
        return ()
    for place, path in enumerate(told):
        if not isinstance(path, str) or not 0 < len(path) <= MAX_PATH:
            why = Sentence("must be a text of 1 to {most} characters", most=MAX_PATH)
            given.wrong(f"paths[{place}]", why)
        elif not PATH.fullmatch(path) or path[0] not in "Mm":
            why = Sentence(
                "must be {form} that begins with {sign}, no exponents",
                form="SVG path data",
                sign="M",
            )
            given.wrong(f"paths[{place}]", why)
        elif _LONG_NUMBER.search(path):
            given.wrong(f"paths[{place}]", Sentence("has a number of more than five digits"))
        elif not path_data.whole(path):
            why = Sentence("is broken off: a command lacks numbers or has too many")
            given.wrong(f"paths[{place}]", why)
    return tuple(str(path) for path in told)


# --- questions ---------------------------------------------------------------------------------


def _questions(reader: Reader) -> tuple[Asked, ...]:
    given = reader.child("questions")
    if given is None:
        return ()
    names = given.names()
    if len(names) > MAX_QUESTIONS:
        reader.wrong("questions", Sentence("must be at most {most}", most=MAX_QUESTIONS))
        return ()
    found = [_question(given, name) for name in names]
    reader.absorb(given)
    return tuple(one for one in found if one is not None)


def _question(parent: Reader, name: str) -> Asked | None:
    given = parent.child(name)
    if given is None:
        return None
    if name in RESERVED:
        parent.wrong(name, Sentence("is a question that the kiosk words itself"))
    ask = _lines(given, "ask", *ASK)
    if not ask.by_language and not given.problems:
        given.wrong("ask", Sentence("must say the question, as {example}", example="en = ..."))
    answers = _answers(given)
    good = not given.problems and name not in RESERVED and set(given.names()) <= {"ask", "answers"}
    parent.absorb(given)
    return Asked(name, ask, answers) if good else None


def _answers(parent: Reader) -> tuple[tuple[str, Lines], ...]:
    given = parent.child("answers")
    if given is None:
        return ()
    names = given.names()
    if len(names) > MAX_ANSWERS:
        parent.wrong("answers", Sentence("must be at most {most}", most=MAX_ANSWERS))
        return ()
    found = tuple((name, _lines(given, name, *ANSWER)) for name in names)
    parent.absorb(given)
    return found
