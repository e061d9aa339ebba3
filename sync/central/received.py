"""An event as it comes: what everything that takes one in needs to know of its coming."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Received:
    """One event and what the centre knows of its coming."""

    tenant: str
    device_id: str
    event_id: str
    told_at: datetime
    corrected_at: datetime
    received_at: datetime
    hlc: str = ""
    """The hybrid stamp that its kiosk gave it."""
