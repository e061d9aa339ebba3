"""The job that looks for photographs which have not come, done now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from sync.central import late_photos
from sync.central.centre import Centre
from tests.sync.boxes import IDS


def look(centre) -> str:
    """What it reports."""
    asked = Centre(centre.database, centre.clock, IDS, ZoneInfo("UTC"))
    return late_photos.work(asked, lambda: True)
