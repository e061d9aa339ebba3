"""What else grows in a year of a large network: what merchants authorised and were told, the books,
how kiosks fared, what they were ordered, who changed what. As tests.bench.pages_rows makes it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec

from kiosk.domain.money import Money
from kiosk.domain.returns import Authorisation, AuthorisationState, ReturnLine
from sync.wire import codec
from sync.wire.messages import DeviceSettings
from tests.bench.drain_centre import TENANT

SHOPS, SITES, KIOSKS = 25, 100, 400
AUDITED, SPANS, ORDERED, DELIVERED = 200_000, 250, 40, 100_000
"""Changes that people made; troubles of a kiosk, orders to it; messages of the one webhook."""
HOOK = "hook-1"


def bodies(now: datetime) -> dict[str, str]:
    """JSON with @ where each has a name of its own."""
    line = ReturnLine("L1", "SKU-1", "Dress", "clothing", 1, Money(4_990, "EUR"))
    one = Authorisation(
        *("RMA-@", "shop-1", "ORDER-@", "10115", "", AuthorisationState.AUTHORISED),
        *(date(2026, 1, 1), date(2026, 1, 3), None, (line,)),
    )
    given = DeviceSettings(
        tenant=TENANT, device_id="kiosk-@", version=1, issued=now, values={"ui.language": "de"}
    )
    stage = {"facts": 90, "late": 1, "units": 90, "amounts": {"EUR": 449_100}}
    stages = dict.fromkeys(("dropped", "contained", "hub_received", "refunded"), stage)
    return {
        "authorised": msgspec.json.encode(one).decode(),
        "given": codec.encode(given).decode(),
        "stages": msgspec.json.encode(stages).decode(),
        "epoch_begins": datetime(2025, 1, 1, tzinfo=UTC).isoformat(),
    }


# Of a hundred returns some are in each state; a tenth more are authorised than were dropped.
_STATE = (
    "CASE WHEN n %% 100 < 2 THEN 'requested' WHEN n %% 100 < 3 THEN 'rejected'"
    " WHEN n %% 100 < 6 THEN 'cancelled' WHEN n %% 100 < 60 THEN 'closed'"
    " WHEN n %% 10000 = 99 THEN 'in_review' ELSE 'authorised' END"
)
_DROP_AT = "%(at)s::timestamptz - interval '365 days' * (1 - n::float8 / %(drops)s)"
_DAY = "date_trunc('day', %(at)s::timestamptz, 'UTC') - make_interval(days => d)"
ROWS = (
    (
        "authorisations",
        "INSERT INTO authorisations (tenant, return_id, merchant_id, order_number, state, body,"
        f" bundle) SELECT %(tenant)s, 'RMA-' || n, 'shop-' || n %% {SHOPS}, 'ORDER-' || n,"
        f" {_STATE}, replace(replace(%(authorised)s, '\"authorised\"', '\"' || {_STATE} || '\"'),"
        " '@', n::text), 1 FROM generate_series(0::bigint, %(drops)s::bigint * 11 / 10) n",
    ),
    (
        "claims",
        "INSERT INTO claims (tenant, return_id, line_id, unit, drop_id)"
        " SELECT %(tenant)s, 'RMA-' || n, 'L1', 1, 'D-' || n"
        " FROM generate_series(0::bigint, %(drops)s::bigint - 1) n",
    ),
    (
        "merchant_events",
        "INSERT INTO merchant_events (id, tenant, merchant_id, position, type, subject, at, data)"
        f" SELECT 'ME-' || n, %(tenant)s, 'shop-' || n %% {SHOPS}, n / {SHOPS} + 1,"
        f" 'return.dropped', 'RMA-' || n, {_DROP_AT}, '{{}}'"
        " FROM generate_series(0::bigint, %(drops)s::bigint - 1) n",
    ),
    (
        "merchant_refunds",
        "INSERT INTO merchant_refunds (tenant, return_id, refund_id, merchant_id, minor, currency,"
        f" done_at, told_at) SELECT %(tenant)s, 'RMA-' || n, 'R1', 'shop-' || n %% {SHOPS}, 4990,"
        f" 'EUR', {_DROP_AT}, {_DROP_AT}"
        " FROM generate_series(0::bigint, %(drops)s::bigint - 1) n",
    ),
    (
        "webhook_deliveries",
        "INSERT INTO webhook_deliveries (webhook_id, position, tenant, event_id, state, attempts,"
        f" first_at, next_at, settled_at, status) SELECT '{HOOK}', n, %(tenant)s, 'ME-' || n,"
        " CASE WHEN n %% 500 = 0 THEN 'dead' ELSE 'delivered' END, 1, %(at)s, %(at)s, %(at)s, 200"
        f" FROM generate_series(1, {DELIVERED}) n",
    ),
    (
        "books",
        "INSERT INTO books (tenant, day, site, stages, facts, previous, digest)"
        f" SELECT %(tenant)s, to_char({_DAY}, 'YYYY-MM-DD'),"
        " CASE WHEN s < 0 THEN '' ELSE 'Site ' || s END, %(stages)s::json, '', '', ''"
        f" FROM generate_series(2, 366) d, generate_series(-1, {SITES - 1}) s",
    ),
    (
        "epochs",
        "INSERT INTO epochs (device_id, epoch, started_at, cursor, chain_head)"
        f" SELECT 'kiosk-' || n, 'e', %(epoch_begins)s::timestamptz, %(events)s / {KIOSKS}, ''"
        f" FROM generate_series(0, {KIOSKS - 1}) n",
    ),
    (
        "device_spans",
        "INSERT INTO device_spans (device_id, code, began_at, tenant, ended_at)"
        " SELECT 'kiosk-' || n, (ARRAY['paper_low', 'silent', 'scanner_absent'])[1 + s %% 3],"
        " %(at)s::timestamptz - interval '1 day' * s, %(tenant)s,"
        " %(at)s::timestamptz - interval '1 day' * s + interval '2 hours'"
        f" FROM generate_series(0, {KIOSKS - 1}) n, generate_series(1, {SPANS}) s",
    ),
    (
        "device_commands",
        "INSERT INTO device_commands (device_id, number, kind, issued_at, expires_at, envelope,"
        " outcome, report, settled_at, given_by) SELECT 'kiosk-' || n, s, 'sync_now', %(at)s,"
        " %(at)s, ''::bytea, 'done', '{}', %(at)s, 'ada'"
        f" FROM generate_series(0, {KIOSKS - 1}) n, generate_series(1, {ORDERED}) s",
    ),
    (
        "device_settings",
        "INSERT INTO device_settings (device_id, version, issued_at, body, envelope, state,"
        " given_by) SELECT 'kiosk-' || n, s, %(at)s, replace(%(given)s, '@', n::text), ''::bytea,"
        f" 'taken', 'ada' FROM generate_series(0, {KIOSKS - 1}) n, generate_series(1, 5) s",
    ),
    (
        "office_audit",
        "INSERT INTO office_audit (tenant, number, at, person, source, permission, what, subject,"
        " before, after, previous, hash) SELECT %(tenant)s, 1000 + n,"
        f" %(at)s::timestamptz - interval '365 days' * (1 - n::float8 / {AUDITED}),"
        " 'person-' || n %% 50, '10.0.0.1', 'settle_cases',"
        " (ARRAY['case.settled', 'case.commented', 'returns.extended'])[1 + n %% 3],"
        " CASE n %% 3 WHEN 2 THEN 'RMA-' || n ELSE 'missing:bag:BAG-' || n * 50 END,"
        " '{}', '{}', '', ''"
        f" FROM generate_series(1, {AUDITED}) n",
    ),
)
