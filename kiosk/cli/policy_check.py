"""`takeback policy check`: what is wrong with files of rules, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, put_json
from kiosk.cli.policy_files import source, text_of, told

if TYPE_CHECKING:
    from kiosk.domain.policy.file import Mistake


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
    from kiosk.proofread import look_at
    from kiosk.world import SystemClock

    today = SystemClock().now().date()
    found: list[Mistake] = []
    rules = forms = 0
    unread = False
    for file in files:
        one = source(file)
        if isinstance(one, Mistake):
            found.append(one)
            unread = True
            continue
        seen = look_at(one, text_of(one, file), today)
        unread = unread or seen.empty
        found += seen.mistakes
        rules, forms = rules + seen.rules, forms + seen.forms
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
