"""What a counter is told: its site's newest book, and the peppers that the book names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sync.central.counter_book import peppers
from sync.central.database import Transactions
from sync.central.tables import counter_books as books
from sync.central.tables import counter_houses as houses
from sync.central.tables import devices
from sync.wire.counter_book import BookAnswer, PepperTold


@dataclass(frozen=True, slots=True)
class Found:
    """`etag` is without quotes."""

    answer: BookAnswer
    etag: str


def newest(database: Transactions, device_id: str) -> Found | None:
    """For a kiosk that is not revoked; None where its site has no book."""
    query = (
        sa.select(houses.c.tenant, houses.c.site, houses.c.etag, books.c.envelope)
        .select_from(
            devices.join(
                houses,
                sa.and_(houses.c.tenant == devices.c.tenant, houses.c.site == devices.c.site),
            ).join(
                books,
                sa.and_(
                    books.c.tenant == houses.c.tenant,
                    books.c.site == houses.c.site,
                    books.c.number == houses.c.number,
                ),
            )
        )
        .where(devices.c.device_id == device_id, devices.c.state != "revoked")
    )
    with database.reading() as c:
        row = c.execute(query).one_or_none()
        if row is None:
            return None
        told = tuple(
            PepperTold(pepper_id=one.pepper_id, secret=one.secret.hex())
            for one in peppers.in_use(c, row.tenant, row.site)
        )
    return Found(BookAnswer(book=bytes(row.envelope).decode(), peppers=told), row.etag)


def hint(device_id: sa.BindParameter[str]) -> sa.ScalarSelect[Any]:
    """The number of the book of a kiosk's site, NULL for none: as part of a larger query."""
    return (
        sa.select(houses.c.number)
        .select_from(
            devices.join(
                houses,
                sa.and_(houses.c.tenant == devices.c.tenant, houses.c.site == devices.c.site),
            )
        )
        .where(devices.c.device_id == device_id)
        .correlate(None)
        .scalar_subquery()
    )
