"""`takeback enrol`, `doctor` and `settings`: what a field engineer needs."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.cli.common import DEFAULT_SETTINGS, AsJson, SettingsPath, fail, put_json, table
from kiosk.settings import Settings, SettingsError, load

SENTENCES = {
    "code_refused": "the centre does not take this code; ask the back office for a new one",
    "too_many_tries": "too many wrong codes from here; wait ten minutes",
    "centre_away": "the centre cannot be reached; check the address and the network",
    "already_enrolled": "this kiosk is enrolled already; its data directory has an identity",
    "not_enrolled": "no identity was written; try again with the same code",
    "unreadable": "a file of the identity is damaged; look into the data directory",
}


def read_settings(path: SettingsPath) -> Settings:
    """The settings, or a sentence on standard error and exit code 2."""
    try:
        return load(path)
    except SettingsError as error:
        fail(str(error), code=2)


def enrol(
    url: Annotated[str, typer.Argument(help="The centre's base address.")],
    code: Annotated[str, typer.Argument(help="The one-time code from the back office.")],
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Make this kiosk's key and introduce it to the centre."""
    from kiosk.world import SystemClock, SystemIds
    from sync.agent.enrol import EnrolFault
    from sync.agent.enrol import enrol as introduce

    data = read_settings(settings).data
    answer = introduce(url, code, data, SystemClock(), SystemIds())
    if isinstance(answer, EnrolFault):
        fail(SENTENCES[answer.value])
    if as_json:
        put_json({"device_id": answer.device_id, "site": answer.site})
    else:
        typer.echo(f"enrolled as {answer.device_id} at {answer.site}")


def doctor(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Check everything the kiosk needs and name the mend for what is wrong."""
    from kiosk.doctor import examine

    checks = examine(read_settings(settings))
    if as_json:
        put_json({"checks": checks, "well": all(c.well for c in checks)})
    else:
        table([("ok" if c.well else "WRONG", c.name, c.finding) for c in checks])
        for check in checks:
            if not check.well:
                typer.echo(f"mend {check.name}: {check.mend}")
    if not all(c.well for c in checks):
        raise typer.Exit(1)


def settings(
    path: Annotated[SettingsPath | None, typer.Argument(help="A file to check.")] = None,
) -> None:
    """Print the reference of all settings, or check a file."""
    from kiosk.settings_reference import reference

    if path is None:
        typer.echo(reference(), nl=False)
    else:
        read_settings(path)
        typer.echo(f"{path}: good")
