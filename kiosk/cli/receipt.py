"""`takeback receipt`: look at, prove and print again what was promised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import DEFAULT_SETTINGS, AsJson, SettingsPath, fail, put_json
from kiosk.cli.device import read_settings

if TYPE_CHECKING:
    from kiosk.ports import Document
    from kiosk.settings import Settings
    from kiosk.store.store import Store

app = typer.Typer(help="Receipts of this kiosk.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The drop's number, as printed.")]
Language = Annotated[str, typer.Option(help="Words in this language.")]


def _open(settings: Settings) -> Store:
    from kiosk.store import StoreCause, Unavailable, try_open
    from kiosk.world import SystemClock, SystemIds

    store = try_open(settings.data, SystemClock(), SystemIds())
    if isinstance(store, Unavailable):
        if store.cause is StoreCause.IN_USE:
            fail("the kiosk is running and holds its ledger; stop it first")
        fail(f"the ledger cannot be opened: {store.cause.value} {store.detail}")
    return store


def _document(settings: Settings, store: Store, number: str, language: str) -> Document:
    from kiosk.app import receipt
    from kiosk.app.printing import Receipts
    from kiosk.words import words
    from kiosk.world import SystemClock

    drop = Receipts(store, SystemClock()).load(number)
    if drop is None:
        fail(f"this kiosk has promised no drop {number}")
    return receipt.document(drop, words(language), settings.timezone, settings.site_name)


def _headless() -> None:
    """Qt draws the paper, and needs an application for its fonts, but no screen."""
    import os

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.app import application

    application()


@app.command("show")
def show(
    number: Number,
    out: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("receipt.png"),
    language: Language = "en",
    settings: SettingsPath = DEFAULT_SETTINGS,
) -> None:
    """Draw a drop's receipt as the printer would, into a PNG."""
    _headless()
    from ui.paper import rasterise, to_png

    installed = read_settings(settings)
    store = _open(installed)
    try:
        document = _document(installed, store, number, language)
    finally:
        store.close()
    width, dpi = 576, 203
    if installed.printers:
        width, dpi = installed.printers[0].width_dots, installed.printers[0].dpi
    out.write_bytes(to_png(rasterise(document, width, dpi)))
    typer.echo(str(out))


@app.command("reprint")
def reprint(
    number: Number,
    language: Language = "en",
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Print a drop's receipt again, because a person asked for it."""
    _headless()
    from kiosk.app.printing import Receipts
    from kiosk.core import make_printers
    from kiosk.ports import Printed
    from kiosk.world import SystemClock
    from ui.paper import rasterise

    installed = read_settings(settings)
    printers = make_printers(installed, rasterise)
    if not printers:
        fail("the settings name no printer")
    store = _open(installed)
    try:
        receipts = Receipts(store, SystemClock())
        document = _document(installed, store, number, language)
        drop = receipts.load(number)
        if drop is None:
            fail(f"this kiosk has promised no drop {number}")
        receipts.begin(drop.drop_id)
        outcome = printers[0].print(document)
        receipts.settle(drop.drop_id, outcome)
    finally:
        store.close()
        for printer in printers:
            printer.close()
    if as_json:
        put_json({"outcome": type(outcome).__name__, "details": outcome})
    else:
        typer.echo(f"{type(outcome).__name__}: {outcome}")
    if not isinstance(outcome, Printed):
        raise typer.Exit(1)


@app.command("verify")
def verify(
    text: Annotated[str, typer.Argument(help="The text of a receipt's QR code (RP1:...).")],
    public_key: Annotated[str, typer.Option(help="The kiosk's public key in hex.")],
    as_json: AsJson = False,
) -> None:
    """Prove a receipt without kiosk or centre: was this signed by that kiosk?"""
    from kiosk.domain.reasons import Reason
    from kiosk.seal import receipts

    try:
        key = bytes.fromhex(public_key)
    except ValueError:
        fail("a public key is 64 hexadecimal characters", code=2)
    claims = receipts.verify(text, key)
    if isinstance(claims, Reason):
        fail(f"not proven: {claims.why.value}")
    if as_json:
        put_json(claims)
    else:
        typer.echo(
            f"proven: drop {claims.drop_number} of return {claims.return_id}, bag "
            f"{claims.bag_id or 'none'}, {claims.committed_at.isoformat()}"
        )
