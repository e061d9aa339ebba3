"""Rows for exports without kiosks: a tenant, its shops, kiosks, drops with their lines, a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sync.central.cases import Evidence, Found, Kind, open_many
from sync.central.cases.opening import case_id
from sync.central.database import Database
from sync.central.tables import devices, drop_lines, drops, merchants, tenants

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def tenant(database: Database, name: str = "acme") -> None:
    """Ours from conftest is there already; this makes others."""
    row = {"tenant": name, "name": name, "audience": f"{name}-kiosks"}
    database.write(lambda c: c.execute(tenants.insert(), row))


def merchant(database: Database, merchant_id: str, name: str, of: str = "acme") -> None:
    row = {
        "tenant": of,
        "merchant_id": merchant_id,
        "name": name,
        "body": "{}",
        "rules": "[]",
    }
    database.write(lambda c: c.execute(merchants.insert(), row))


def kiosk(database: Database, device_id: str, of: str = "acme", **changes: object) -> None:
    row = {
        "device_id": device_id,
        "tenant": of,
        "site": "Street 1",
        "kiosk_code": device_id.upper(),
        "public_key": "00" * 32,
        "enrolled_at": NOON - timedelta(days=30),
        "last_seen_at": NOON,
        **changes,
    }
    database.write(lambda c: c.execute(devices.insert(), row))


def drop_row(number: int, device_id: str = "k1", of: str = "acme", **changes: object) -> dict:
    at = changes.pop("at", NOON + timedelta(seconds=number))
    return {
        "drop_id": f"{of}-drop-{number:07d}",
        "tenant": of,
        "device_id": device_id,
        "event_id": f"{of}-event-{number:07d}",
        "drop_number": f"K1-{number:06d}",
        "visit_id": f"visit-{number}",
        "return_id": f"RMA-{number:06d}",
        "merchant_id": "linden",
        "order_number": f"LR-{number}",
        "bag_id": f"TB{number:010d}",
        "policy_number": 7,
        "offline": False,
        "provisional": False,
        "disputed": False,
        "identified_by": "signed",
        "code_id": "",
        "told_at": at,
        "corrected_at": at,
        "received_at": at,
        "refund": 7990,
        "fee": 0,
        "currency": "EUR",
        **changes,
    }


def line_row(drop: dict, position: int = 0, **changes: object) -> dict:
    return {
        "drop_id": drop["drop_id"],
        "position": position,
        "tenant": drop["tenant"],
        "line_id": f"L{position + 1}",
        "sku": "SKU-1",
        "name": "Linen dress",
        "outcome": "accept",
        "reason": "within_policy",
        "reason_values": {},
        "brought": 1,
        "price": drop["refund"],
        "refund": drop["refund"],
        "fee": 0,
        "withheld": 0,
        "currency": drop["currency"],
        "disposal": "none",
        "provisional": False,
        "rule_ids": ["window-30", "condition"],
        "answers": {},
        "state": "accepted",
        **changes,
    }


def put(database: Database, *rows: dict, lines: list[dict] | None = None) -> None:
    """Drops, each with one line where none are given."""
    told = [line_row(row) for row in rows] if lines is None else lines

    def work(c):
        c.execute(drops.insert(), list(rows))
        if told:
            c.execute(drop_lines.insert(), told)

    database.write(work)


def case(
    database: Database,
    number: int,
    of: str = "acme",
    *,
    kind: Kind = Kind.DUPLICATE_DROP,
    drops: tuple[dict, ...] = (),
    detail: str = "",
    device_id: str = "k1",
) -> None:
    evidence = Evidence(
        drops=tuple(one["drop_id"] for one in drops),
        receipts=tuple(one["drop_number"] for one in drops),
        returns=("RMA-000001",),
        detail=detail,
    )
    at = NOON + timedelta(minutes=number)
    found = Found(kind, "number", str(number), at, evidence, device_id=device_id)
    database.write(lambda c: open_many(c, of, [found]))


def case_name(number: int, of: str = "acme", kind: Kind = Kind.DUPLICATE_DROP) -> str:
    return case_id(of, f"{kind}:number:{number}")


__all__ = [
    "NOON",
    "case",
    "case_name",
    "drop_row",
    "kiosk",
    "line_row",
    "merchant",
    "put",
    "tenant",
]
