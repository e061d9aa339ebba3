"""`takeback policy diff`: what two files of rules say differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, known_zone, put_json, table
from kiosk.cli.policy_files import active, made
from kiosk.cli.policy_replay import judge, past
from kiosk.cli.policy_simulate import Kiosk, Zone
from kiosk.cli.policy_weighing import ASKED, CHANGED, Replayed, came, summary, sums, untold, weigh

if TYPE_CHECKING:
    from kiosk.cli.policy_past import Past
    from kiosk.domain.policy.file.diffing import Difference
    from kiosk.domain.policy.model import Policy

Specs = list[Mapping[str, object]]
Logs = Annotated[
    list[Path] | None,
    typer.Option(
        "--drops",
        help="Which past drops would come out differently: a history of `takeback audit export`.",
        show_default=False,
    ),
]


def diff(
    old: Annotated[Path, typer.Argument(help="The rules as they are.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The rules as they would be.", show_default=False)],
    logs: Logs = None,
    settings: Kiosk = None,
    zone: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """Rules added, removed and changed, by what they say: order and spelling do not matter.

    With --drops also which past drops the two would judge differently, by merchant and outcome.
    Exit code 1 where anything differs.
    """
    before, after = _shops(old), _shops(new)
    found = [
        (merchant, one)
        for merchant in sorted(before.keys() | after.keys())
        for one in _differences(before.get(merchant, []), after.get(merchant, []))
    ]
    bundle = active(settings) if settings else None
    drops = past(logs, bundle, known_zone(zone)) if logs else ()
    replayed = [line for drop in drops for line in _both(before, after, drop)]
    if as_json:
        differences = [{"merchant": m, "difference": one} for m, one in found]
        put_json({"differences": differences, **({"lines": replayed} if logs else {})})
    else:
        for merchant, one in found:
            _tell(merchant, one)
        typer.echo(f"{len(found)} rules differ")
        if logs:
            _tell_drops(replayed)
    if found:
        raise typer.Exit(1)


def _both(before: dict[str, Specs], after: dict[str, Specs], drop: Past) -> Iterator[Replayed]:
    """The lines of a drop under both; what either cannot be told, cannot be compared."""
    merchant = drop.told.event.merchant_id
    olds = judge(_policy(before, merchant), drop)
    news = judge(_policy(after, merchant), drop)
    for was, now in zip(olds, news, strict=True):
        yield weigh(drop.told.subject, merchant, now, came(was.decision), was.missing)


def _policy(shops: dict[str, Specs], merchant: str) -> Policy:
    """A merchant's rules; those of a file without merchants are everybody's; else there are
    none."""
    from kiosk.domain.policy.model import Policy
    from kiosk.domain.policy.rules import build

    specs = shops.get(merchant, shops.get("", []))
    return Policy(0, merchant, tuple(build(spec) for spec in specs))


def _tell_drops(lines: Sequence[Replayed]) -> None:
    typer.echo(f"\n{summary(lines)}")
    groups: dict[tuple[str, str, str], list[Replayed]] = defaultdict(list)
    for one in lines:
        if one.fate in (CHANGED, ASKED):
            groups[one.merchant, one.before, one.after].append(one)
    if groups:
        rows: list[tuple[str, ...]] = [("merchant", "before", "after", "drops", "lines", "refunds")]
        for (merchant, was, now), group in sorted(groups.items()):
            count = str(len({one.drop for one in group})), str(len(group))
            rows.append((merchant, was, now, *count, sums(group)))
        table(rows)
    for (_, was, now), group in sorted(groups.items()):
        for one in group:
            typer.echo(f"  {one.drop} {one.sku}: {was} -> {now}")
    for line in untold(lines):
        typer.echo(line)


def _shops(file: Path) -> dict[str, Specs]:
    return {shop.merchant_id: list(shop.specs) for shop in made(file).shops}


def _differences(old: Specs, new: Specs) -> list[Difference]:
    from kiosk.domain.policy.file.diffing import differences

    return list(differences(old, new))


def _tell(merchant: str, one: Difference) -> None:
    name = f"{merchant}: {one.rule}" if merchant else one.rule
    typer.echo(f"{name}: {one.change.value}")
    for detail in one.details:
        typer.echo(f"  {detail}")
