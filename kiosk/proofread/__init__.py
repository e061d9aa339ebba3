"""A policy file looked over whole: its rules, what they come to, looks, questions and code forms.

What `takeback policy check` tells, and what the centre asks before anything is published: the same
mistakes with the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk import house
from kiosk.domain import look
from kiosk.domain.policy.file import Level, Made, Mistake, Shop, Source, compile_file
from kiosk.domain.policy.file.logic import remarks
from kiosk.domain.policy.file.logic.remarks import Remark
from kiosk.domain.policy.file.shops import look_mistakes, look_of, look_warnings, no_zone
from kiosk.domain.policy.model import Question
from kiosk.domain.sentences import Sentence
from kiosk.proofread import forms as code_forms
from kiosk.words import words

NO_LIST = Sentence("there is no list called {one} or {other}", one="`rules`", other="`third_party`")
_HOLDS = ("rules", "merchant", "third_party")


@dataclass(frozen=True, slots=True)
class Looked:
    """Mistakes by line; `rules` and `forms` are counted. `empty`: the file holds neither."""

    mistakes: tuple[Mistake, ...]
    rules: int = 0
    forms: int = 0
    empty: bool = False


def look_at(one: Source, text: str, today: date) -> Looked:
    """`text` is the file as TOML, to find the lines of code forms; "" for JSON."""
    made = compile_file(one)
    given = one.table.get("third_party", [])
    if not any(key in one.table for key in _HOLDS) and not one.bare:
        return Looked((one.mistake((), "", NO_LIST), *made.mistakes), empty=True)
    schemes = house.schemes()
    looks = [*look_mistakes(one, made, schemes), *look_warnings(one, made, schemes)]
    wrong_forms = (
        Mistake(one.file, line, 0, Level.ERROR, name, why)
        for line, name, why in code_forms.problems(text, given)
    )
    found = [*made.mistakes, *looks, *_logic(one, made, today), *wrong_forms]
    found.sort(key=lambda mistake: (mistake.line, mistake.column))
    count = sum(len(shop.specs) for shop in made.shops)
    return Looked(tuple(found), count, len(given) if isinstance(given, list) else 0)


def _logic(one: Source, made: Made, today: date) -> Iterator[Mistake]:
    for shop in made.shops:
        found = [*remarks(shop.specs, today), *_unspoken(shop)]
        yield from (_mistake(one, shop, remark) for remark in found)
        yield from _zone(one, shop)


def _mistake(one: Source, shop: Shop, remark: Remark) -> Mistake:
    base = f"{shop.merchant_id}: " if shop.merchant_id else ""
    if remark.place is None:
        return one.mistake(
            _list_of(one, shop), f"{base}rules", remark.problem, remark.remedy, remark.level
        )
    name = f"{base}{shop.specs[remark.place].get('id', remark.place + 1)}"
    path = (*shop.paths[remark.place], *remark.path)
    return one.mistake(path, name, remark.problem, remark.remedy, remark.level)


def _list_of(one: Source, shop: Shop) -> tuple[str | int, ...]:
    """Where a shop's list of rules stands, or the shop itself where there is none."""
    if shop.paths:
        return shop.paths[0][:-1]
    merchants = one.table.get("merchant", [])
    places = [n for n, table in enumerate(merchants) if table is shop.table]
    base: tuple[str | int, ...] = ("merchant", *places) if places else ()
    return (*base, "rules") if "rules" in shop.table else base


def _unspoken(shop: Shop) -> Iterator[Remark]:
    """Questions and answers that the kiosk has no words for: shoppers read a general one."""
    own, _ = look.read(look_of(shop.table), house.schemes())
    say = words("en")
    general = say.question(Question("\x00", ()))
    for place, spec in enumerate(shop.specs):
        question = spec.get("question")
        if spec.get("rule") != "condition" or not isinstance(question, str):
            continue
        if own.question(question) is not None:
            continue
        asked = say.question(Question(question, ()))
        if asked == general:
            problem = Sentence(
                "the kiosk has no words for the question {name}: it asks {words}",
                name=repr(question),
                words=repr(general),
            )
            remedy = Sentence(
                "there are {names}; or word it yourself under {example}",
                names="condition, packaging, complete, sealed",
                example=f"[merchant.questions.{question}]",
            )
            yield Remark(place, Level.WARNING, problem, remedy, ("question",))


def _zone(one: Source, shop: Shop) -> Iterator[Mistake]:
    """Windows are counted in the merchant's days: a zone that nobody knows sends all to staff."""
    zone = shop.table.get("timezone") if shop.merchant_id else None
    if zone is None:
        return
    try:
        ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        path = (*shop.paths[0][:2], "timezone") if shop.paths else ("merchant",)
        yield one.mistake(path, shop.merchant_id, *no_zone(str(zone)))
