"""Movements out of an EPCIS 2.0 document (JSON-LD): what partners who speak the standard send.

Read are AggregationEvents with action ADD (bags into a container) and ObjectEvents whose business
step says that goods left, were taken over, or arrived (CBV 2.0). Contexts are never fetched: terms
count by their own names, with or without the prefix cbv:. A DELETE and steps that mean nothing
here are passed over and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from kiosk.domain import sentences
from kiosk.domain.sentences import Sentence
from sync.central.importing import Wrong
from sync.central.reconcile.columns import Columns
from sync.central.reconcile.csv_file import Row
from sync.central.reconcile.model import Kind, Movement
from sync.central.reconcile.record import LONGEST, problem

LARGEST: Final = 64 << 20
_STEPS: Final = {
    "departing": Kind.HANDED_OVER,
    "shipping": Kind.HANDED_OVER,
    "accepting": Kind.ACKNOWLEDGED,
    "loading": Kind.ACKNOWLEDGED,
    "transporting": Kind.ACKNOWLEDGED,
    "arriving": Kind.RECEIVED,
    "receiving": Kind.RECEIVED,
    "unloading": Kind.RECEIVED,
}
_OWN: Final = re.compile(r"/(bag|container|manifest)/([^/?#]+)$")
_LINK: Final = re.compile(r"/(00|8003)/([0-9A-Za-z%._-]+)(?:[/?#]|$)")
_SSCC: Final = re.compile(r"urn:epc:id:sscc:([0-9]{6,12})\.([0-9]{5,11})\Z", re.ASCII)
Event = Mapping[str, Any]


def rows(path: Path, map_: Columns) -> Iterator[Row]:
    """By the number of their event, from 1. Raises OSError."""
    if path.stat().st_size > LARGEST:
        why = Sentence("is larger than {size}", size=f"{LARGEST >> 20} MiB")
        yield 0, Wrong(0, why, Sentence("split it"))
        return
    try:
        told = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        yield 0, Wrong(0, Sentence("is no {form}: {error}", form="JSON", error=str(error)))
        return
    events = _events(told)
    if events is None:
        why = Sentence("is no {form} with {key}", form="EPCISDocument", key="epcisBody.eventList")
        yield 0, Wrong(0, why, Sentence("as {standard} has it", standard="EPCIS 2.0"))
        return
    for number, event in enumerate(events, 1):
        for made in _movements(event, map_):
            if isinstance(made, str):
                yield number, Wrong(number, made)
                continue
            wrong = problem(made)
            yield number, Wrong(number, wrong) if wrong else made


def _events(told: Any) -> list[Any] | None:
    body = told.get("epcisBody") if isinstance(told, dict) else None
    events = body.get("eventList") if isinstance(body, dict) else None
    return events if isinstance(events, list) else None


def _movements(event: Any, map_: Columns) -> Iterator[Movement | str]:
    if not isinstance(event, dict):
        yield Sentence("is no event")
        return
    kind, action = str(event.get("type", "")), str(event.get("action", ""))
    if action == "DELETE":
        return
    name, at = event.get("eventID"), _moment(event.get("eventTime"))
    if not isinstance(name, str) or not name:
        why = Sentence("is needed, to know the event when it comes again")
        yield sentences.at("eventID", why)
    elif at is None:
        yield sentences.at("eventTime", Sentence("is no time with a zone"))
    elif kind == "AggregationEvent" and action == "ADD":
        yield from _aggregated(event, name, at, map_)
    elif kind == "ObjectEvent":
        yield from _observed(event, name, at, map_)


def _aggregated(event: Event, name: str, at: datetime, map_: Columns) -> Iterator[Movement | str]:
    parent = event.get("parentID")
    if not isinstance(parent, str):
        yield sentences.at("parentID", Sentence("is needed"))
        return
    _, container = thing(parent, "container")
    for child in _texts(event, "childEPCs"):
        kind, bag = thing(child, "bag")
        if kind != "bag":
            yield sentences.at("childEPCs", Sentence("{name} is no bag", name=child))
            continue
        yield Movement(
            *(map_.source, _id(name, bag), Kind.CONTAINED, at),
            site=map_.site,
            bag_id=bag,
            container_id=container,
        )


def _observed(event: Event, name: str, at: datetime, map_: Columns) -> Iterator[Movement | str]:
    step = str(event.get("bizStep", "")).rpartition(":")[2].rpartition("-")[2].rpartition("/")[2]
    kind = _STEPS.get(step)
    if kind is None:
        return
    for epc in _texts(event, "epcList"):
        goods, one = thing(epc, map_.goods)
        named = {"manifest": _manifest(event), goods: one}
        yield Movement(
            *(map_.source, _id(name, one), kind, at),
            site=map_.site,
            bag_id=named.get("bag", ""),
            container_id=named.get("container", ""),
            manifest_id=named["manifest"],
        )


def _manifest(event: Event) -> str:
    """The bill of lading that the goods are on."""
    told = event.get("bizTransactionList")
    for one in told if isinstance(told, list) else ():
        if isinstance(one, dict) and str(one.get("type", "")).rpartition(":")[2] == "bol":
            return thing(str(one.get("bizTransaction", "")), "manifest")[1]
    return ""


def thing(uri: str, otherwise: str) -> tuple[str, str]:
    """(bag | container | manifest, its name): an address of our own says which it is; of a GS1 key
    the name is the key as it is printed, and `otherwise` what it is."""
    own = _OWN.search(uri)
    if own:
        return own[1], unquote(own[2])
    link = _LINK.search(uri)
    if link:
        return otherwise, unquote(link[2])
    sscc = _SSCC.match(uri)
    if sscc and len(sscc[1]) + len(sscc[2]) == 17:
        return otherwise, _checked(sscc[2][0] + sscc[1] + sscc[2][1:])
    return otherwise, unquote(uri.rpartition("/")[2] or uri)


def _checked(digits: str) -> str:
    """With the check digit of GS1: weights 3 and 1 from the right."""
    total = sum(int(one) * (1 if place % 2 else 3) for place, one in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _texts(event: Event, key: str) -> list[str]:
    told = event.get(key)
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []


def _id(event_id: str, one: str) -> str:
    """An event tells of many things: its name and theirs."""
    return f"{event_id[-(LONGEST - 1 - len(one)) :]}#{one}" if len(one) < LONGEST - 1 else one


def _moment(told: Any) -> datetime | None:
    try:
        made = datetime.fromisoformat(str(told))
    except ValueError:
        return None
    return made if made.tzinfo else None
