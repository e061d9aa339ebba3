"""Counters are told whom we told: a parcel that was notified shows it there."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec
import sqlalchemy as sa

from kiosk.domain.counter.parcel_facts import ParcelNotified
from sync.central.counter import telling
from sync.central.notices.model import Thing

_LOG = logging.getLogger(__name__)


def notified(c: sa.Connection, now: datetime, row: sa.RowMapping) -> None:
    """In the transaction that notes a notice as sent. What fails here undoes itself alone: that
    it was sent must be written down whatever else is wrong."""
    told = msgspec.json.decode(row["told"], type=dict[str, str])
    if row["thing"] != Thing.PARCEL or not row["site"] or not told.get("notice"):
        return
    numbers = dict.fromkeys((str(row["about"]), *told.get("also", "").split()))
    facts = [ParcelNotified(number, told["notice"]) for number in numbers]
    try:
        with c.begin_nested():
            telling.tell(c, now, str(row["tenant"]), str(row["site"]), facts)
    except sa.exc.OperationalError:
        raise  # the database's trouble: all of it is tried again
    except (sa.exc.SQLAlchemyError, ValueError):
        _LOG.exception("the counters of %s were not told of a notice", row["site"])
