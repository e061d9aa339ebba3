"""`takeback code`: what a text is."""

from __future__ import annotations

from typing import Annotated, Any, assert_never

import typer

from kiosk.cli.common import AsJson, fail, put_json
from kiosk.domain import codes
from kiosk.domain.codes.model import BagCode, Code, OrderLookup, ShortCode, SignedReturn, Unreadable


def _family(parsed: Code) -> tuple[str, str]:
    match parsed:
        case SignedReturn():
            return "signed_return", f"{len(parsed.cose)} bytes, signature not checked here"
        case ShortCode():
            return "short_code", parsed.text
        case BagCode():
            return "bag", parsed.bag_id
        case OrderLookup():
            return "order", parsed.order_number
        case _:
            assert_never(parsed)


def candidates(text: str) -> list[dict[str, Any]]:
    """What `text` may be, best first: family, carrier, service, number, valid."""
    parsed = codes.parse(text, text.encode(), "")
    if isinstance(parsed, Unreadable):
        parsed = codes.parse_short(text)
    if isinstance(parsed, Unreadable):
        return []
    family, number = _family(parsed)
    return [{"family": family, "carrier": "", "service": "", "number": number, "valid": True}]


def code(
    text: Annotated[str, typer.Argument(help="The text of a code, as scanned or typed.")],
    as_json: AsJson = False,
) -> None:
    """Say what a text is: a signed return code, a short code, a bag, or why it is none."""
    found = candidates(text)
    if as_json:
        put_json({"candidates": found})
        return
    if found:
        typer.echo(f"{found[0]['family']}: {found[0]['number']}")
        return
    parsed = codes.parse(text, text.encode(), "")
    why = parsed.reason.why.value if isinstance(parsed, Unreadable) else "unknown"
    kind = f" ({parsed.kind})" if isinstance(parsed, Unreadable) and parsed.kind else ""
    fail(f"not one of ours: {why}{kind}")
