"""What the centre counts while it works, for Prometheus.

Labels are names of ours (routes by their template, lanes, outcomes): no tenant, kiosk, person or
address is one. Several workers of one command keep their counts in files of a folder and are added
up (`SHARED` names it, prometheus_client's multiprocess mode); a file belongs to a worker's place
and not to its process, so that a worker that is started again goes on where the last one ended.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import mark_process_dead

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
NO_ROUTE: Final = "none"
"""Of what was turned away at the door, and of paths that there are not."""

_place = "parent"


def take_place(number: int) -> None:
    """Tell which worker this process is, before it counts anything."""
    global _place
    _place = str(number)


def clear_place(number: int) -> None:
    """A worker ended: what it had open and under way counts no more."""
    mark_process_dead(number)  # type: ignore[no-untyped-call]


if SHARED in os.environ:
    values.ValueClass = values.MultiProcessValue(lambda: _place)  # type: ignore[no-untyped-call]

REGISTRY: Final = CollectorRegistry()

REQUESTS: Final = Counter(
    "takeback_http_requests",
    "Requests that were answered.",
    ("method", "route", "status"),
    registry=REGISTRY,
)
SECONDS: Final = Histogram(
    "takeback_http_request_duration_seconds",
    "From a request's head to the end of its answer.",
    ("method", "route"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    registry=REGISTRY,
)
INSIDE: Final = Gauge(
    "takeback_admission_requests",
    "Requests that are served or stand in line, by lane.",
    ("lane",),
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
TURNED_AWAY: Final = Histogram(
    "takeback_admission_retry_after_seconds",
    "What those were told who found no room: when to come again.",
    ("lane",),
    buckets=(1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0),
    registry=REGISTRY,
)
EVENTS: Final = Counter(
    "takeback_ingest_events",
    "Events of kiosks by what became of them: accepted, duplicate, quarantined, conflict, "
    "rejected.",
    ("outcome",),
    registry=REGISTRY,
)
LAG: Final = Histogram(
    "takeback_ingest_lag_seconds",
    "How long the oldest new event of a batch was on its way, by the centre's clock.",
    buckets=(1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 21_600.0, 86_400.0, 604_800.0),
    registry=REGISTRY,
)
DELIVERIES: Final = Counter(
    "takeback_webhook_deliveries",
    "Tries to send an event to a webhook: delivered, refused (4xx), failed.",
    ("outcome",),
    registry=REGISTRY,
)
CONNECTIONS: Final = Gauge(
    "takeback_database_connections",
    "Connections of the pool: open, in_use.",
    ("state",),
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
STARTS: Final = Counter(
    "takeback_worker_starts",
    "How often a worker was started since the command was.",
    registry=REGISTRY,
)

for _outcome in ("accepted", "duplicate", "quarantined", "conflict", "rejected"):
    EVENTS.labels(_outcome)
for _outcome in ("delivered", "refused", "failed"):
    DELIVERIES.labels(_outcome)
for _lane in ("beat", "live", "bulk"):
    INSIDE.labels(_lane)
    TURNED_AWAY.labels(_lane)


def ingested(told: int, taken: int, notices: Sequence[str], lag_s: float | None) -> None:
    """A batch: how many events it told, how many of them were new, what kinds of notices they
    got, and how long the oldest new one was on its way (None where none was)."""
    odd = {kind: notices.count(kind) for kind in ("quarantined", "conflict")}
    for kind, count in odd.items():
        EVENTS.labels(kind).inc(count)
    EVENTS.labels("accepted").inc(max(0, taken - odd["quarantined"]))
    EVENTS.labels("duplicate").inc(max(0, told - taken - odd["conflict"]))
    if lag_s is not None:
        LAG.observe(max(0.0, lag_s))


def rejected(told: int) -> None:
    """A batch of which nothing was taken."""
    EVENTS.labels("rejected").inc(told)


def method_of(scope: Mapping[str, object]) -> str:
    """One of few, whatever somebody sends."""
    told = str(scope.get("method", ""))
    return told if told in _METHODS else "other"


def route_of(scope: Mapping[str, object]) -> str:
    """The template that the path was found by."""
    return str(scope.get("path_template", NO_ROUTE))


def answered(scope: Mapping[str, object], status: int, seconds: float) -> None:
    method, route = method_of(scope), route_of(scope)
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


def count_connections(engine: sa.Engine) -> None:
    """From now on, and until the engine is disposed of."""
    opened, used = CONNECTIONS.labels("open"), CONNECTIONS.labels("in_use")
    sa.event.listen(engine, "connect", lambda *_: opened.inc())
    sa.event.listen(engine, "close", lambda *_: opened.dec())
    sa.event.listen(engine, "checkout", lambda *_: used.inc())
    sa.event.listen(engine, "checkin", lambda *_: used.dec())
