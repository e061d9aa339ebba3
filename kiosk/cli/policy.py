"""`takeback policy`: what a kiosk decides by, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from kiosk.cli.policy_check import check

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


app.command("check")(check)


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
