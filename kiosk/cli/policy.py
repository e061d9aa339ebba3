"""`takeback policy`: what a kiosk decides by, and why."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kiosk.cli.common import DEFAULT_SETTINGS, AsJson, SettingsPath, fail, put_json, table

if TYPE_CHECKING:
    from kiosk.store.policy_file import ActivePolicy

app = typer.Typer(help="Rules and the signed bundle.", no_args_is_help=True)


def _active(settings: Path) -> ActivePolicy:
    from kiosk.cli.device import read_settings
    from kiosk.store import StoreFailed
    from kiosk.store.policy_file import newest

    try:
        found = newest(read_settings(settings).data)
    except StoreFailed as error:
        fail(f"the policy cannot be read: {error}")
    if found is None:
        fail("this kiosk holds no policy bundle yet; is it enrolled, and was the centre reached?")
    return found


@app.command("show")
def show(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """The bundle in force: number, age, merchants, rules."""
    active = _active(settings)
    info = active.info
    if as_json:
        put_json({"bundle": info, "merchants": active.content.merchants})
        return
    typer.echo(
        f"bundle {info.number} of {info.tenant}, issued {info.issued:%Y-%m-%d %H:%M %Z}, "
        f"warns after {info.warn_after:%Y-%m-%d %H:%M}, ends {info.accept_until:%Y-%m-%d %H:%M}"
    )
    rows: list[tuple[str, ...]] = [("merchant", "name", "rules")]
    rows += [
        (m.merchant_id, m.name, str(len(active.content.rules.get(m.merchant_id, ()))))
        for m in active.content.merchants
    ]
    table(rows)


@app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="TOML or JSON with a list of `rules`.")],
    as_json: AsJson = False,
) -> None:
    """Name everything that is wrong with a file of rules."""
    from kiosk.domain.policy.rules import problems

    try:
        text = file.read_text("utf-8")
        data: Any = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        fail(f"{file}: {error}", code=2)
    specs = data.get("rules") if isinstance(data, dict) else data
    if not isinstance(specs, list):
        fail(f"{file}: there is no list called `rules`", code=2)
    found = [
        {
            "rule": str(spec.get("rule_id", number)) if isinstance(spec, dict) else str(number),
            "problem": p,
        }
        for number, spec in enumerate(specs)
        for p in (problems(spec) if isinstance(spec, dict) else ["is no table"])
    ]
    if as_json:
        put_json({"problems": found})
    else:
        for one in found:
            typer.echo(f"{one['rule']}: {one['problem']}")
        typer.echo(f"{len(specs)} rules, {len(found)} problems")
    if found:
        raise typer.Exit(1)


@app.command("explain")
def explain(
    return_id: Annotated[str, typer.Argument(help="A return's id or its short code.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    language: Annotated[str, typer.Option(help="Words in this language.")] = "en",
    at: Annotated[
        str | None, typer.Option(help="As if it were this moment (ISO 8601 with offset).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Why each line of a return gets its verdict, all items brought."""
    from kiosk.app.judging import items
    from kiosk.domain.codes import parse_short
    from kiosk.domain.codes.model import ShortCode
    from kiosk.domain.policy.model import Ask, Context
    from kiosk.words import words
    from kiosk.world import SystemClock

    active = _active(settings)
    found = active.find_return(return_id)
    if found is None:
        short = parse_short(return_id)
        found = active.find_short(short.text) if isinstance(short, ShortCode) else None
    if found is None:
        fail(f"bundle {active.number} knows no return {return_id}")
    moment = SystemClock().now() if at is None else datetime.fromisoformat(at)
    merchant = active.merchants[found.merchant_id]
    judged = items(found, merchant, active.policy_for(merchant.merchant_id), Context(moment), {})
    say = words(language)
    if as_json:
        put_json({"return_id": found.return_id, "bundle": active.number, "lines": judged})
        return
    typer.echo(f"{found.return_id} of {merchant.name}, {found.state.value}, bundle {active.number}")
    for item in judged:
        typer.echo(f"\n{item.line.name} x {item.brought}")
        if isinstance(item.decision, Ask):
            typer.echo(f"  asks first: {say.question(item.decision.question)}")
            typer.echo(f"  rule: {item.decision.rule_id}")
            continue
        verdict = item.decision
        typer.echo(f"  {verdict.outcome.value}: {say.verdict(verdict)}")
        typer.echo(f"  because: {say.reason(verdict.reason)} {say.next_step(verdict.reason)}")
        typer.echo(f"  rules: {', '.join(verdict.rule_ids) or 'none'}")
