"""`takeback policy explain`: why a return gets its verdict, rule by rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
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
    speak,
)
from kiosk.cli.policy_case import Case, Moment, bundled, by_file, written

if TYPE_CHECKING:
    from kiosk.domain.look import Look
    from kiosk.domain.policy.explain import Step, Trace
    from kiosk.domain.policy.model import Facts
    from kiosk.words import Words


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
    offline: Annotated[
        bool, typer.Option("--offline", help="As if the centre were out of reach.")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--anew", help="As if nothing of the return had been dropped yet.")
    ] = False,
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
    """Why each line of a return gets its verdict, all items brought that are left.

    Judges as this kiosk would now: by its settings, its bundle and what its ledger remembers.
    Tells what became of every rule. Without a kiosk: --file with the rules, --facts with the
    return.
    """
    from kiosk.domain.policy.explain import explain as traces

    say = speak(language)
    if (return_id is None) == (facts is None):
        fail("name a return of the bundle, or one written down: --facts FILE", code=2)
    if facts is not None:
        case = written(facts, file, merchant)
    else:
        case = bundled(settings, return_id or "", Moment(moment(at), offline, anew), say)
        if file is not None:
            case = by_file(case, file, merchant)
    found = traces(case.policy, case.facts)
    if as_json:
        put_json(_json(case, found, say))
        return
    for line in _told(case, found, say):
        typer.echo(line)


def moment(text: str) -> datetime | None:
    """An aware instant; None for ""."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no moment; write one as 2026-05-04T09:30:00+02:00", code=2)
    if found.tzinfo is None:
        fail(f"{text!r} lacks its offset from UTC; write it as {text}+00:00", code=2)
    return found


def _told(case: Case, found: tuple[Trace, ...], say: Words) -> Iterator[str]:
    from kiosk.words import assisting

    if case.head is not None:
        yield from assisting.judged(say, case.head, case.head.context.now)
        if case.files:
            yield assisting.row(say, say.t("By the rules in"), str(case.files[0]))
    else:
        facts, rules = case.files
        yield assisting.row(say, say.t("Return"), str(facts))
        yield assisting.row(say, say.t("Rules"), str(rules))
    for one, trace in zip(case.facts, found, strict=True):
        yield ""
        yield from assisting.item(say, one, trace)


def _json(case: Case, found: tuple[Trace, ...], say: Words) -> dict[str, Any]:
    """Codes for machines; beside them, under `says`, what people read."""
    head = case.head
    return {
        "return_id": case.return_id,
        "bundle": case.policy.number,
        "state": case.state,
        "language": say.language,
        "kiosk": head.context if head else None,
        "refused": head.refused if head else (),
        "says": [f"{say.reason(one)} {say.next_step(one)}" for one in head.refused] if head else [],
        "lines": [
            _line_json(one, trace, say) for one, trace in zip(case.facts, found, strict=True)
        ],
    }


def _line_json(facts: Facts, trace: Trace, say: Words) -> dict[str, Any]:
    from kiosk.domain.policy.model import Verdict
    from kiosk.words import assisting

    decided = trace.result
    if isinstance(decided, Verdict):  # its inputs may be named only now
        decided = replace(decided, inputs=dict(decided.inputs))
    return {
        "line": facts.line,
        "brought": facts.brought,
        "already_dropped": facts.already_dropped,
        "decision": decided,
        "rules": [_step_json(step, say, facts.merchant.look) for step in trace.steps],
        "says": list(assisting.item(say, facts, trace)),
    }


def _step_json(step: Step, say: Words, look: Look) -> dict[str, Any]:
    from kiosk.words import assisting, explaining

    return {
        "rule_id": step.rule_id,
        "tag": step.tag,
        "priority": step.priority,
        "fate": step.fate,
        "checked": step.checked,
        "say": step.say,
        "by": step.by,
        "name": assisting.rule(say, step),
        "says": [explaining.step(say, step, look), *explaining.checks(say, step)],
    }
