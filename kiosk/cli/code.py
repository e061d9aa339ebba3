"""`takeback code`: what a text is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kiosk.cli.common import AsJson, fail, put_json, read_settings
from kiosk.domain import codes
from kiosk.domain.codes.model import Candidate, Code, OrderLookup, SignedReturn, Unreadable
from kiosk.domain.codes.third_party import ThirdPartyForm
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
    "hand_over": "a counter's word to a driver; prove it with: takeback receipt verify",
    "empty": "empty",
    "control": "full of control characters, as from a scanner with wrong settings",
    "long": "too long",
    "unknown": "of no kind that is known here",
}
_WRONG = {
    "short_code": "its check character does not fit; one character is wrong",
    "signed_return": "what follows RK1: is cut or changed",
    "gs1": "its check digit or its form does not hold",
    "carrier": "its check digit does not fit",
    "enrolment": "it is cut or changed",
}
_ESCAPE = re.compile(r"\\x([0-9A-Fa-f]{2})|<(FS|GS|RS|US|EOT)>")
_NAMED = {"FS": "\x1c", "GS": "\x1d", "RS": "\x1e", "US": "\x1f", "EOT": "\x04"}


def unescaped(text: str) -> str:
    """`<GS>` and its like, and `\\x1d` for any other byte, as the characters they stand for."""
    return _ESCAPE.sub(lambda m: _NAMED[m[2]] if m[2] else chr(int(m[1], 16)), text)


def parse(text: str, raw: bytes, aim: str) -> Code | Unreadable:
    """As the kiosk reads a scan; a signed code must also be whole in itself."""
    scanned = codes.parse(text, raw, aim)
    if isinstance(scanned, SignedReturn) and not _whole(scanned):
        return Unreadable(Reason(Why.CODE_UNREADABLE), "signed")
    return scanned


def candidates(
    text: str, raw: bytes = b"", aim: str = "", forms: tuple[ThirdPartyForm, ...] = ()
) -> list[Candidate]:
    """Everything a scan may be, best first; a signed code that is not whole is not valid."""
    found = codes.candidates(text, raw, aim, forms)
    broken = isinstance(parse(text, raw, aim), Unreadable)
    judged = [
        replace(one, valid=False) if broken and one.family == "signed_return" else one
        for one in found
    ]
    return sorted(judged, key=lambda one: not one.valid)


def about(parsed: Code | Unreadable) -> tuple[bool, str]:
    """Whether it is a code that is known here, and a sentence about it."""
    if isinstance(parsed, Unreadable):
        return False, _why_not(parsed)
    from kiosk.domain.codes import candidate

    found = candidate.readings(parsed)
    return True, "; or ".join(line(one) for one in found)


def line(one: Candidate) -> str:
    """One reading on one line; what is secret in it is not said."""
    parts = [one.carrier, one.service, one.number]
    said = " ".join(part for part in parts if part)
    note = {"signed_return": "its signature is not checked here"}.get(one.family, "")
    if not one.valid:
        note = _WRONG.get(one.family, "its check character does not fit; one character is wrong")
        return f"not {_article(one.family)}{f' {said}' if said else ''}: {note}"
    return "; ".join(
        part for part in (f"{one.family}: {said}" if said else one.family, note) if part
    )


def _article(family: str) -> str:
    return {
        "signed_return": "a signed return code",
        "short_code": "a short code",
        "gs1": "GS1 data",
        "carrier": "a good number of",
        "enrolment": "a good enrolment code",
    }.get(family, f"a good {family.replace('_', '-')} code")


def _whole(code: SignedReturn) -> bool:
    from kiosk.seal import cose

    try:
        return cose.split(code.cose) is not None
    except ValueError:
        return False


def _why_not(unreadable: Unreadable) -> str:
    match unreadable:
        case Unreadable(kind="signed", reason=Reason(why=Why.CODE_TOO_LONG)):
            return "not a signed return code: it is too long"
        case Unreadable(kind="signed"):
            return "not a signed return code: what follows RK1: is cut or changed"
        case Unreadable(kind="incomplete"):
            return "not an order: number and postal code need letters or digits"
        case Unreadable(kind=kind, reason=Reason(why=Why.CODE_WRONG_CHECK)):
            return (
                f"{_FOREIGN.get(kind, kind)}, whose check does not fit; it was misread or mistyped"
            )
        case Unreadable(kind=kind):
            return f"not one of ours: it is {_FOREIGN.get(kind, kind)}"


def _order(text: str, postal_code: str) -> list[Candidate]:
    found = codes.parse_order(text, postal_code)
    match found:
        case OrderLookup(order_number=number):
            return [Candidate("order", "", "", number, True)]
        case Unreadable():
            return []


def _payload(text: str, is_hex: bool) -> tuple[str, bytes]:
    if not is_hex:
        plain = unescaped(text)
        return plain, plain.encode("utf-8", "surrogateescape")
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        fail("with --hex the text is bytes in hex, two digits each", code=2)
    return raw.decode("utf-8", "replace"), raw


def _forms(settings: Path | None) -> tuple[ThirdPartyForm, ...]:
    if settings is None:
        return ()
    from kiosk.store import StoreFailed
    from kiosk.store.policy_file import newest

    try:
        active = newest(read_settings(settings).data)
    except StoreFailed as error:
        fail(f"the policy cannot be read: {error}; run: takeback doctor")
    return () if active is None else active.content.third_party


def code(
    text: Annotated[
        str,
        typer.Argument(help="A code as scanned or typed; <GS> or \\\\x1d for control characters."),
    ],
    postal_code: Annotated[
        str, typer.Option(help="Take the text as an order number with this postal code.")
    ] = "",
    aim: Annotated[
        str, typer.Option(help="The symbology identifier that came with it, as ]C1.")
    ] = "",
    is_hex: Annotated[bool, typer.Option("--hex", help="The text is bytes in hex.")] = False,
    settings: Annotated[
        Path | None,
        typer.Option(help="A kiosk's settings: also try the other networks' forms it knows."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a text may be: a code of ours, a carrier's number, GS1 data, another network's.

    Every reading is told, the best first; secrets are not. Exit code 1 where none is valid. With
    --json the list of candidates is the answer, also when it is empty, and the exit code 0.
    """
    if aim and not re.fullmatch(r"\][A-Za-z][0-9A-Za-z]", aim):
        fail(f"{aim!r} is no symbology identifier; one is ] and two characters, as ]C1", code=2)
    scan, raw = _payload(text, is_hex)
    forms = _forms(settings)
    found = _order(scan, postal_code) if postal_code else candidates(scan, raw, aim, forms)
    if as_json:
        put_json({"candidates": found})
        return
    if not any(one.valid for one in found):
        fail("\n".join(_nothing(found, _parsed(scan, raw, aim, postal_code))))
    for one in found:
        typer.echo(line(one))
    _ambiguity(found)


def _parsed(text: str, raw: bytes, aim: str, postal_code: str) -> Code | Unreadable:
    return codes.parse_order(text, postal_code) if postal_code else parse(text, raw, aim)


def _nothing(found: list[Candidate], parsed: Code | Unreadable) -> list[str]:
    """Every reading with its fault; and what else the text is, where anybody can tell."""
    told = isinstance(parsed, Unreadable) and parsed.kind in (*_FOREIGN, "signed", "incomplete")
    wrong = [line(one) for one in found if one.family != "signed_return"]
    plain = isinstance(parsed, Unreadable) and parsed.kind == "unknown"
    return wrong if wrong and (plain or not told) else [*wrong, about(parsed)[1]]


def _ambiguity(found: list[Candidate]) -> None:
    good = [one for one in found if one.valid]
    named = {(one.family, one.carrier) for one in good}
    if len(named) > 1:
        typer.echo(f"ambiguous: {len(good)} readings fit, and the text alone does not tell which")
    if len({one.carrier for one in good if one.family == "third_party"}) > 1:
        typer.echo("no kiosk takes a code of two forms: narrow one; run: takeback policy check")
