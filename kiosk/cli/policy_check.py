"""`takeback policy check`: what is wrong with files of rules, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.common import AsJson, put_json
from kiosk.cli.policy_files import source, told

if TYPE_CHECKING:
    from kiosk.domain.policy.file import Made, Mistake, Shop, Source
    from kiosk.domain.policy.file.logic import Remark

NO_LIST = "there is no list called `rules` or `third_party`"


def check(
    files: Annotated[
        list[Path],
        typer.Argument(help="TOML or JSON files with lists of `rules`, or of `third_party` forms."),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Warnings fail too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Name everything that is wrong with files of rules and of other networks' code forms.

    Then what does not fit together: rules that can never matter, rules that contradict each
    other, goods that no rule takes. A file holds one list called `rules`, or one for each
    `merchant`; and `third_party` forms.
    """
    from kiosk.domain.policy.file import Level, Mistake

    found: list[Mistake] = []
    rules = forms = 0
    unread = False
    for file in files:
        one = source(file)
        if isinstance(one, Mistake):
            found.append(one)
            unread = True
            continue
        mistakes, count, others = look_at(one, file)
        unread = unread or count < 0
        found += mistakes
        rules, forms = rules + max(0, count), forms + others
    if as_json:
        problems = [one for one in found if one.level is not Level.NOTE]
        notes = [one for one in found if one.level is Level.NOTE]
        told_too = {"notes": notes} if notes else {}
        put_json({"rules": rules, "forms": forms, "problems": problems, **told_too})
    else:
        _tell(found, rules, forms)
    wrong = any(one.level is Level.ERROR for one in found)
    wrong = wrong or (strict and any(one.level is Level.WARNING for one in found))
    if unread or wrong:
        raise typer.Exit(2 if unread else 1)


def look_at(one: Source, file: Path) -> tuple[list[Mistake], int, int]:
    """(mistakes, rules, forms) of one file; -1 rules where it holds neither."""
    from kiosk import house
    from kiosk.domain.policy.file import compile_file
    from kiosk.domain.policy.file.shops import look_mistakes, look_warnings

    made = compile_file(one)
    given = one.table.get("third_party", [])
    holds = ("rules", "merchant", "third_party")
    if not any(key in one.table for key in holds) and not one.bare:
        return [one.mistake((), "", NO_LIST), *made.mistakes], -1, 0
    schemes = house.schemes()
    looks = [*look_mistakes(one, made, schemes), *look_warnings(one, made, schemes)]
    found = [*made.mistakes, *looks, *_logic(one, made), *_wrong_forms(one, file, given)]
    found.sort(key=lambda mistake: (mistake.line, mistake.column))
    count = sum(len(shop.specs) for shop in made.shops)
    return found, count, len(given) if isinstance(given, list) else 0


def _logic(one: Source, made: Made) -> Iterator[Mistake]:
    from kiosk.domain.policy.file.logic import remarks
    from kiosk.world import SystemClock

    today = SystemClock().now().date()
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
    from kiosk import house
    from kiosk.domain import look
    from kiosk.domain.policy.file import Level
    from kiosk.domain.policy.file.logic import Remark
    from kiosk.domain.policy.file.shops import look_of
    from kiosk.domain.policy.model import Question
    from kiosk.words import words

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
            problem = f"the kiosk has no words for the question {question!r}: it asks {general!r}"
            remedy = (
                "there are condition, packaging, complete, sealed; or word it yourself under "
                f"[merchant.questions.{question}]"
            )
            yield Remark(place, Level.WARNING, problem, remedy, ("question",))


def _zone(one: Source, shop: Shop) -> Iterator[Mistake]:
    """Windows are counted in the merchant's days: a zone that nobody knows sends all to staff."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    zone = shop.table.get("timezone") if shop.merchant_id else None
    if zone is None:
        return
    try:
        ZoneInfo(str(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        path = (*shop.paths[0][:2], "timezone") if shop.paths else ("merchant",)
        problem = f"timezone: there is no time zone {str(zone)!r}"
        yield one.mistake(path, shop.merchant_id, problem, "an IANA name such as Europe/Berlin")


def _wrong_forms(one: Source, file: Path, given: Any) -> Iterator[Mistake]:
    from kiosk.cli import forms
    from kiosk.domain.policy.file import Level, Mistake

    text = "" if one.file.endswith(".json") else file.read_text("utf-8")
    for line, name, why in forms.problems(text, given):
        yield Mistake(one.file, line, 0, Level.ERROR, name, why)


def _tell(found: list[Mistake], rules: int, forms: int) -> None:
    from kiosk.domain.policy.file import Level

    for one in found:
        typer.echo(told(one))
    count = {level: sum(one.level is level for one in found) for level in Level}
    text = f"{rules} rules, {forms} forms" if forms else f"{rules} rules"
    text += f", {count[Level.ERROR]} problems"
    if warnings := count[Level.WARNING]:
        text += f", {warnings} warnings"
    typer.echo(text)
