"""`takeback enrol`, `doctor` and `settings`: what a field engineer needs."""

from __future__ import annotations

import re
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    SettingsPath,
    as_owner,
    drawing,
    fail,
    put_json,
    read_settings,
    table,
)

if TYPE_CHECKING:
    from kiosk.checks import Check

SENTENCES = {
    "code_refused": "the centre does not take this code; ask the back office for a new one",
    "too_many_tries": "too many wrong codes from here; wait ten minutes",
    "centre_away": "the centre cannot be reached; check the address and the network",
    "already_enrolled": "this kiosk is enrolled already; its data directory has an identity",
    "not_enrolled": "no identity was written; try again with the same code",
    "sealed": "the device key is encrypted and the store's key is missing or another's; see doctor",
    "unreadable": "a file of the identity is damaged; look into the data directory",
}

ROTATE_SENTENCES = {
    "centre_away": "the centre cannot be reached; the old key goes on, try again later",
    "refused": "the centre does not take a new key from this kiosk; ask the back office",
    "unreadable": "a key file is damaged, or the store's key is missing; see takeback doctor",
}


def enrol(
    url: Annotated[
        str, typer.Argument(help="The centre's base address, or an enrolment code (TE1:...).")
    ],
    code: Annotated[
        str, typer.Argument(help="The one-time code; none beside an enrolment code.")
    ] = "",
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Make this kiosk's key and introduce it to the centre.

    The back office hands out an address and a code, or one enrolment code (TE1:...) with both in
    it, as a hand-held scanner types it. The key never leaves this machine. If the answer is lost
    on the way, ask again with the same code within ten minutes.
    """
    from kiosk.checks.outside import tls
    from kiosk.world import SystemClock, SystemIds
    from sync.agent.enrol import EnrolFault
    from sync.agent.enrol import enrol as introduce

    if not code:
        url, code = _in_one(url)
    if not re.fullmatch(r"https?://[^\s/]+\S*", url):
        fail(f"{url!r} is no address; it begins with https:// (or http:// for a trial)", code=2)
    installed = read_settings(settings)
    data = installed.data
    as_owner(data)
    answer = introduce(url, code, data, SystemClock(), SystemIds(), tls(installed))
    if isinstance(answer, EnrolFault):
        fail(SENTENCES[answer.value])
    if as_json:
        put_json({"device_id": answer.device_id, "site": answer.site})
    else:
        typer.echo(f"enrolled as {answer.device_id} at {answer.site}")


def _in_one(text: str) -> tuple[str, str]:
    """Address and secret of an enrolment code; a sentence and exit code 2 for what is none."""
    from kiosk.domain import codes
    from kiosk.domain.codes.model import EnrolmentCode, Unreadable

    found = codes.parse(text, b"", "")
    if isinstance(found, Unreadable) and found.kind == "enrolment":
        fail("this enrolment code is cut or changed; scan it again", code=2)
    if not isinstance(found, EnrolmentCode):
        fail("give the address and the one-time code, or an enrolment code (TE1:...)", code=2)
    return found.centre_url, found.secret


device = typer.Typer(help="This kiosk's own identity.", no_args_is_help=True)


@device.command("rotate-key")
def rotate_key(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """Make a new device key, signed by the old one; the centre takes both for a week.

    May be run beside a working kiosk, and again after any failure: the same new key is offered.
    """
    from kiosk import __version__
    from kiosk.checks.outside import tls
    from kiosk.world import SystemClock, SystemIds
    from sync.agent import secure
    from sync.agent.client import Client
    from sync.agent.device_keys import DeviceKeys
    from sync.agent.enrol import EnrolFault, load_identity
    from sync.agent.rotation import RotateFault, rotate

    installed = read_settings(settings)
    as_owner(installed.data)
    who = load_identity(installed.data)
    if isinstance(who, EnrolFault):
        fail(SENTENCES[who.value])
    keys, ids = DeviceKeys(installed.data, who.device_id), SystemIds()
    client = Client(
        installed.centre.url or who.centre_url,
        who.device_id,
        who.key,
        SystemClock(),
        ids,
        __version__,
        installed.centre.timeout_s,
        session=secure.session(tls(installed)),
        keys=keys,
    )
    try:
        answer = rotate(client, keys, ids)
    finally:
        client.close()
    if isinstance(answer, RotateFault):
        fail(ROTATE_SENTENCES[answer.value])
    if as_json:
        put_json({"device_id": who.device_id, "public_key": answer.public.hex()})
    else:
        typer.echo(f"{who.device_id} has a new key: {answer.public.hex()}")


def doctor(
    settings: SettingsPath = DEFAULT_SETTINGS,
    print_test: Annotated[
        bool, typer.Option("--print-test", help="Also print a small slip on every printer.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check everything the kiosk needs and name the mend for what is wrong.

    May be run beside a working kiosk: it then asks the kiosk's own record about the devices.
    """
    from kiosk.doctor import examine

    installed = read_settings(settings)
    with drawing() if print_test else nullcontext():
        checks = examine(installed, print_test=print_test)
    well = all(check.well for check in checks)
    if as_json:
        put_json({"checks": checks, "well": well})
    else:
        _tell(checks)
    if not well:
        raise typer.Exit(1)


def _tell(checks: list[Check]) -> None:
    """A table, then the mends of what is wrong, then advice."""
    marks = {True: "ok", False: "WRONG"}
    rows: list[tuple[str, ...]] = []
    for check in checks:
        mark = "look" if check.well and check.mend else marks[check.well]
        rows.append((mark, check.name, check.finding))
    table(rows)
    for check in sorted(checks, key=lambda check: check.well):
        if check.mend:
            typer.echo(f"{'advice' if check.well else 'mend'} {check.name}: {check.mend}")


def settings(
    file: Annotated[
        Path | None, typer.Argument(help="A file to check; without it, the reference of all keys.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the reference of all settings, or check a file.

    With --json: what is in force, defaults included.
    """
    from kiosk.settings import Settings
    from kiosk.settings_reference import reference

    if as_json:
        put_json(Settings() if file is None else read_settings(file))
    elif file is None:
        typer.echo(reference(), nl=False)
    else:
        read_settings(file)
        typer.echo(f"{file}: good")
