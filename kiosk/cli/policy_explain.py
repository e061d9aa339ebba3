"""`takeback policy explain`: why a return gets its verdict, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    speak,
)
from kiosk.cli.policy_facts import read_facts
from kiosk.cli.policy_files import active, shop, state

if TYPE_CHECKING:
    from kiosk.domain.policy.explain import Trace
    from kiosk.domain.policy.model import Facts, Policy
    from kiosk.domain.reasons import Reason
    from kiosk.domain.returns import Authorisation, Merchant
    from kiosk.store.policy_file import ActivePolicy
    from kiosk.words import Words


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged, and by what. `heading` and `notes` are for people."""

    return_id: str
    policy: Policy
    facts: tuple[Facts, ...]
    heading: str
    state: str
    refused: Reason | None = None


def explain(
    return_id: Annotated[
        str | None,
        typer.Argument(help="A return's id or its short code.", show_default=False),
    ] = None,
    settings: SettingsPath = DEFAULT_SETTINGS,
    language: Language = "en",
    at: Annotated[
        str, typer.Option(help="As if it were this moment (ISO 8601 with its offset from UTC).")
    ] = "",
    file: Annotated[
        Path | None,
        typer.Option(help="By the rules of this file, not by the bundle's.", show_default=False),
    ] = None,
    facts: Annotated[
        Path | None,
        typer.Option(help="A return written down in this file.", show_default=False),
    ] = None,
    merchant: Annotated[
        str, typer.Option(help="Whose rules of the file.", show_default=False)
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Why each line of a return gets its verdict, all items brought.

    Tells what became of every rule. Without a kiosk: --file with the rules, --facts with the
    return. Shows the policy's say alone: what was dropped here before is not looked at.
    """
    from kiosk.domain.policy.explain import explain as traces

    say = speak(language)
    if (return_id is None) == (facts is None):
        fail("name a return of the bundle, or one written down: --facts FILE", code=2)
    case = (
        _written(facts, file, merchant)
        if facts is not None
        else _bundled(settings, return_id or "", at)
    )
    if file is not None and facts is None:
        case = replace(case, policy=_policy(file, merchant or case.policy.merchant_id))
    found = traces(case.policy, case.facts)
    if as_json:
        lines = [
            {
                "line": one.line,
                "brought": one.brought,
                "decision": trace.result,
                "rules": trace.steps,
            }
            for one, trace in zip(case.facts, found, strict=True)
        ]
        put_json(
            {
                "return_id": case.return_id,
                "bundle": case.policy.number,
                "state": case.state,
                "refused": case.refused,
                "lines": lines,
            }
        )
        return
    typer.echo(case.heading)
    if case.refused is not None:
        typer.echo(f"the whole return is turned away: {say.reason(case.refused)}")
    for one, trace in zip(case.facts, found, strict=True):
        _tell(one, trace, say)


def _policy(file: Path, merchant: str) -> Policy:
    from kiosk.domain.policy.model import Policy
    from kiosk.domain.policy.rules import build

    found = shop(file, merchant)
    return Policy(0, found.merchant_id, tuple(build(spec) for spec in found.specs))


def _written(facts: Path, file: Path | None, merchant: str) -> Case:
    if file is None:
        fail("a return that is written down needs rules: --file FILE", code=2)
    lines = read_facts(facts)
    return Case(
        return_id=lines[0].authorisation.return_id if lines else "",
        policy=_policy(file, merchant),
        facts=lines,
        heading=f"{facts} by the rules of {file}",
        state="in force",
    )


def _bundled(settings: Path, return_id: str, at: str) -> Case:
    from kiosk.app.finding import standing
    from kiosk.app.site import Site
    from kiosk.domain.policy.model import Facts

    now = moment(at)
    bundle = active(settings)
    found, merchant, policy = _return(bundle, return_id)
    heading = f"{found.return_id} of {merchant.name}, {found.state.value}, bundle {bundle.number}"
    if now >= bundle.info.accept_until:
        heading += "\nthe bundle is expired at that moment: the kiosk takes nothing"
    context = Site().context(now, offline=False, policy=bundle)
    return Case(
        return_id=found.return_id,
        policy=policy,
        facts=tuple(
            Facts(found, line, merchant, context, line.quantity)
            for line in found.lines
            if line.quantity > 0
        ),
        heading=heading,
        state=state(bundle.info, now),
        refused=standing(found, merchant.timezone, now),
    )


def moment(text: str) -> datetime:
    """An aware instant; now for ""."""
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


def _return(bundle: ActivePolicy, text: str) -> tuple[Authorisation, Merchant, Policy]:
    from kiosk.domain.codes import parse_short
    from kiosk.domain.codes.model import ShortCode

    found = bundle.find_return(text)
    if found is None:
        short = parse_short(text)
        found = bundle.find_short(short.text) if isinstance(short, ShortCode) else None
    if found is None:
        fail(f"bundle {bundle.number} knows no return {text}")
    merchant = bundle.merchants.get(found.merchant_id)
    if merchant is None:
        fail(f"bundle {bundle.number} does not describe the merchant {found.merchant_id}")
    return found, merchant, bundle.policy_for(merchant.merchant_id)


def _tell(facts: Facts, trace: Trace, say: Words) -> None:
    from kiosk.domain.money import Money
    from kiosk.domain.policy.model import Ask
    from kiosk.words import explaining

    typer.echo(f"\n{facts.line.name} x {facts.brought}")
    result = trace.result
    if isinstance(result, Ask):
        _row(say.t("asks first"), say.question(result.question))
    else:
        typer.echo(f"  {result.outcome.value}: {say.verdict(result)}")
        because = f"{say.reason(result.reason)} {say.next_step(result.reason)}"
        _row(say.t("because"), because)
        if result.instead:
            _row(say.t("the shopper can"), say.instead(result))
        price = Money(facts.line.price.minor * facts.brought, facts.line.price.currency)
        _row(say.t("the money"))
        for what, amount in explaining.money(say, result, price):
            typer.echo(f"    {what}: {amount}")
    _row(say.t("rule by rule"))
    for step in trace.steps:
        typer.echo(f"    {step.rule_id}: {explaining.step(say, step)}")
        for check in explaining.checks(say, step):
            typer.echo(f"      {check}")


def _row(heading: str, text: str = "") -> None:
    typer.echo(f"  {heading}: {text}".rstrip())
