"""Drop numbers of a kiosk that never came. A kiosk counts its drops, and a number that it gave was
printed on somebody's receipt: one that is missing between two that came is a drop that was lost on
the way, or with the kiosk's disk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Any, Final

import sqlalchemy as sa

from sync.central.cases import Evidence
from sync.central.cases import Kind as CaseKind
from sync.central.database import upsert
from sync.central.reconcile.differences import Found, Same, When, replace
from sync.central.reconcile.model import Unit
from sync.central.reconcile.touched import Window
from sync.central.tables import devices, drops
from sync.central.tables.reconcile import differences, numberings

_NUMBER: Final = re.compile(r"-(\d{1,9})(?:-[0-9A-Z])?$", re.ASCII)
_MOST: Final = 50
Runs = list[list[int]]


def joined(runs: Sequence[Sequence[int]], numbers: Iterable[int]) -> Runs:
    """Runs without a hole, sorted, of what is known and what is new."""
    made: Runs = []
    for first, last in sorted([*((a, b) for a, b in runs), *((n, n) for n in numbers)]):
        if made and first <= made[-1][1] + 1:
            made[-1][1] = max(made[-1][1], last)
        else:
            made.append([first, last])
    return made


def holes(runs: Runs) -> Runs:
    return [[a[1] + 1, b[0] - 1] for a, b in pairwise(runs)]


def look(c: sa.Connection, when: When, window: Window) -> Same:
    """Among the kiosks that told drops in this window."""
    told = _told(c, when, window)
    if not told:
        return Same()
    kept = c.execute(sa.select(numberings).where(numberings.c.tenant == when.tenant))
    before = {row.device_id: row.runs for row in kept if row.device_id in told}
    runs = {device: joined(before.get(device, ()), told[device]) for device in sorted(told)}
    rows = [
        {"tenant": when.tenant, "device_id": device, "runs": one} for device, one in runs.items()
    ]
    upsert(c, numberings, rows)
    named = _devices(c, runs)
    found = [_found(named[device], one) for device, one in runs.items() if len(one) > 1]
    return replace(c, when, Unit.DEVICE, found, differences.c.unit_id.in_(sorted(runs)))


def _told(c: sa.Connection, when: When, window: Window) -> Mapping[str, list[int]]:
    query = sa.select(drops.c.device_id, drops.c.drop_number).where(
        drops.c.tenant == when.tenant, window.of(drops.c.received_at)
    )
    told: defaultdict[str, list[int]] = defaultdict(list)
    for device_id, text in c.execute(query):
        number = _NUMBER.search(text)
        if number:
            told[device_id].append(int(number[1]))
    return told


def _found(device: Any, runs: Runs) -> Found:
    missing = holes(runs)
    count = sum(last - first + 1 for first, last in missing)
    names = [f"{device.kiosk_code}-{one:06d}" for one in _first_of(missing)]
    proof = Evidence(
        receipts=tuple(names),
        numbers={"missing": count, "first": missing[0][0], "last": missing[-1][1]},
        detail=", ".join(f"{first}-{last}" for first, last in missing[:_MOST]),
    )
    return Found(
        *(CaseKind.SEQUENCE_GAP, Unit.DEVICE, device.device_id),
        site=device.site,
        device_id=device.device_id,
        proof=proof,
    )


def _first_of(missing: Runs) -> Iterator[int]:
    return islice((one for a, b in missing for one in range(a, b + 1)), _MOST)


def _devices(c: sa.Connection, runs: Mapping[str, Runs]) -> dict[str, Any]:
    query = sa.select(devices.c.device_id, devices.c.kiosk_code, devices.c.site)
    rows = c.execute(query.where(devices.c.device_id.in_(sorted(runs))))
    return {row.device_id: row for row in rows}
