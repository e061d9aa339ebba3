"""One command, `takeback`; tests, engineers and scripts use the same doors as the screens.

Every subcommand answers a person by default and a machine with `--json`. Exit codes: 0 done,
1 the answer is no, 2 the call was wrong.
"""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.cli.audit import app as audit
from kiosk.cli.central import app as central
from kiosk.cli.code import code
from kiosk.cli.common import House
from kiosk.cli.demo import demo
from kiosk.cli.device import device, doctor, enrol, settings
from kiosk.cli.policy import app as policy
from kiosk.cli.policy_import import import_policy
from kiosk.cli.receipt import app as receipt
from kiosk.cli.scan import scan
from kiosk.cli.store import app as store

app = typer.Typer(
    name="takeback",
    cls=House,
    help="Self-service returns kiosk, its central service, and the tools around them.",
    epilog="Exit codes: 0 done, 1 the answer is no, 2 the call was wrong.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command(
    "run",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def run(context: typer.Context) -> None:
    """Run the kiosk on this machine."""
    from kiosk.bootstrap import run_command

    raise typer.Exit(run_command(context.args))


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Self-service returns kiosk, its central service, and the tools around them."""
    if show:
        from kiosk import __version__

        typer.echo(__version__)
        raise typer.Exit


app.command("demo")(demo)
app.command("scan")(scan)
app.command("code")(code)
app.command("enrol")(enrol)
app.command("doctor")(doctor)
app.command("settings")(settings)
policy.command("import")(import_policy)
app.add_typer(policy, name="policy")
app.add_typer(receipt, name="receipt")
app.add_typer(audit, name="audit")
app.add_typer(store, name="store")
app.add_typer(central, name="central")
app.add_typer(device, name="device")
