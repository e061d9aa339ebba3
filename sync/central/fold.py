"""From facts to rows: what an accepted event means for drops, refunds and cases."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec
import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central import photos, screens
from sync.central.counter.taking import is_counters, take
from sync.central.database import insert_new
from sync.central.opened import drop_known, dropped_twice, store_mended
from sync.central.orders import settle
from sync.central.received import Received
from sync.central.tables import authorisations, claims, devices, drop_lines, drops

# States of a line for which the shopper was promised something.
PROMISED = frozenset({"accepted", "returnless"})


_TOLD = tuple(
    column.name for column in drop_lines.columns if column.name in facts.LineFact.__slots__
)
_told = attrgetter(*_TOLD)


class KnownLine(msgspec.Struct, frozen=True):
    line_id: str
    name: str
    quantity: int


class Known(msgspec.Struct, frozen=True):
    """What of an authorisation (kiosk.domain.returns) a drop's rows have; the rest is not read."""

    order_number: str
    lines: tuple[KnownLine, ...]


known_of = msgspec.json.Decoder(Known).decode


def fold(c: sa.Connection, came: Received, fact: facts.Event) -> str:
    """Apply one fact; "conflict" where a drop opened a case, else ""."""
    match fact:
        case facts.DropCommitted():
            return _drop(c, came, fact)
        case facts.ReceiptSettled():
            _receipt(c, came, fact)
        case facts.PolicyActivated():
            _policy(c, came, fact)
        case facts.SettingsTaken() | facts.SettingsRefused() | facts.CommandSettled():
            settle(c, came.device_id, came.received_at, fact)
        case facts.StoreRecovered():
            store_mended(c, came, fact)
        case facts.PhotoLost():
            photos.lost(c, came, fact.sha256)
        case facts.ScreenPictured():
            screens.expect(c, came, fact)
        case _ if is_counters(fact):
            take(c, [(came, fact)])
        case _:
            pass  # told in the story of the drop or the kiosk, straight from the event
    return ""


def _drop(c: sa.Connection, came: Received, fact: facts.DropCommitted) -> str:
    known = _authorisation(c, came.tenant, fact.return_id)
    if not insert_new(c, drops, drop_row(came, fact, known)):
        drop_known(c, came, fact)
        return "conflict"
    rows = line_rows(came, fact, known)
    if rows:
        c.execute(drop_lines.insert(), rows)
    photos.expect(c, came, fact)
    authorised = {line.line_id: line.quantity for line in known.lines} if known else {}
    clashes = [
        _claim(c, came, fact, line, authorised.get(line.line_id, line.brought))
        for line in fact.lines
        if line.state in PROMISED and line.brought > 0
    ]
    if not any(clashes):
        return ""
    c.execute(drops.update().where(drops.c.drop_id == fact.drop_id).values(disputed=True))
    return "conflict"


def _authorisation(c: sa.Connection, tenant: str, return_id: str) -> Known | None:
    body = c.execute(
        sa.select(authorisations.c.body).where(
            authorisations.c.tenant == tenant, authorisations.c.return_id == return_id
        )
    ).scalar_one_or_none()
    return None if body is None else known_of(body)


def drop_row(came: Received, fact: facts.DropCommitted, known: Known | None) -> dict[str, Any]:
    """The row of `drops`; `known` is its authorisation, where the centre has one."""
    currency = next((line.currency for line in fact.lines if line.currency), "")
    return {
        "drop_id": fact.drop_id,
        "tenant": came.tenant,
        "device_id": came.device_id,
        "event_id": came.event_id,
        "drop_number": fact.drop_number,
        "visit_id": fact.visit_id,
        "return_id": fact.return_id,
        "merchant_id": fact.merchant_id,
        "order_number": known.order_number if known else "",
        "bag_id": fact.bag_id,
        "policy_number": fact.policy_number,
        "offline": fact.offline,
        "provisional": any(line.provisional for line in fact.lines),
        "identified_by": fact.identified_by,
        "code_id": fact.code_id,
        "told_at": came.told_at,
        "corrected_at": came.corrected_at,
        "received_at": came.received_at,
        "refund": sum(line.refund for line in fact.lines if line.state in PROMISED),
        "fee": sum(line.fee for line in fact.lines if line.state in PROMISED),
        "currency": currency,
    }


def line_rows(
    came: Received, fact: facts.DropCommitted, known: Known | None
) -> list[dict[str, Any]]:
    """The rows of `drop_lines`."""
    names = {line.line_id: line.name for line in known.lines} if known else {}
    return [
        {
            "drop_id": fact.drop_id,
            "position": position,
            "tenant": came.tenant,
            "name": names.get(line.line_id, ""),
            **dict(zip(_TOLD, _told(line), strict=True)),
            "rule_ids": list(line.rule_ids),
        }
        for position, line in enumerate(fact.lines)
    ]


def _claim(
    c: sa.Connection,
    came: Received,
    fact: facts.DropCommitted,
    line: facts.LineFact,
    authorised: int,
) -> bool:
    """Claim one authorised unit for each unit brought; True where there were too few left.

    First received wins and is never taken back. Units are claimed by the unique key itself, so
    two kiosks that push at the same instant cannot both win one.
    """
    left = line.brought
    for unit in range(1, authorised + 1):
        if left == 0:
            return False
        row = {
            "tenant": came.tenant,
            "return_id": fact.return_id,
            "line_id": line.line_id,
            "unit": unit,
            "drop_id": fact.drop_id,
        }
        left -= insert_new(c, claims, row)
    if left == 0:
        return False
    dropped_twice(c, came, fact, line, authorised=authorised, too_many=left)
    return True


def _receipt(c: sa.Connection, came: Received, fact: facts.ReceiptSettled) -> None:
    c.execute(
        drops.update()
        .where(drops.c.drop_id == fact.drop_id, drops.c.device_id == came.device_id)
        .values(receipt=fact.outcome, receipt_fault=fact.fault)
    )


def _policy(c: sa.Connection, came: Received, fact: facts.PolicyActivated) -> None:
    c.execute(
        devices.update()
        .where(devices.c.device_id == came.device_id, devices.c.policy_number != fact.number)
        .values(policy_number=fact.number, policy_since=came.received_at)
    )
