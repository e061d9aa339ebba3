"""`takeback policy diff`: what two files of rules say differently."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import AsJson, put_json
from kiosk.cli.policy_files import made

if TYPE_CHECKING:
    from kiosk.domain.policy.file.diffing import Difference

Specs = list[Mapping[str, object]]


def diff(
    old: Annotated[Path, typer.Argument(help="The rules as they are.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The rules as they would be.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Rules added, removed and changed, by what they say: order and spelling do not matter.

    Exit code 1 where anything differs. What it would have changed: takeback policy simulate.
    """
    before, after = _shops(old), _shops(new)
    found = [
        (merchant, one)
        for merchant in sorted(before.keys() | after.keys())
        for one in _differences(before.get(merchant, []), after.get(merchant, []))
    ]
    if as_json:
        put_json({"differences": [{"merchant": m, "difference": one} for m, one in found]})
    else:
        for merchant, one in found:
            _tell(merchant, one)
        typer.echo(f"{len(found)} rules differ")
    if found:
        raise typer.Exit(1)


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
