"""What drops and movements are in EPCIS: which event, business step and disposition.

| told | event | business step | disposition |
|---|---|---|---|
| a drop | TransactionEvent, ADD: goods and bag belong to the return | accepting | returned |
| the same | AggregationEvent, ADD: goods into the bag | packing | returned |
| a drop taken back by staff | TransactionEvent and AggregationEvent, DELETE | other, unpacking | |
| bag into container | AggregationEvent, ADD | packing | returned |
| handed over | ObjectEvent, OBSERVE | shipping | in_transit |
| the carrier has it | ObjectEvent, OBSERVE | accepting | in_transit |
| received at the hub | ObjectEvent, OBSERVE | receiving | returned |
| graded | ObjectEvent, OBSERVE | inspecting | returned |
| disposed of | ObjectEvent, OBSERVE | other | |

A refund moves no goods and is no event. Nothing of a shopper is in any event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sync.central.exports.epcis.hashing import event_id
from sync.central.exports.epcis.names import Names
from sync.central.reconcile.model import NOT_COUNTED, Kind

Told = Mapping[str, Any]
Event = dict[str, Any]
IN_THE_BAG = frozenset({"accepted"})  # of a line: its goods are there


def of_drop(names: Names, zone: ZoneInfo, drop: Told, lines: Sequence[Told]) -> Iterator[Event]:
    """Nothing where nothing came back: a returnless agreement moves no goods."""
    goods = _goods(names, drop["merchant_id"], lines)
    if not goods or not drop["bag_id"]:
        return
    bag, where = names.goods("bag", drop["bag_id"]), _where(names, drop)
    rest: Event = {
        "bizTransactionList": _transactions(names, drop),
        "destinationList": [{"type": "possessing_party", "destination": names.party()}],
    }
    when = _when(drop["corrected_at"], zone)
    yield _made(
        "TransactionEvent",
        when,
        {"epcList": [bag], "quantityList": goods, "action": "ADD"},
        {"bizStep": "accepting", "disposition": "returned", **where, **rest},
    )
    yield _made(
        "AggregationEvent",
        when,
        {"parentID": bag, "childQuantityList": goods, "action": "ADD"},
        {"bizStep": "packing", "disposition": "returned", **where},
    )


def of_void(names: Names, zone: ZoneInfo, drop: Told, lines: Sequence[Told]) -> Iterator[Event]:
    """Staff gave the goods back: neither they nor the bag belong to the return any more. What was
    told of the drop was so, and is no error to be declared."""
    goods = _goods(names, drop["merchant_id"], lines)
    if not goods or not drop["bag_id"]:
        return
    bag, where = names.goods("bag", drop["bag_id"]), _where(names, drop)
    when = _when(drop["voided_at"], zone)
    yield _made(
        "TransactionEvent",
        when,
        {"epcList": [bag], "quantityList": goods, "action": "DELETE"},
        {"bizStep": "other", **where, "bizTransactionList": _transactions(names, drop)},
    )
    yield _made(
        "AggregationEvent",
        when,
        {"parentID": bag, "childQuantityList": goods, "action": "DELETE"},
        {"bizStep": "unpacking", **where},
    )


def _where(names: Names, drop: Told) -> Event:
    return {
        "readPoint": {"id": names.kiosk(drop["site"], drop["kiosk_code"])},
        "bizLocation": {"id": names.site(drop["site"])},
    }


def _goods(names: Names, merchant_id: str, lines: Sequence[Told]) -> list[Event]:
    """An article once, however many lines of the return it has."""
    brought: dict[str, int] = {}
    for line in lines:
        if line["state"] in IN_THE_BAG and line["brought"] > 0:
            article = names.article(merchant_id, line["sku"])
            brought[article] = brought.get(article, 0) + line["brought"]
    return [{"epcClass": article, "quantity": count} for article, count in brought.items()]


def _transactions(names: Names, drop: Told) -> list[dict[str, str]]:
    merchant = drop["merchant_id"]
    told = [("rma", "return", drop["return_id"]), ("po", "order", drop["order_number"])]
    return [
        {"type": type_, "bizTransaction": names.transaction(kind, merchant, number)}
        for type_, kind, number in told
        if number
    ]


def of_movement(names: Names, zone: ZoneInfo, moved: Told) -> Event | None:
    """`moved` is a row of `movements`, with `sku` and `merchant_id` of its line where they are
    known. None for what moves no goods, and for a kind that is newer than this."""
    try:
        kind = Kind(moved["kind"])
    except ValueError:
        return None
    if kind is Kind.REFUNDED:
        return None
    when = _when(moved["told_at"], zone)
    where: Event = {}
    if moved["site"]:
        place = {"id": names.site(moved["site"])}
        where = {"readPoint": place, **({} if kind in _LEAVING else {"bizLocation": place})}
    if kind is Kind.CONTAINED:
        what: Event = {
            "parentID": names.goods("container", moved["container_id"]),
            "childEPCs": [names.goods("bag", moved["bag_id"])],
            "action": "ADD",
        }
        return _made("AggregationEvent", when, what, {**_STEPS[kind], **where})
    seen = _seen(names, moved)
    rest = {**_STEPS[kind], **where, **_parties(names, kind, moved)}
    return _made("ObjectEvent", when, {**seen, "action": "OBSERVE"}, rest)


_LEAVING = frozenset({Kind.HANDED_OVER, Kind.ACKNOWLEDGED})  # where it is next, nobody knows
_STEPS: Mapping[Kind, Event] = {
    Kind.CONTAINED: {"bizStep": "packing", "disposition": "returned"},
    Kind.HANDED_OVER: {"bizStep": "shipping", "disposition": "in_transit"},
    Kind.ACKNOWLEDGED: {"bizStep": "accepting", "disposition": "in_transit"},
    Kind.RECEIVED: {"bizStep": "receiving", "disposition": "returned"},
    Kind.GRADED: {"bizStep": "inspecting", "disposition": "returned"},
    Kind.DISPOSED: {"bizStep": "other"},
}


def _seen(names: Names, moved: Told) -> Event:
    """The finest that was named: a line's goods, else a bag, a container, a manifest."""
    if moved["line_id"]:
        sku, merchant = moved["sku"], moved["merchant_id"]
        known = names.article(merchant, sku) if sku and merchant else ""
        one: Event = {"epcClass": known or names.line(moved["return_id"], moved["line_id"])}
        if moved["count"] != NOT_COUNTED:
            one["quantity"] = moved["count"]
        return {"quantityList": [one]}
    for kind in ("bag", "container", "manifest"):
        if moved[f"{kind}_id"]:
            return {"epcList": [names.goods(kind, moved[f"{kind}_id"])]}
    return {"epcList": []}


def _parties(names: Names, kind: Kind, moved: Told) -> Event:
    told: Event = {}
    if moved["return_id"] and moved["merchant_id"]:
        number = names.transaction("return", moved["merchant_id"], moved["return_id"])
        told["bizTransactionList"] = [{"type": "rma", "bizTransaction": number}]
    if kind is Kind.ACKNOWLEDGED or moved["source"].startswith("carrier:"):
        party = "possessing_party"
        told["sourceList"] = [{"type": party, "source": names.party()}]
        told["destinationList"] = [{"type": party, "destination": names.partner(moved["source"])}]
    return told


def _when(moment: datetime, zone: ZoneInfo) -> Event:
    """Milliseconds: what the standard hashes, so that what is read is what was hashed."""
    local = moment.astimezone(zone)
    local = local.replace(microsecond=local.microsecond // 1000 * 1000)
    told = local.isoformat(timespec="milliseconds")
    return {"eventTime": told, "eventTimeZoneOffset": told[-6:]}


def _made(type_: str, when: Event, what: Event, how: Event) -> Event:
    event: Event = {"type": type_, **when, **what, **how}
    return {
        "type": type_,
        "eventID": event_id(event),
        **{k: event[k] for k in event if k != "type"},
    }
