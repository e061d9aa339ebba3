"""What a case rests on, in one shape for all kinds, so that one page can lay it side by side."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Final

import msgspec


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that was looked at on both sides. `what` is a code that the pages have words for
    (or a rule's, a line's id); amounts are in minor units of `currency`, "" for plain numbers and
    words. `line_id` is "" where it is about the whole."""

    what: str
    first: str | int
    second: str | int
    line_id: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Ids of everything a case is about, and what was compared.

    `drops` and `bags` are in the order in which they count: of two drops of one item the first
    keeps the refund. `hashes` are SHA-256 in hex (of events and files), `receipts` drop numbers as
    printed. `sides` name where the two columns of `compared` come from: kiosk, centre, authorised,
    dropped, contained, handed_over, carrier, hub, refunded, believed, conflicting. `numbers` go
    into the sentence that says what happened. `detail` is for an engineer, in English.
    """

    drops: tuple[str, ...] = ()
    bags: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    manifests: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    compared: tuple[Compared, ...] = ()
    numbers: dict[str, str | int] = field(default_factory=dict)
    detail: str = ""


THINGS: Final = {
    "drops": "drop",
    "bags": "bag",
    "parcels": "parcel",
    "events": "event",
    "returns": "return",
    "containers": "container",
    "manifests": "manifest",
}
"""Which ids of an Evidence can be looked up, and the kind of thing they are (`case_links`)."""


def things(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """(thing, id) of everything that a case is about, each once."""
    named = (
        (thing, one) for name, thing in THINGS.items() for one in getattr(evidence, name) if one
    )
    yield from dict.fromkeys(named)


def written(evidence: Evidence) -> dict[str, Any]:
    """As JSON's types, without what is empty."""
    plain = msgspec.to_builtins(evidence)
    return {one.name: plain[one.name] for one in fields(evidence) if plain[one.name]}


def read(document: dict[str, Any]) -> Evidence:
    """`written` back. What a newer version added is passed over."""
    return msgspec.convert(document, Evidence, strict=False)


def digest(document: dict[str, Any]) -> str:
    """SHA-256 in hex of the evidence as `written`: the same evidence, the same digest."""
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()
