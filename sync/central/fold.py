"""From facts to rows: what an accepted event means for drops, refunds and cases."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from kiosk.domain import events as facts
from sync.central import photos, screens
from sync.central.claiming import PROMISED, Known, authorised, claim, claimant, wanted
from sync.central.counter import late_drops
from sync.central.counter.taking import is_counters, take
from sync.central.database import insert_new
from sync.central.opened import drop_known, store_mended
from sync.central.orders import settle
from sync.central.received import Received
from sync.central.tables import devices, drop_lines, drops

_TOLD = tuple(
    column.name for column in drop_lines.columns if column.name in facts.LineFact.__slots__
)
_told = attrgetter(*_TOLD)


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
    known = authorised(c, came.tenant, {fact.return_id}).get(fact.return_id)
    if not insert_new(c, drops, drop_row(came, fact, known)):
        drop_known(c, came, fact)
        return "conflict"
    rows = line_rows(came, fact, known)
    if rows:
        c.execute(drop_lines.insert(), rows)
    photos.expect(c, came, fact)
    if late_drops.void(c, came.tenant, [(came, fact)]):
        return ""
    return "conflict" if claim(c, claimant(came, fact), wanted(fact), known) else ""


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
