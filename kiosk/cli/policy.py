"""`takeback policy`: what a kiosk decides by, and why."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    Language,
    SettingsPath,
    fail,
    put_json,
    read_settings,
    speak,
    table,
)

if TYPE_CHECKING:
    from kiosk.domain.policy.model import Policy
    from kiosk.domain.returns import Authorisation, Merchant
    from kiosk.domain.visit import Item
    from kiosk.store.policy_file import ActivePolicy, BundleInfo
    from kiosk.words import Words

app = typer.Typer(help="Rules and the signed bundle.", no_args_is_help=True)


def _active(settings: Path) -> ActivePolicy:
    from kiosk.store import StoreFailed
    from kiosk.store.policy_file import newest

    try:
        found = newest(read_settings(settings).data)
    except StoreFailed as error:
        fail(f"the policy cannot be read: {error}; run: takeback doctor")
    if found is None:
        fail("this kiosk holds no policy bundle yet; is it enrolled, and was the centre reached?")
    return found


@app.command("show")
def show(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """The bundle in force: number, age, merchants, rules."""
    from kiosk.world import SystemClock

    active = _active(settings)
    info, content = active.info, active.content
    state = _state(info, SystemClock().now())
    if as_json:
        put_json({"bundle": info, "state": state, "merchants": content.merchants})
        return
    typer.echo(
        f"bundle {info.number} of {info.tenant} is {state}: issued {info.issued:%Y-%m-%d %H:%M}, "
        f"warns after {info.warn_after:%Y-%m-%d %H:%M}, ends {info.accept_until:%Y-%m-%d %H:%M} UTC"
    )
    rows: list[tuple[str, ...]] = [("merchant", "name", "rules")]
    rows += [
        (m.merchant_id, m.name, str(len(content.rules.get(m.merchant_id, ()))))
        for m in content.merchants
    ]
    table(rows)


def _state(info: BundleInfo, now: datetime) -> str:
    if now >= info.accept_until:
        return "expired"
    return "stale" if now >= info.warn_after else "in force"


@app.command("check")
def check(
    files: Annotated[
        list[Path],
        typer.Argument(help="TOML or JSON files with lists of `rules`, or of `third_party` forms."),
    ],
    as_json: AsJson = False,
) -> None:
    """Name everything that is wrong with files of rules and of other networks' code forms.

    A file holds one list called `rules`, or one for each `merchant`; and `third_party` forms.
    """
    count = forms = 0
    found: list[dict[str, Any]] = []
    for file in files:
        text, whole = _read(file)
        lists = _lists(whole)
        given = whole.get("third_party", [])
        if not (lists or given) or not all(isinstance(specs, list) for _, specs in lists):
            fail(f"{file}: there is no list called `rules` or `third_party`", code=2)
        count += sum(len(specs) for _, specs in lists)
        forms += len(given) if isinstance(given, list) else 0
        found += [_found(file, rule, problem) for rule, problem in _wrong_rules(lists)]
        found += _wrong_forms(file, text, given)
    if as_json:
        put_json({"rules": count, "forms": forms, "problems": found})
    else:
        for one in found:
            at = f":{one['line']}" if one["line"] else ""
            typer.echo(f"{one['file']}{at}: {one['rule']}: {one['problem']}")
        told = f"{count} rules, {forms} forms" if forms else f"{count} rules"
        typer.echo(f"{told}, {len(found)} problems")
    if found:
        raise typer.Exit(1)


def _found(file: Path, rule: str, problem: str, line: int = 0) -> dict[str, Any]:
    return {"file": str(file), "line": line, "rule": rule, "problem": problem}


def _wrong_rules(lists: list[tuple[str, list[Any]]]) -> Iterator[tuple[str, str]]:
    from kiosk.domain.policy.rules import problems

    for place, specs in lists:
        seen: set[str] = set()
        for number, spec in enumerate(specs, 1):
            wrong = problems(spec) if isinstance(spec, dict) else ["is no table"]
            name = str(spec.get("id", number)) if isinstance(spec, dict) else str(number)
            if name in seen:
                wrong.append("id: another rule of the list has it")
            seen.add(name)
            yield from ((f"{place}{name}", problem) for problem in wrong)


def _wrong_forms(file: Path, text: str, given: object) -> list[dict[str, Any]]:
    from kiosk.cli import forms

    toml = "" if file.suffix == ".json" else text
    return [_found(file, name, why, line) for line, name, why in forms.problems(toml, given)]


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and its table; a sentence and exit code 2 where it is none."""
    try:
        text = file.read_text("utf-8")
        data: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        fail(f"{file}: {error.strerror}", code=2)
    except (ValueError, RecursionError) as error:
        fail(f"{file}: {error}", code=2)
    return text, data if isinstance(data, dict) else {"rules": data}


def _lists(whole: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    """Every list of rules, with whose it is."""
    shops = whole.get("merchant", [])
    return [
        *([("", whole["rules"])] if "rules" in whole else []),
        *(
            (f"{shop.get('id', '?')}: ", shop.get("rules", []))
            for shop in (shops if isinstance(shops, list) else ())
            if isinstance(shop, dict)
        ),
    ]


@app.command("explain")
def explain(
    return_id: Annotated[str, typer.Argument(help="A return's id or its short code.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    language: Language = "en",
    at: Annotated[
        str, typer.Option(help="As if it were this moment (ISO 8601 with its offset from UTC).")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Why each line of a return gets its verdict, all items brought.

    Shows the policy's say alone: what was dropped here before is not looked at.
    """
    from kiosk.app.finding import standing
    from kiosk.app.judging import items
    from kiosk.domain.policy.model import Context

    say = speak(language)
    moment = _moment(at)
    active = _active(settings)
    found, merchant, policy = _return(active, return_id)
    judged = items(found, merchant, policy, Context(moment), {})
    refused = standing(found, merchant.timezone, moment)
    if as_json:
        put_json(
            {
                "return_id": found.return_id,
                "bundle": active.number,
                "state": _state(active.info, moment),
                "refused": refused,
                "lines": judged,
            }
        )
        return
    typer.echo(f"{found.return_id} of {merchant.name}, {found.state.value}, bundle {active.number}")
    if moment >= active.info.accept_until:
        typer.echo("the bundle is expired at that moment: the kiosk takes nothing")
    if refused is not None:
        typer.echo(f"the whole return is turned away: {say.reason(refused)}")
    for item in judged:
        _tell(item, say)


def _moment(text: str) -> datetime:
    from kiosk.world import SystemClock

    if not text:
        return SystemClock().now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no moment; write one as 2026-05-04T09:30:00+02:00", code=2)
    if found.tzinfo is None:
        fail(f"{text!r} lacks its offset from UTC; write it as {text}+00:00", code=2)
    return found


def _return(active: ActivePolicy, text: str) -> tuple[Authorisation, Merchant, Policy]:
    from kiosk.domain.codes import parse_short
    from kiosk.domain.codes.model import ShortCode

    found = active.find_return(text)
    if found is None:
        short = parse_short(text)
        found = active.find_short(short.text) if isinstance(short, ShortCode) else None
    if found is None:
        fail(f"bundle {active.number} knows no return {text}")
    merchant = active.merchants.get(found.merchant_id)
    if merchant is None:
        fail(f"bundle {active.number} does not describe the merchant {found.merchant_id}")
    return found, merchant, active.policy_for(merchant.merchant_id)


def _tell(item: Item, say: Words) -> None:
    from kiosk.domain.policy.model import Ask

    typer.echo(f"\n{item.line.name} x {item.brought}")
    if isinstance(item.decision, Ask):
        typer.echo(f"  asks first: {say.question(item.decision.question)}")
        typer.echo(f"  rule: {item.decision.rule_id}")
        return
    verdict = item.decision
    typer.echo(f"  {verdict.outcome.value}: {say.verdict(verdict)}")
    because = f"{say.reason(verdict.reason)} {say.next_step(verdict.reason)}"
    typer.echo(f"  because: {because}".rstrip())
    typer.echo(f"  rules: {', '.join(verdict.rule_ids) or 'none'}")
