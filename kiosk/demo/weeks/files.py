"""Files as carriers and hubs send them: CSV, with the map that says what its columns mean."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from sync.central.reconcile.model import NOT_COUNTED, Movement
from sync.central.reconcile.uploading import File

_COLUMNS = {
    "Scan": "source_id",
    "Time": "told_at",
    "What": "kind",
    "Return": "return_id",
    "Line": "line_id",
    "Bag": "bag_id",
    "Container": "container_id",
    "List": "manifest_id",
    "Pieces": "count",
    "Grade": "detail",
}


def file_of(source: str, day: date, told: Sequence[Movement]) -> File:
    """All of one source's movements of a day."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in told:
        writer.writerow([_cell(getattr(one, name)) for name in _COLUMNS.values()])
    columns = "\n".join(f'{name} = "{column}"' for column, name in _COLUMNS.items())
    map_ = f'source = "{source}"\n\n[columns]\n{columns}\n'
    return File(f"{source.partition(':')[2]}-{day}.csv", out.getvalue().encode(), map_)


def _cell(value: object) -> str:
    if value == NOT_COUNTED:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
