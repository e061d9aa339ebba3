"""`takeback central policy ...`: bundles, their keys, and what must not be taken any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from kiosk.cli import central_import, central_make_key, central_publish
from kiosk.cli.central_database import (
    DEFAULT_DATABASE,
    DatabaseUrl,
    Key,
    Tenant,
    known_device,
    known_tenant,
    opened,
    signing_key,
)
from kiosk.cli.common import AsJson, fail, put_json

app = typer.Typer(help="Policy bundles, their keys, and revocations.", no_args_is_help=True)

app.command("make-key")(central_make_key.make_key)
app.command("publish")(central_publish.publish)
app.command("rollback")(central_publish.rollback)
app.command("widen")(central_publish.widen)
app.command("stop")(central_publish.stop)
app.command("list")(central_publish.show)
app.command("import-returns")(central_import.returns)
app.command("import-forms")(central_import.forms)


@app.command("revoke-code")
def revoke_code(
    code_id: Annotated[str, typer.Argument(help="The code's id, as drops and cases name it.")],
    tenant: Tenant,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """From the next bundle on, no kiosk takes this return code."""
    from sync.central import policy

    if not code_id.strip() or len(code_id) > 200:
        fail("a code's id has 1 to 200 characters", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        policy.revoke_code(there, tenant, code_id.strip())
    _say(as_json, {"revoked": code_id.strip()}, "revoked with the next bundle")


@app.command("revoke-kiosk")
def revoke_kiosk(
    kiosk: Annotated[str, typer.Argument(help="Its device id, or its code where only one has it.")],
    tenant: Tenant,
    why: Annotated[str, typer.Option(help="For whoever looks at it later.")] = "",
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """From its next contact on this kiosk takes nothing; what it still sends is set aside."""
    from kiosk.world import SystemClock
    from sync.central import audit, devices

    with opened(database) as there:
        known_tenant(there, tenant)
        device = known_device(there, tenant, kiosk)
        devices.revoke(there, SystemClock(), audit.at_console(tenant), device, why[:300])
    _say(as_json, {"revoked": device}, f"{device} is revoked")


@app.command("announce-key")
def announce_key(
    new: Annotated[str, typer.Argument(metavar="TENANT:KID:FILE", help="The key that comes.")],
    key: Key,
    days: Annotated[int, typer.Option(help="So long the old key stays good.", min=0)] = 30,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Let kiosks trust another bundle key, on the word of one that they trust."""
    from kiosk.world import SystemClock
    from sync.central.policy import keyrings

    (tenant, signer), (other, coming) = signing_key(key), signing_key(new)
    if other != tenant or coming.kid == signer.kid:
        fail("both keys are of one tenant and have names of their own", code=2)
    with opened(database) as there:
        known_tenant(there, tenant)
        try:
            version = keyrings.announce(
                there, SystemClock(), tenant, coming, signer, timedelta(days=days)
            )
        except LookupError as error:
            fail(str(error.args[0]))
    _say(as_json, {"keys_version": version}, f"{coming.kid} is announced; serve with it from now")


@app.command("revoke-key")
def revoke_key(
    kid: Annotated[str, typer.Argument(help="The name of the key that was lost.")],
    key: Key,
    database: DatabaseUrl = DEFAULT_DATABASE,
    as_json: AsJson = False,
) -> None:
    """Never again believe a bundle key, on the word of another."""
    from kiosk.world import SystemClock
    from sync.central.policy import keyrings

    tenant, signer = signing_key(key)
    with opened(database) as there:
        known_tenant(there, tenant)
        try:
            version = keyrings.revoke(there, SystemClock(), tenant, kid, signer)
        except LookupError as error:
            fail(str(error.args[0]))
    _say(as_json, {"keys_version": version}, f"{kid} is revoked; publish with {signer.kid}")


def _say(as_json: bool, value: dict[str, object], text: str) -> None:
    if as_json:
        put_json(value)
    else:
        typer.echo(text)
