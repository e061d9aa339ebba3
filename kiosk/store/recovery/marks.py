"""Marks that must never go back: bundle number, time, drop numbers. Where the row that kept one is
lost, what else the kiosk has bounds it from below."""

from __future__ import annotations

import json
import re
from pathlib import Path

from kiosk.domain import hlc
from kiosk.store.drops import COUNTER
from kiosk.store.events import HLC
from kiosk.store.policy_cache import HIGHEST
from kiosk.store.recovery import told
from kiosk.store.recovery.rows import COPY, Row, Rows

DAMAGED = "push.damaged"
"""Ids of events whose body is not to be sent: the agent's (sync.agent.withheld)."""

_NOT_KEPT = frozenset(
    {"outbox.next_attempt", "outbox.failures", DAMAGED, told.KEY, told.PLACE, told.FOUND}
)
_TAKEN = "takeback.bag.committed.v1"
_NUMBER = re.compile(r"policy-(\d+)\b")
_SPARE = 1_000
"""Drop numbers left out where it is not known which was the last: none may mean two drops."""


def marks(rows: Rows, events: list[Row], damaged: list[str], data_dir: Path) -> dict[str, str]:
    """What the new ledger's `meta` begins with."""
    kept = {row["key"]: row["value"] for row in rows.best("meta") if row["key"] not in _NOT_KEPT}
    kept[HIGHEST] = str(max(_numbers(rows, HIGHEST) + _bundles(events, data_dir), default=0))
    kept[COUNTER] = str(_counter(rows, events))
    kept[HLC] = _clock(rows, events)
    old = _ids(rows)
    if damaged or old:
        kept[DAMAGED] = json.dumps(dict.fromkeys([*old, *damaged], True), separators=(",", ":"))
    return {key: value for key, value in kept.items() if value}


def _values(rows: Rows, key: str) -> list[str]:
    return [row["value"] for _, row in rows.found["meta"].get((key,), [])]


def _numbers(rows: Rows, key: str) -> list[int]:
    return [int(value) for value in _values(rows, key) if value.isascii() and value.isdigit()]


def _bundles(events: list[Row], data_dir: Path) -> list[int]:
    files = (_NUMBER.match(path.name) for path in data_dir.glob("policy-*.db"))
    return [int(one["policyversion"]) for one in events] + [int(m[1]) for m in files if m]


def count_of(drop_number: str) -> int:
    """What was counted for a drop number, "code-000123-x" (kiosk.app.numbers); 0 for none."""
    parts = drop_number.split("-")
    middle = parts[-2] if len(parts) >= 3 else ""
    return int(middle) if middle.isascii() and middle.isdigit() else 0


def _counter(rows: Rows, events: list[Row]) -> int:
    told = [str(row["drop_number"] or "") for row in rows.best("drops")]
    told += [str(_field(row, "drop_number")) for row in events]
    # A labelled drop-off at a counter has its number for an id; a kiosk's drop has a UUID.
    taken = [str(_field(row, "drop_id")) for row in events if row["type"] == _TAKEN]
    told += [name for name in taken if name.count("-") == 2]
    seen = max(map(count_of, told), default=0)
    kept = max([seen, *_numbers(rows, COUNTER)])
    # A copy tells how far the numbers were when it was made.
    last = any(rank < COPY for rank, _ in rows.found["meta"].get((COUNTER,), []))
    return kept + (_SPARE if kept and not last else 0)


def _field(row: Row, name: str) -> object:
    try:
        data = json.loads(row["data"])
    except ValueError:
        return ""
    return data.get(name, "") if isinstance(data, dict) else ""


def _clock(rows: Rows, events: list[Row]) -> str:
    found = []
    for stamp in [*_values(rows, HLC), *(row["hlc"] for row in events)]:
        try:
            hlc.advance(stamp, 0)
        except ValueError:
            continue
        found.append(stamp)
    return max(found, default="")


def _ids(rows: Rows) -> list[str]:
    for value in _values(rows, DAMAGED):
        try:
            found = json.loads(value)
        except ValueError:
            continue
        if isinstance(found, dict):
            return [str(name) for name in found]
    return []
