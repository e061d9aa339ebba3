"""A year of a large network for the bench of the pages, made inside PostgreSQL.

Rows are written by one INSERT a table with the keys to other tables unchecked and the indexes off,
and the indexes made afterwards: ten million events in minutes. What a page reads is as it would be
of kiosks (a story's bodies, the names that search looks for); digests and links of the chain are
made up, as no page reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from kiosk.domain.events import DeviceChanged, DropCommitted, LineFact, ReceiptSettled
from kiosk.domain.returns import Merchant
from sync.wire import codec
from sync.wire.messages import EventRecord
from tests.bench import pages_more as more
from tests.bench.drain_centre import TENANT

KIOSKS, SITES, SHOPS = more.KIOSKS, more.SITES, more.SHOPS
DROP_IN = 10
"""One event in so many is a drop, the next one its receipt."""
CASES_IN, OPEN = 50, 400
"""One drop in so many has a case; so many of those are open."""


@dataclass(frozen=True, slots=True)
class Sizes:
    events: int

    @property
    def drops(self) -> int:
        return self.events // DROP_IN

    @property
    def cases(self) -> int:
        return self.drops // CASES_IN


def fill(url: str, sizes: Sizes, now: datetime) -> Iterator[str]:
    """Tells each table as it is full. The year ends at `now`."""
    with psycopg.connect(url, autocommit=True) as c:
        c.execute("SET session_replication_role = replica")  # no keys are looked up
        c.execute("SET maintenance_work_mem = '512MB'")
        c.execute("SET synchronous_commit = off")
        names = {"at": now, "tenant": TENANT, "events": sizes.events, "drops": sizes.drops}
        names |= {"cases": sizes.cases, **_bodies(now), **more.bodies(now)}
        rows = (*_ROWS, *more.ROWS)
        with _without_indexes(c, {table for table, _ in rows}):
            for table, sql in rows:
                done = c.execute(sql, names)
                yield f"  {table:12} {done.rowcount:12,} rows"
        c.execute("VACUUM ANALYZE")
        size = c.execute("SELECT pg_database_size(current_database())").fetchone()
        yield f"  {(size or [0])[0] / 2**30:.1f} GiB with its indexes"


@contextmanager
def _without_indexes(c: psycopg.Connection[Any], tables: set[str]) -> Iterator[None]:
    """All but those that hold a key."""
    query = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND tablename = ANY(%s) AND indexdef NOT LIKE '%% UNIQUE %%'"
    )
    found = c.execute(query, (sorted(tables),)).fetchall()
    for name, _ in found:
        c.execute(f"DROP INDEX {name}")
    yield
    for _, sql in found:
        c.execute(sql)


def _bodies(now: datetime) -> dict[str, str]:
    """JSON as kiosks tell it, with @ where each has names of its own."""
    line = LineFact(
        *("L1", "SKU-1", "accept", "within_policy", {"days": 30}, 1, 4_990, 4_990, 0, 0, "EUR"),
        *("hub", False, ("window-30",), {"worn": "no"}, "accepted"),
    )
    drop = DropCommitted(
        *("D-@", "K-@", "V-@", "RMA-@", "shop-1", "BAG-@", 1, False, "signed", "", (line,)),
    )
    plain = EventRecord(
        *(),
        id="E-@",
        type=drop.type,
        time=now,
        subject="D-@",
        epoch="e",
        sequence=1,
        chain="0" * 64,
        data=msgspec.to_builtins(drop),
    )
    told = ReceiptSettled("D-@", "printed", "")
    other = msgspec.structs.replace(plain, type=told.type, data=msgspec.to_builtins(told))
    shop = Merchant("shop-@", "Shop @", "help@shop.example", "UTC")
    device = DeviceChanged("camera-front", "camera", "ready", "")
    of_device = msgspec.structs.replace(plain, type=device.type, data=msgspec.to_builtins(device))
    told_by = {"dropped": plain, "settled": other, "device": of_device, "shop": shop}
    return {name: codec.encode(one).decode() for name, one in told_by.items()}


# Event n belongs to drop n / DROP_IN; kiosks take turns by drop.
_AT = "%(at)s::timestamptz - interval '365 days' * (1 - n::float8 / %(events)s)"
_DROP_AT = "%(at)s::timestamptz - interval '365 days' * (1 - n::float8 / %(drops)s)"
_KIOSK = f"'kiosk-' || d %% {KIOSKS}"
_ROWS = (
    (
        "merchants",
        "INSERT INTO merchants (tenant, merchant_id, name, body, rules)"
        " SELECT %(tenant)s, 'shop-' || n, 'Shop ' || n, replace(%(shop)s, '@', n::text), '[]'"
        f" FROM generate_series(0, {SHOPS - 1}) n",
    ),
    (
        "devices",
        "INSERT INTO devices (device_id, tenant, site, kiosk_code, public_key, enrolled_at,"
        " last_seen_at, version, epoch, policy_number)"
        f" SELECT 'kiosk-' || n, %(tenant)s, 'Site ' || n %% {SITES}, 'K' || n, '',"
        " %(at)s::timestamptz - interval '400 days', %(at)s, '1.0', 'e', 2"
        f" FROM generate_series(0, {KIOSKS - 1}) n",
    ),
    (
        "events",
        "INSERT INTO events (id, tenant, device_id, epoch, sequence, type, subject, told_at,"
        " corrected_at, received_at, body, digest, state, cause)"
        f" SELECT 'E-' || n, %(tenant)s, {_KIOSK}, 'e', n,"
        f" CASE WHEN n %% {DROP_IN} = 0 THEN 'takeback.drop.committed.v1'"
        f" WHEN n %% {DROP_IN} = 1 THEN 'takeback.receipt.settled.v1'"
        f" WHEN n %% {DROP_IN} = 2 THEN 'takeback.drop.refused.v1'"
        f" WHEN n %% {DROP_IN} = 3 THEN 'takeback.staff.needed.v1'"
        f" WHEN n %% {DROP_IN} = 4 THEN 'takeback.device.changed.v1'"
        " ELSE 'takeback.code.rejected.v1' END,"
        f" CASE WHEN n %% {DROP_IN} < 2 THEN 'D-' || d ELSE {_KIOSK} END, at, at, at,"
        f" CASE WHEN n %% {DROP_IN} = 0 THEN replace(%(dropped)s, '@', d::text)"
        f" WHEN n %% {DROP_IN} = 1 THEN replace(%(settled)s, '@', d::text)"
        f" WHEN n %% {DROP_IN} = 4 THEN %(device)s ELSE '{{}}' END,"
        " md5(n::text) || md5(n::text),"
        " CASE WHEN n %% 10000 = 9 THEN 'quarantined' ELSE 'accepted' END,"
        " CASE WHEN n %% 10000 = 9 THEN 'unfit: content' ELSE '' END"
        f" FROM (SELECT n, n / {DROP_IN} AS d, {_AT} AS at"
        " FROM generate_series(0::bigint, %(events)s::bigint - 1) n) t",
    ),
    (
        "drops",
        "INSERT INTO drops (drop_id, tenant, device_id, event_id, drop_number, visit_id, return_id,"
        " merchant_id, order_number, bag_id, policy_number, identified_by, code_id, told_at,"
        " corrected_at, received_at, refund, fee, currency, receipt, verdict_check, fed)"
        f" SELECT 'D-' || n, %(tenant)s, 'kiosk-' || n %% {KIOSKS}, 'E-' || n * {DROP_IN},"
        f" 'K' || n %% {KIOSKS} || '-' || lpad((n / {KIOSKS})::text, 6, '0'), 'V-' || n,"
        f" 'RMA-' || n, 'shop-' || n %% {SHOPS}, 'ORDER-' || n, 'BAG-' || n, 1, 'signed', '',"
        f" {_DROP_AT}, {_DROP_AT}, {_DROP_AT}, 4990, 0, 'EUR', 'printed', 'same', true"
        " FROM generate_series(0::bigint, %(drops)s::bigint - 1) n",
    ),
    (
        "drop_lines",
        "INSERT INTO drop_lines (drop_id, position, tenant, line_id, sku, name, outcome, reason,"
        " reason_values, brought, price, refund, fee, withheld, currency, disposal, rule_ids,"
        " answers, state) SELECT 'D-' || n, 0, %(tenant)s, 'L1', 'SKU-' || n %% 500, 'Dress',"
        " 'accept', 'within_policy', '{}', 1, 4990, 4990, 0, 0, 'EUR', 'hub', '[]', '{}',"
        " 'accepted' FROM generate_series(0::bigint, %(drops)s::bigint - 1) n",
    ),
    (
        "movements",
        "INSERT INTO movements (tenant, source, source_id, kind, bag_id, container_id, return_id,"
        " count, amount, currency, told_at, received_at, digest)"
        " SELECT %(tenant)s, 'hub:north', kind || n, kind,"
        " CASE kind WHEN 'refunded' THEN '' ELSE 'BAG-' || n END,"
        " CASE kind WHEN 'contained' THEN 'TOTE-' || n / 40 ELSE '' END,"
        " CASE kind WHEN 'refunded' THEN 'RMA-' || n ELSE '' END,"
        " CASE kind WHEN 'hub_received' THEN 1 ELSE -1 END,"
        " CASE kind WHEN 'refunded' THEN 4990 ELSE 0 END,"
        f" CASE kind WHEN 'refunded' THEN 'EUR' ELSE '' END, {_DROP_AT}, {_DROP_AT}, ''"
        " FROM generate_series(0::bigint, %(drops)s::bigint - 1) n,"
        " unnest(ARRAY['contained', 'hub_received', 'refunded']) kind",
    ),
    (
        "cases",
        "INSERT INTO cases (case_id, tenant, key, kind, subject_kind, subject, state, opened_at,"
        " device_id, site, evidence, digest, settled_at, settled_by, resolution)"
        " SELECT 'C-' || n, %(tenant)s, 'missing:bag:BAG-' || b, 'missing', 'bag', 'BAG-' || b,"
        f" CASE WHEN n >= %(cases)s - {OPEN} THEN 'open' ELSE 'settled' END, at, '',"
        f" 'Site ' || n %% {SITES}, json_build_object('bags', json_build_array('BAG-' || b)), '',"
        f" CASE WHEN n >= %(cases)s - {OPEN} THEN NULL ELSE at END, '', ''"
        f" FROM (SELECT n, n * {CASES_IN} AS b, %(at)s::timestamptz"
        " - interval '365 days' * (1 - n::float8 / %(cases)s) AS at"
        " FROM generate_series(0::bigint, %(cases)s::bigint - 1) n) t",
    ),
    (
        "reconciled",  # or the matching would go over the whole year meanwhile
        "INSERT INTO reconciled (tenant, what, at) SELECT %(tenant)s, what, %(at)s"
        " FROM unnest(ARRAY['drops', 'movements']) what",
    ),
    (
        "closings",  # and the books of all days but the last two are closed
        "INSERT INTO closings (tenant, day, starts_at, ends_at, until, closed_at)"
        " SELECT %(tenant)s, to_char(day, 'YYYY-MM-DD'), day, day + interval '1 day',"
        " day + interval '2 days', day + interval '2 days' FROM (SELECT"
        " date_trunc('day', %(at)s::timestamptz, 'UTC') - make_interval(days => n) AS day"
        " FROM generate_series(2, 366) n) t",
    ),
    (
        "case_links",
        "INSERT INTO case_links (tenant, thing, id, case_id) SELECT %(tenant)s, 'bag',"
        f" 'BAG-' || n * {CASES_IN}, 'C-' || n"
        " FROM generate_series(0::bigint, %(cases)s::bigint - 1) n",
    ),
    (
        "case_events",
        "INSERT INTO case_events (case_id, number, tenant, at, step, evidence)"
        " SELECT 'C-' || n, 1, %(tenant)s, %(at)s::timestamptz"
        " - interval '365 days' * (1 - n::float8 / %(cases)s), 'opened', '{}'"
        " FROM generate_series(0::bigint, %(cases)s::bigint - 1) n",
    ),
)
