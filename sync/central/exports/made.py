"""The columns of each export, and how a row of the database becomes their cells.

Names and order are part of what we promise (docs/exports.md): new columns come at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from sync.central.exports.columns import Cell, Column, Kind, Row, money, text

Told = Mapping[str, Any]
Made = tuple[tuple[Column, ...], Callable[[Told], Row]]


@dataclass(frozen=True, slots=True)
class _Field:
    """A column, and the name of what it shows in the query's result."""

    column: Column
    source: str


def _field(name: str, kind: Kind, meaning: str, source: str = "") -> _Field:
    return _Field(Column(name, kind, meaning), source or name)


def _text(name: str, meaning: str, source: str = "") -> _Field:
    return _field(name, Kind.TEXT, meaning, source)


def _whole(name: str, meaning: str, source: str = "") -> _Field:
    return _field(name, Kind.WHOLE, meaning, source)


def _money(name: str, meaning: str) -> _Field:
    return _field(name, Kind.MONEY, meaning)


def _moment(name: str, meaning: str, source: str = "") -> _Field:
    return _field(name, Kind.MOMENT, meaning, source)


def _flag(name: str, meaning: str) -> _Field:
    return _field(name, Kind.FLAG, meaning)


def _made(*fields: _Field) -> Made:
    def row(told: Told) -> Row:
        currency = str(told.get("currency", ""))
        return [_cell(one.column.kind, told[one.source], currency) for one in fields]

    return tuple(one.column for one in fields), row


def _cell(kind: Kind, value: Any, currency: str) -> Cell:
    if kind is Kind.TEXT:  # never None: a CSV could not tell it from an empty one
        return _text_of(value)
    if value is None:
        return None
    match kind:
        case Kind.MONEY:
            return money(int(value), currency)
        case Kind.WHOLE:
            return int(value)
        case Kind.FLAG:
            return bool(value)
        case Kind.MOMENT:
            return value if isinstance(value, datetime) else None
        case _:
            assert_never(kind)


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    return text(" ".join(map(str, value)) if isinstance(value, list) else value)


_DROP = (
    _text("drop_number", "the number on the receipt"),
    _text("drop_id", "the drop, for machines"),
)
_TIMES = (
    _moment("dropped_at", "when it was dropped, by the centre's clock", "corrected_at"),
    _moment("received_at", "when the centre heard of it; the period goes by this"),
)
_PLACE = (
    _text("site", "where the kiosk stands"),
    _text("kiosk", "the kiosk's code", "kiosk_code"),
)
_RETURN = (
    _text("return_id", "the merchant's number of the return"),
    _text("order_number", "the order it belongs to; empty where the centre does not know it"),
    _text("bag_id", "the bag it lies in; empty where nothing came back"),
)
_AMOUNTS = (
    _money("refund", "what was promised to the shopper"),
    _text("currency", "of all amounts in the row, ISO 4217"),
)

DROPS = _made(
    *_DROP,
    *_TIMES,
    _moment("told_at", "when it was dropped, by the kiosk's clock"),
    *_PLACE,
    _text("merchant_id", "the merchant, for machines"),
    _text("merchant", "the merchant's name"),
    *_RETURN,
    _whole("items", "units that were brought"),
    _money("fee", "what was taken off"),
    *_AMOUNTS,
    _flag("offline", "taken while the kiosk could not reach the centre"),
    _flag("provisional", "the refund was promised as to be confirmed"),
    _flag("disputed", "an item had been dropped before; there is a case"),
    _flag("voided", "staff gave the goods back on the same day; no refund is due"),
    _moment("voided_at", "when it was first told that staff gave the goods back; else empty"),
    _text("void_reason", "why staff gave them back; empty where they did not"),
    _text("identified_by", "signed, short, order or third_party: what the shopper showed"),
    _whole("policy_number", "the bundle of rules it was decided by"),
    _text("receipt", "printed, unconfirmed or failed; empty while not told"),
)

LINES = _made(
    *_DROP,
    _whole("position", "the line's place in its drop, from 0"),
    *_TIMES,
    *_PLACE,
    _text("merchant_id", "the merchant, for machines"),
    *_RETURN,
    _text("line_id", "the line in the merchant's return"),
    _text("sku", "the merchant's article number"),
    _text("item", "the article's name", "name"),
    _text("outcome", "accept, accept_with_fee, returnless, review, staff or refuse"),
    _text("reason", "why, as a code"),
    _text("state", "accepted, refused, returnless, not_presented or staff: what became of it"),
    _whole("brought", "units that were brought"),
    _money("price", "of the units brought, as paid"),
    _money("fee", "what was taken off"),
    _money("withheld", "what is not refunded now"),
    *_AMOUNTS,
    _text("disposal", "keep, donate or recycle, of what need not come back; else none"),
    _flag("provisional", "the refund was promised as to be confirmed"),
    _flag("voided", "staff gave the goods back on the same day; no refund is due"),
    _text("rules", "the rules that decided, with blanks between", "rule_ids"),
)

CASES = _made(
    _text("case_id", "the case, for machines"),
    _text("kind", "what is wrong, as a code"),
    _text("state", "open, assigned, settled or reopened"),
    _moment("opened_at", "when it was opened; the period goes by this"),
    *_PLACE,
    _text("merchant_id", "whose return it is about; empty where it is about none"),
    _text("return_ids", "the merchant's numbers of the returns, with blanks between", "returns"),
    _text("line_ids", "the lines in the merchant's returns, with blanks between", "lines"),
    _text("drop_numbers", "the drops; of two of one item the first keeps the refund", "receipts"),
    _text("bag_ids", "their bags, with blanks between", "bags"),
    _text("detail", "figures for whoever looks into it"),
    _money("amount", "what is at stake"),
    _text("currency", "of the amount, ISO 4217"),
    _text("owner", "who looks after it"),
    _moment("settled_at", "when it was settled"),
    _text("settled_by", "by whom; empty for the centre itself"),
    _text("resolution", "how it was settled, as a code"),
)

KIOSKS = _made(
    _text("kiosk", "the kiosk's code", "kiosk_code"),
    _text("device_id", "the kiosk, for machines"),
    _text("site", "where it stands"),
    _text("state", "enrolled or revoked"),
    _moment("enrolled_at", "when it was let in"),
    _moment("last_seen_at", "when the centre last heard of it"),
    _text("version", "of its software"),
    _whole("queued", "records that it had not sent yet, when last heard of"),
    _whole("policy_number", "the bundle of rules it decides by"),
    _whole("disk_free_mb", "free space in MB; -1 where it did not tell"),
    _whole("clock_offset_ms", "the centre's clock minus its own, in milliseconds"),
    _text("troubles", "what it reported, as codes with blanks between"),
)

MOVEMENTS = _made(
    _text("kind", "what happened, as docs/reconciliation.md lists it"),
    _moment("told_at", "when it happened, by its source"),
    _moment("received_at", "when the centre heard of it; the period goes by this"),
    _text("source", "who told, as carrier:swift"),
    _text("source_id", "the source's own name for it"),
    _text("site", "where it happened; empty for hubs, carriers and merchants"),
    _text("return_id", "the merchant's number of the return"),
    _text("line_id", "the line in the merchant's return"),
    _text("bag_id", "the bag"),
    _text("container_id", "the container"),
    _text("manifest_id", "the hand-over list"),
    _whole("count", "of what is inside, as counted there; empty where nobody counted"),
    _money("amount", "what was paid back"),
    _text("currency", "of the amount, ISO 4217"),
    _text("detail", "a grade, a seal, what was done with the goods"),
)
