"""How things stand, read from the database when Prometheus asks: cases, kiosks, jobs, webhooks.

It is the same whichever worker looks, so it is no worker's count. All tenants are added up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kiosk import __version__
from kiosk.ports import Clock
from sync.central.cases import UNSETTLED, Kind
from sync.central.database import Database
from sync.central.fleet.spans import QUIET_AFTER
from sync.central.health import newest
from sync.central.tables import cases, devices, jobs, tenants, webhook_deliveries, webhooks

FRESH_S: Final = 10.0
"""However often somebody asks, the database is asked once in so many seconds."""


class Standing(Collector):
    """For a registry. Safe from any thread. Where the database does not answer, only
    `takeback_database_up` is told, as 0."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._told: tuple[Metric, ...] = ()

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            now = self._clock.monotonic()
            if not 0 <= now - self._asked_at < FRESH_S:
                self._told, self._asked_at = tuple(self._look()), now
            return self._told

    def describe(self) -> Iterable[Metric]:
        return ()  # registered without asking the database

    def _look(self) -> Iterator[Metric]:
        build = GaugeMetricFamily(
            "takeback_build_info", "Always 1.", labels=("version", "database", "schema")
        )
        kind = "sqlite" if self._database.sqlite else "postgresql"
        build.add_metric((__version__, kind, newest()), 1)
        yield build
        up = "takeback_database_up", "Whether the database answers."
        try:
            with self._database.reading() as c:
                told = [one for look in _LOOKS for one in look(c, self._clock.now())]
        except sa.exc.SQLAlchemyError:
            yield GaugeMetricFamily(*up, value=0)
            return
        yield GaugeMetricFamily(*up, value=1)
        yield from told


def _cases(c: sa.Connection, _now: datetime) -> Iterator[Metric]:
    query = (
        sa.select(cases.c.kind, sa.func.count())
        .select_from(tenants)  # by tenant, as the index is
        .join(cases, cases.c.tenant == tenants.c.tenant)
        .where(cases.c.state.in_(UNSETTLED))
    )
    open_ = {kind.value: 0 for kind in Kind}
    open_ |= dict(c.execute(query.group_by(cases.c.kind)).all())
    told = GaugeMetricFamily("takeback_cases_open", "Unsettled cases by kind.", labels=("kind",))
    for kind, count in sorted(open_.items()):
        told.add_metric((kind,), count)
    yield told


def _kiosks(c: sa.Connection, now: datetime) -> Iterator[Metric]:
    """Late is who missed three heartbeats."""
    seen, queued = devices.c.last_seen_at, devices.c.queued
    query = sa.select(
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(sa.case((seen >= now - QUIET_AFTER, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((seen.is_(None), 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(queued), 0),
        sa.func.coalesce(sa.func.max(sa.case((queued > 0, devices.c.oldest_queued_s))), 0),
    )
    row = c.execute(query.where(devices.c.state == "enrolled")).one()
    every, online, never, waiting, oldest = (int(one) for one in row)
    told = GaugeMetricFamily(
        "takeback_kiosks", "Enrolled kiosks: online, late, never seen.", labels=("state",)
    )
    for state, count in (("online", online), ("late", every - online - never), ("never", never)):
        told.add_metric((state,), count)
    yield told
    yield GaugeMetricFamily(
        "takeback_kiosk_queued_events", "Events that wait at kiosks, as last told.", value=waiting
    )
    yield GaugeMetricFamily(
        "takeback_kiosk_oldest_queued_seconds", "The longest wait of one of them.", value=oldest
    )


def _jobs(c: sa.Connection, _now: datetime) -> Iterator[Metric]:
    runs = CounterMetricFamily("takeback_job_runs", "Runs that ended.", labels=("job",))
    well = GaugeMetricFamily(
        "takeback_job_last_success_timestamp_seconds", "0 for never.", labels=("job",)
    )
    took = GaugeMetricFamily(
        "takeback_job_last_duration_seconds", "Of the last run that ended.", labels=("job",)
    )
    failing = GaugeMetricFamily(
        "takeback_job_failing", "1 where the last run failed.", labels=("job",)
    )
    for row in c.execute(sa.select(jobs).order_by(jobs.c.name)):
        name = (row.name,)
        runs.add_metric(name, row.runs)
        well.add_metric(name, row.well_at.timestamp() if row.well_at else 0)
        took.add_metric(name, row.took_ms / 1000)
        failing.add_metric(name, 1 if row.error else 0)
    yield from (runs, well, took, failing)


def _webhooks(c: sa.Connection, _now: datetime) -> Iterator[Metric]:
    failing = sa.case((webhooks.c.failures > 0, "failing"), else_=webhooks.c.state)
    state = sa.case((webhooks.c.state == "active", failing), else_=webhooks.c.state).label("now")
    told = GaugeMetricFamily(
        "takeback_webhooks", "Webhooks: active, failing, gone.", labels=("state",)
    )
    counts = {"active": 0, "failing": 0, "gone": 0}
    rows = c.execute(sa.select(state, sa.func.count()).group_by(state))
    counts |= dict(rows.all())
    for name, count in sorted(counts.items()):
        told.add_metric((name,), count)
    yield told
    waiting = (
        sa.select(sa.func.count())
        .select_from(webhooks)
        .join(webhook_deliveries, webhook_deliveries.c.webhook_id == webhooks.c.webhook_id)
        .where(webhook_deliveries.c.state == "waiting")
    )
    yield GaugeMetricFamily(
        "takeback_webhook_deliveries_waiting",
        "Events that wait to be sent.",
        value=c.execute(waiting).scalar_one(),
    )


_LOOKS: Final[tuple[Callable[[sa.Connection, datetime], Iterator[Metric]], ...]] = (
    _cases,
    _kiosks,
    _jobs,
    _webhooks,
)
