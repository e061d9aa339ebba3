"""`takeback receipt`: look at, prove and print again what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kiosk.cli.common import (
    DEFAULT_SETTINGS,
    AsJson,
    Language,
    SettingsPath,
    as_owner,
    drawing,
    fail,
    put_json,
    read_settings,
    speak,
)

if TYPE_CHECKING:
    from kiosk.domain.reasons import Reason
    from kiosk.domain.visit import CommittedDrop
    from kiosk.ports import Document, Printer, PrintOutcome
    from kiosk.seal.hand_overs import DeliveryClaims, HandOverClaims
    from kiosk.seal.receipts import ReceiptClaims
    from kiosk.settings import Settings
    from kiosk.store.store import Store

app = typer.Typer(help="Receipts of this kiosk.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The drop's number, as printed.")]


@contextmanager
def _ledger(settings: Settings) -> Iterator[Store]:
    """The store of a kiosk that does not run."""
    from kiosk.store import StoreCause, Unavailable, try_open
    from kiosk.world import SystemClock, SystemIds

    as_owner(settings.data)
    store = try_open(settings.data, SystemClock(), SystemIds())
    if isinstance(store, Unavailable):
        if store.cause is StoreCause.IN_USE:
            fail("the kiosk is running and holds its ledger; stop it first")
        fail(f"the ledger cannot be opened: {store.detail}; run: takeback doctor")
    try:
        yield store
    finally:
        store.close()


def _promised(settings: Settings, number: str) -> CommittedDrop:
    """Read beside the kiosk, which may be running."""
    from kiosk.app.numbers import read_drop_number
    from kiosk.store import beside
    from kiosk.store.ageing import is_forgotten
    from kiosk.store.drops import Drops

    known = read_drop_number(number)
    if known is None:
        fail(f"{number!r} is no drop number: its check character does not fit", code=2)
    _have_ledger(settings)
    with beside.look(settings.data) as connection:
        drop = Drops(connection).receipt(known)
        forgotten = drop is None and is_forgotten(connection, known)
    if forgotten:
        fail(f"drop {known} stands, its receipt is not kept any more; ask the back office")
    if drop is None:
        fail(f"this kiosk has promised no drop {known}")
    return drop


def _have_ledger(settings: Settings) -> None:
    from kiosk.store.recovery.places import LEDGER

    if not (settings.data / LEDGER).exists():
        fail(f"there is no ledger in {settings.data}: this kiosk has promised nothing yet")


def _document(settings: Settings, drop: CommittedDrop, language: str) -> Document:
    from kiosk.app import receipt

    return receipt.document(drop, speak(language), settings.timezone, settings.site_name)


@app.command("show")
def show(
    number: Number,
    out: Annotated[Path, typer.Option(help="Where the picture goes.")] = Path("receipt.png"),
    language: Language = "en",
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Draw a drop's receipt as the printer would, into a PNG.

    With --json: what was promised, and where the picture is.
    """
    installed = read_settings(settings)
    drop = _promised(installed, number)
    document = _document(installed, drop, language)
    width, dpi = 576, 203
    if installed.printers:
        width, dpi = installed.printers[0].width_dots, installed.printers[0].dpi
    with drawing():
        from ui.paper import rasterise, to_png

        out.write_bytes(to_png(rasterise(document, width, dpi)))
    if as_json:
        put_json({"drop": drop, "picture": str(out)})
    else:
        typer.echo(str(out))


@app.command("reprint")
def reprint(
    number: Number,
    language: Language = "en",
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Print a drop's receipt again, because a person asked for it.

    The kiosk must not be running. Exit code 1 unless the printer itself says that it came out.
    """
    from kiosk.ports import Printed

    installed = read_settings(settings)
    drop = _promised(installed, number)
    document = _document(installed, drop, language)
    with drawing(), _printer(installed) as printer, _ledger(installed) as store:
        outcome = _print(store, drop, document, printer)
    kind = type(outcome).__name__
    if as_json:
        put_json({"outcome": kind, "details": outcome})
    else:
        typer.echo(_sentence(outcome))
    if not isinstance(outcome, Printed):
        raise typer.Exit(1)


@contextmanager
def _printer(settings: Settings) -> Iterator[Printer]:
    """The one that the kiosk prints on: the first of the settings."""
    from kiosk.core import make_printers
    from ui.paper import rasterise

    try:
        printers = make_printers(settings, rasterise)
    except (KeyError, ValueError) as error:
        fail(f"{error.args[0]}; correct it in the settings", code=2)
    if not printers:
        fail("the settings name no printer; add a [[printers]] table, see docs/engineer.md", code=2)
    try:
        yield printers[0]
    finally:
        for printer in printers:
            printer.close()


def _print(store: Store, drop: CommittedDrop, document: Document, printer: Printer) -> PrintOutcome:
    from kiosk.app.printing import Receipts
    from kiosk.domain.drops import IllegalTransition
    from kiosk.world import SystemClock

    receipts = Receipts(store, SystemClock())
    try:
        receipts.begin(drop.drop_id)
    except IllegalTransition:
        fail(
            "the kiosk stopped while it printed this receipt; start and stop the kiosk once, "
            "look whether the paper came out, then try again"
        )
    outcome = printer.print(document)
    receipts.settle(drop.drop_id, outcome)
    return outcome


def _sentence(outcome: PrintOutcome) -> str:
    from kiosk.checks import device_mends
    from kiosk.ports import NotPrinted, Printed

    match outcome:
        case Printed():
            return "printed; the printer confirms it"
        case NotPrinted(fault=fault, detail=detail):
            told = f"not printed: {fault.value} {detail}".rstrip()
            return f"{told}. {device_mends(fault)}"
        case _:
            return "sent, but the printer confirms nothing: look whether it came out"


@app.command("verify")
def verify(
    text: Annotated[
        str,
        typer.Argument(help="The text of the QR code: a receipt's, or what a driver took along."),
    ],
    public_key: Annotated[
        str, typer.Option(help="The kiosk's public key in hex; without it, this kiosk's own.")
    ] = "",
    settings: SettingsPath = DEFAULT_SETTINGS,
    as_json: AsJson = False,
) -> None:
    """Prove a receipt (RP1:), a hand-over (RH1:) or a delivery (RD1:) without kiosk or centre: was
    this signed by that kiosk?"""
    from kiosk.domain.reasons import Reason, Why

    public = _public(public_key) if public_key else _own(read_settings(settings))
    claims = _verified(text.strip(), public)
    if isinstance(claims, Reason):
        forged = claims.why is Why.CODE_FORGED
        why = "another kiosk's, or forged" if forged else "this is no receipt's code, or it is cut"
        fail(f"not proven: {why}")
    if as_json:
        put_json(claims)
    else:
        typer.echo(f"proven: {_claimed(claims)}")


def _verified(text: str, public: bytes) -> ReceiptClaims | HandOverClaims | DeliveryClaims | Reason:
    from kiosk.domain.codes import foreign
    from kiosk.seal import hand_overs, receipts

    if text.startswith(foreign.HAND_OVER):
        return hand_overs.verify_hand_over(text, public)
    if text.startswith(foreign.DELIVERY):
        return hand_overs.verify_delivery(text, public)
    return receipts.verify(text, public)


def _claimed(claims: ReceiptClaims | HandOverClaims | DeliveryClaims) -> str:
    from kiosk.seal.hand_overs import DeliveryClaims, HandOverClaims

    match claims:
        case HandOverClaims(counts=counts):
            return (
                f"hand-over {claims.manifest_id} to {claims.carrier}: {counts.containers} "
                f"containers with {counts.bags} bags and {counts.parcels} parcels, {counts.loose} "
                f"loose parcels, list {claims.digest}, {claims.signed_at.isoformat()}"
            )
        case DeliveryClaims():
            return (
                f"delivery {claims.round_id or 'without a name'} of {claims.carrier or 'nobody'}: "
                f"{claims.taken} taken, {claims.refused} refused, {claims.received_at.isoformat()}"
            )
        case _:
            return (
                f"drop {claims.drop_number} of return {claims.return_id}, bag "
                f"{claims.bag_id or 'none'}, {claims.committed_at.isoformat()}"
            )


@app.command("key")
def key(settings: SettingsPath = DEFAULT_SETTINGS, as_json: AsJson = False) -> None:
    """This kiosk's public key: what others prove its receipts with."""
    public = _own(read_settings(settings)).hex()
    if as_json:
        put_json({"public_key": public})
    else:
        typer.echo(public)


def _public(text: str) -> bytes:
    try:
        public = bytes.fromhex(text)
    except ValueError:
        public = b""
    if len(public) != 32:
        fail("a public key is 64 hexadecimal characters", code=2)
    return public


def _own(settings: Settings) -> bytes:
    from sync.agent.enrol import EnrolFault, load_identity

    who = load_identity(settings.data)
    if isinstance(who, EnrolFault):
        fail("this machine is no enrolled kiosk, so it has no key of its own")
    return who.key.public
