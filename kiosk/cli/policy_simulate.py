"""`takeback policy simulate`: past drops under other rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, known_zone, put_json
from kiosk.cli.policy_files import active, shop
from kiosk.cli.policy_replay import Past, drops, judged, missing

if TYPE_CHECKING:
    from kiosk.domain.policy.model import Policy

SAME, CHANGED, ASKED, UNTOLD = "same", "changed", "asked", "cannot_be_told"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One line under the new rules. Amounts in minor units; `refund` with what comes on top.
    `rule` is what decides now; `missing` are the facts that nobody recorded."""

    drop: str
    sku: str
    fate: str
    before: str
    after: str
    refund_before: int
    refund_after: int
    currency: str
    rule: str
    missing: tuple[str, ...] = ()


def simulate(
    file: Annotated[Path, typer.Argument(help="The rules to try.", show_default=False)],
    log: Annotated[
        Path,
        typer.Option("--drops", help="A history that `takeback audit export` wrote."),
    ],
    merchant: Annotated[
        str, typer.Option(help="Whose rules of the file, and whose drops.", show_default=False)
    ] = "",
    settings: Annotated[
        Path | None,
        typer.Option(
            help="A kiosk whose bundle still knows the returns: more can be told.",
            show_default=False,
        ),
    ] = None,
    zone: Annotated[str, typer.Option(help="The merchant's time zone, where none is known.")] = (
        "UTC"
    ),
    as_json: AsJson = False,
) -> None:
    """Replay past drops under other rules: which verdicts would change, and by how much money.

    A line whose new rules look at something that was not recorded is told apart, not guessed.
    """
    from kiosk.domain.policy.model import Policy
    from kiosk.domain.policy.rules import build

    found = shop(file, merchant)
    policy = Policy(0, found.merchant_id, tuple(build(spec) for spec in found.specs))
    bundle = active(settings) if settings else None
    wanted = merchant or found.merchant_id
    replayed = [
        one
        for past in drops(log, bundle, known_zone(zone))
        if past.facts and wanted in ("", past.facts[0].authorisation.merchant_id)
        for one in _replay(policy, past)
    ]
    if as_json:
        put_json({"lines": replayed})
        return
    _tell(replayed)


def _replay(policy: Policy, past: Past) -> Iterator[Replayed]:
    from kiosk.domain.policy.model import Ask

    decisions = judged(policy, past)
    for line, facts, known, new in zip(past.lines, past.facts, past.known, decisions, strict=True):
        unknown = missing(policy, facts, known)
        before = line.refund + line.bonus
        if isinstance(new, Ask):
            after, refund, rule, fate = f"asks {new.question.question_id}", 0, new.rule_id, ASKED
        else:
            after, refund = new.outcome.value, new.refund.minor
            refund += new.bonus.minor if new.bonus else 0
            rule = new.rule_ids[0] if new.rule_ids else ""
            same = (line.outcome, before) == (after, refund)
            fate = SAME if same else CHANGED
        yield Replayed(
            drop=past.subject,
            sku=line.sku,
            fate=UNTOLD if unknown else fate,
            before=line.outcome,
            after="" if unknown else after,
            refund_before=before,
            refund_after=before if unknown else refund,
            currency=line.currency,
            rule="" if unknown else rule,
            missing=unknown,
        )


def _tell(lines: list[Replayed]) -> None:
    count = Counter(one.fate for one in lines)
    typer.echo(
        f"{len({one.drop for one in lines})} drops, {len(lines)} lines: {count[SAME]} as before, "
        f"{count[CHANGED]} change, {count[ASKED]} would be asked, {count[UNTOLD]} cannot be told"
    )
    changed = [one for one in lines if one.fate == CHANGED]
    if changed:
        typer.echo(f"refunds: {_sums(changed)}")
    for rule in sorted({one.rule for one in changed}):
        group = [one for one in changed if one.rule == rule]
        typer.echo(f"\nby {rule or 'no rule'}: {len(group)} lines, {_sums(group)}")
        for one in group:
            refunds = f"{_money(one.refund_before, one.currency)} -> "
            refunds += _money(one.refund_after, one.currency)
            typer.echo(f"  {one.drop} {one.sku}: {one.before} -> {one.after}, refund {refunds}")
    for one in lines:
        if one.fate == ASKED:
            typer.echo(f"  {one.drop} {one.sku}: {one.rule} {one.after}")
    untold = Counter(path for one in lines for path in one.missing)
    for path, times in sorted(untold.items()):
        typer.echo(f"not recorded: {path}, in {times} lines")


def _sums(lines: list[Replayed]) -> str:
    sums: Counter[str] = Counter()
    for one in lines:
        sums[one.currency] += one.refund_after - one.refund_before
    return ", ".join(_money(sums[currency], currency, sign=True) for currency in sorted(sums))


def _money(minor: int, currency: str, sign: bool = False) -> str:
    from kiosk.domain.money import Money
    from kiosk.words import words

    text = words("en").money(Money(minor, currency))
    return f"+{text}" if sign and minor > 0 else text
