"""Notices for the pages to show: one that waits, one that failed, some that went."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.ports import Ids
from sync.central.database import Database
from sync.central.notices import channels, queue
from sync.central.notices.channels import Paces
from sync.central.notices.gateway import Gateway
from sync.central.notices.mail import Server
from sync.central.notices.model import Address, Hidden, Kind, Thing, Wanted, Way, Why
from sync.central.tables import notices

_MAIL = Server("mail.shop.example", 587, "starttls", "post@shop.example", "Street 1", "post", "x")
_SMS = Gateway(f"twilio://AC{'a' * 32}:{'b' * 32}@15551230000/{{to}}")
_ADA = Hidden((Address(Way.EMAIL, "ada@example.org"),), "TP1:ABCDEFGHJ", "Ada")


def fill(database: Database, ids: Ids, now: datetime, tenant: str) -> None:
    def put(n: int, kind: Kind, **values: object) -> None:
        wanted = Wanted(
            kind,
            Thing.PARCEL,
            f"0034043416109404255{n}",
            "1",
            "en",
            _ADA,
            now + timedelta(minutes=n),
            now + timedelta(days=1),
            site="Street 1",
        )
        made = database.write(lambda c: queue.put(c, ids, now, tenant, wanted))
        mine = notices.update().where(notices.c.notice_id == made)
        if values:
            database.write(lambda c: c.execute(mine.values(**values)))

    def ways(c: object) -> None:
        channels.put(c, ids, now, tenant, Way.EMAIL, _MAIL, Paces())
        channels.put(c, ids, now, tenant, Way.SMS, _SMS, Paces(30, 500))
        channels.switch(c, tenant, Way.SMS.value, False, now)

    database.write(ways)
    put(1, Kind.REMINDER)
    put(2, Kind.ARRIVED, state="failed", why=Why.REFUSED.value, answer="550 no such user here")
    put(3, Kind.COLLECTED, state="sent", hidden="", answer="250 queued", settled_at=now)
    put(4, Kind.ARRIVED, state="dropped", hidden="", why=Why.UNSURE.value, settled_at=now)
