"""The peak of memory while a form is written: `python peak.py csv 20000 200000` prints JSON.

Rows are made one at a time from one pattern, with texts that differ, and given to the writer as
the database would.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[3]))

from sync.central.exports import as_csv, as_parquet, as_xlsx
from sync.central.exports.asking import Asked, Form, Scope, What
from sync.central.exports.sheets import SHEETS
from tests.sync.exports import world

WRITERS = {"csv": as_csv.chunks, "xlsx": as_xlsx.chunks, "parquet": as_parquet.chunks}
SHEET = SHEETS[What.DROPS]


def rows(count: int) -> Iterator[list]:
    named = {"site": "Street 1", "kiosk_code": "K1", "merchant": "Linden & Row", "items": 2}
    kept = {"voided": False, "voided_at": None, "void_reason": ""}
    base = {**world.drop_row(0), **named, **kept, "receipt": "printed"}
    for number in range(count):
        at = world.NOON + timedelta(seconds=number)
        own = {"drop_id": f"drop-{number:032d}", "drop_number": f"K1-{number:06d}"}
        yield list(SHEET.row({**base, **own, "received_at": at, "order_number": f"LR-{number}"}))


def main(form: str, *counts: str) -> None:
    day = date(2026, 5, 1)
    asked = Asked(What.DROPS, Form(form), Scope("acme"), day, day, ZoneInfo("Europe/Berlin"))
    told = []
    for count in map(int, counts):
        made = WRITERS[form](asked, SHEET.columns, rows(count), world.NOON)
        size = sum(len(part) for part in made)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told.append({"rows": count, "bytes": size, "peak_mb": round(peak, 1)})
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
