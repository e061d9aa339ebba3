"""`takeback policy simulate`: past drops under other rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, known_zone, put_json
from kiosk.cli.policy_case import policy_of
from kiosk.cli.policy_files import active
from kiosk.cli.policy_replay import judge, past
from kiosk.cli.policy_weighing import (
    ASKED,
    CHANGED,
    Came,
    Replayed,
    money,
    summary,
    sums,
    untold,
    weigh,
)

if TYPE_CHECKING:
    from kiosk.cli.policy_past import Past
    from kiosk.domain.events import LineFact
    from kiosk.domain.policy.model import Policy

Logs = Annotated[
    list[Path],
    typer.Option(
        "--drops",
        help="A history that `takeback audit export` wrote. Several kiosks': give it for each.",
        show_default=False,
    ),
]
Kiosk = Annotated[
    Path | None,
    typer.Option(
        help="A kiosk whose bundle still knows the returns: more can be told of old drops.",
        show_default=False,
    ),
]
Zone = Annotated[str, typer.Option(help="The merchant's time zone, where none is known.")]


def simulate(
    file: Annotated[Path, typer.Argument(help="The rules to try.", show_default=False)],
    logs: Logs,
    merchant: Annotated[
        str, typer.Option(help="Whose rules of the file, and whose drops.", show_default=False)
    ] = "",
    settings: Kiosk = None,
    zone: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """Replay past drops under other rules: which verdicts would change, and by how much money.

    Each drop is judged by what its kiosk knew then: earlier drops count as they really were. A
    line whose new rules look at something that nobody knows is told apart, not guessed.
    """
    policy = policy_of(file, merchant)
    bundle = active(settings) if settings else None
    wanted = merchant or policy.merchant_id
    replayed = [
        one
        for drop in past(logs, bundle, known_zone(zone))
        if wanted in ("", drop.told.event.merchant_id)
        for one in _replay(policy, drop)
    ]
    if as_json:
        put_json({"lines": replayed})
        return
    _tell(replayed)


def _replay(policy: Policy, drop: Past) -> Iterator[Replayed]:
    told = drop.told
    for one in judge(policy, drop):
        yield weigh(told.subject, told.event.merchant_id, one, _was(one.line))


def _was(line: LineFact) -> Came:
    return Came(line.outcome, line.refund + line.bonus, "")


def _tell(lines: Sequence[Replayed]) -> None:
    typer.echo(summary(lines))
    changed = [one for one in lines if one.fate == CHANGED]
    if changed:
        typer.echo(f"refunds: {sums(changed)}")
    for rule in sorted({one.rule for one in changed}):
        group = [one for one in changed if one.rule == rule]
        typer.echo(f"\nby {rule or 'no rule'}: {len(group)} lines, {sums(group)}")
        for one in group:
            refunds = f"{money(one.refund_before, one.currency)} -> "
            refunds += money(one.refund_after, one.currency)
            typer.echo(f"  {one.drop} {one.sku}: {one.before} -> {one.after}, refund {refunds}")
    for one in lines:
        if one.fate == ASKED:
            typer.echo(f"  {one.drop} {one.sku}: {one.rule} {one.after}")
    for line in untold(lines):
        typer.echo(line)
