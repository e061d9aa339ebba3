"""`takeback code`: what a text is."""

from __future__ import annotations

from typing import Annotated

import typer

from kiosk.cli.common import AsJson, fail, put_json
from kiosk.domain import codes
from kiosk.domain.codes.model import (
    BagCode,
    Candidate,
    Code,
    OrderLookup,
    ShortCode,
    SignedReturn,
    Unreadable,
)
from kiosk.domain.reasons import Reason, Why

# What a foreign code is, in a person's words; the keys are kiosk.domain.codes.foreign's.
_FOREIGN = {
    "web": "a web address",
    "wifi": "a Wi-Fi code",
    "vcard": "a contact",
    "calendar": "a calendar entry",
    "mail": "an e-mail",
    "phone": "a phone number",
    "payment": "a payment code",
    "place": "a place on a map",
    "secret": "a secret for signing in",
    "ean": "a retail barcode",
    "gs1": "a GS1 code",
    "carrier": "a carrier's code, or looks like one",
    "receipt": "a kiosk's receipt; prove it with: takeback receipt verify",
    "empty": "empty",
    "control": "full of control characters, as from a scanner with wrong settings",
    "long": "too long",
    "unknown": "of no kind that is known here",
}


def candidates(text: str, postal_code: str = "") -> list[Candidate]:
    """What `text` may be, best first. With a `postal_code` it is an order number."""
    parsed = _parse(text, postal_code)
    if not isinstance(parsed, Unreadable):
        return [_good(parsed)]
    family = {"bag": "bag", "signed": "signed_return", "check": "short_code"}.get(parsed.kind)
    number = "" if family == "signed_return" else text.strip().upper()
    return [Candidate(family, "", "", number, False)] if family else []


def parse(text: str, raw: bytes, aim: str) -> Code | Unreadable:
    """As the kiosk reads a scan; a signed code must also be whole in itself."""
    scanned = codes.parse(text, raw, aim)
    if isinstance(scanned, SignedReturn) and not _whole(scanned):
        return Unreadable(Reason(Why.CODE_UNREADABLE), "signed")
    return scanned


def _whole(code: SignedReturn) -> bool:
    from kiosk.seal import cose

    try:
        return cose.split(code.cose) is not None
    except ValueError:
        return False


def _parse(text: str, postal_code: str) -> Code | Unreadable:
    if postal_code:
        return codes.parse_order(text, postal_code)
    scanned = parse(text, text.encode("utf-8", "replace"), "")
    if not isinstance(scanned, Unreadable) or scanned.kind != "unknown":
        return scanned
    typed = codes.parse_short(text)
    slip = isinstance(typed, Unreadable) and typed.kind != "check"
    return scanned if slip else typed


def _good(parsed: Code) -> Candidate:
    match parsed:
        case SignedReturn():
            about = f"{len(parsed.cose)} bytes"
            return Candidate("signed_return", "", "", about, True)
        case ShortCode():
            return Candidate("short_code", "", "", parsed.text, True)
        case BagCode():
            return Candidate("bag", "", "", parsed.bag_id, True)
        case OrderLookup():
            return Candidate("order", "", "", parsed.order_number, True)
        case _:
            return Candidate(type(parsed).__name__.lower(), "", "", "", True)


def about(parsed: Code | Unreadable) -> tuple[bool, str]:
    """Whether it is one of ours, and a sentence about it."""
    if isinstance(parsed, Unreadable):
        return False, _why_not(parsed)
    found = _good(parsed)
    note = "; its signature is not checked here" if found.family == "signed_return" else ""
    return True, f"{found.family}: {found.number}{note}"


def _why_not(unreadable: Unreadable) -> str:
    match unreadable:
        case Unreadable(kind="bag"):
            return "not a bag: its check character does not fit; one character is wrong"
        case Unreadable(kind="check"):
            return "not a short code: its check character does not fit; one character is wrong"
        case Unreadable(kind="signed", reason=Reason(why=Why.CODE_TOO_LONG)):
            return "not a signed return code: it is too long"
        case Unreadable(kind="signed"):
            return "not a signed return code: what follows RK1: is cut or changed"
        case Unreadable(kind="incomplete"):
            return "not an order: number and postal code need letters or digits"
        case Unreadable(kind=kind):
            return f"not one of ours: it is {_FOREIGN.get(kind, kind)}"


def code(
    text: Annotated[str, typer.Argument(help="The text of a code, as scanned or typed.")],
    postal_code: Annotated[
        str, typer.Option(help="Take the text as an order number with this postal code.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what a text is: a signed return code, a short code, a bag, or why it is none.

    With --json the list of candidates is the answer, also when it is empty, and the exit code 0.
    """
    if as_json:
        put_json({"candidates": candidates(text, postal_code)})
        return
    ours, sentence = about(_parse(text, postal_code))
    if not ours:
        fail(sentence)
    typer.echo(sentence)
