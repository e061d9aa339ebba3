"""`takeback policy`: what a kiosk decides by, and why."""

from __future__ import annotations

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    SettingsPath,
    put_json,
    table,
)
from kiosk.cli.policy_check import check
from kiosk.cli.policy_diff import diff
from kiosk.cli.policy_explain import explain
from kiosk.cli.policy_files import active, state
from kiosk.cli.policy_simulate import simulate

app = typer.Typer(help="Rules and the signed bundle.", no_args_is_help=True)


@app.command("show")
def show(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """The bundle in force: number, age, merchants, rules."""
    from kiosk.world import SystemClock

    found = active(settings)
    info, content = found.info, found.content
    age = state(info, SystemClock().now())
    if as_json:
        put_json({"bundle": info, "state": age, "merchants": content.merchants})
        return
    typer.echo(
        f"bundle {info.number} of {info.tenant} is {age}: issued {info.issued:%Y-%m-%d %H:%M}, "
        f"warns after {info.warn_after:%Y-%m-%d %H:%M}, ends {info.accept_until:%Y-%m-%d %H:%M} UTC"
    )
    rows: list[tuple[str, ...]] = [("merchant", "name", "rules")]
    rows += [
        (m.merchant_id, m.name, str(len(content.rules.get(m.merchant_id, ()))))
        for m in content.merchants
    ]
    table(rows)


app.command("check")(check)


app.command("explain")(explain)
app.command("diff")(diff)
app.command("simulate")(simulate)
