"""The ways that a tenant has: set up by people, sealed, opened by whoever sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.database import insert_new
from sync.central.notices import gateway
from sync.central.notices.gateway import Gateway, Provider
from sync.central.notices.letters import Letter
from sync.central.notices.mail import PORTS, Handing, Mail, Server
from sync.central.notices.model import Address, Outcome, Way
from sync.central.rest.targets import Targets
from sync.central.tables import notice_channels


class Post(Protocol):
    """What hands letters over. `handing` is asked right before nobody can say any more whether
    one was taken."""

    def hand(self, one: Letter, handing: Handing) -> Outcome: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Paces:
    a_minute: int = 60
    a_day: int = 5000


def server_problem(told: Server, targets: Targets) -> tuple[str, ...]:
    """The fields of a mail server that cannot be: host | port | sender | security."""
    from sync.central.notices.addresses import good

    wrong = []
    if not told.host or not told.host.isascii() or any(s in told.host for s in " /@:\t"):
        wrong.append("host")
    if told.port not in PORTS and not _inside(told.host, targets):
        wrong.append("port")
    if not good(Address(Way.EMAIL, told.sender)):
        wrong.append("sender")
    if told.security == "none" and not _inside(told.host, targets):
        wrong.append("security")
    return tuple(wrong)


def _inside(host: str, targets: Targets) -> bool:
    """Whether it is an address in a network that the operator of the centre named."""
    from ipaddress import ip_address

    try:
        address = ip_address(host)
    except ValueError:
        return False
    return any(address in one for one in targets.allowed if one.version == address.version)


def put(
    c: sa.Connection,
    ids: Ids,
    now: datetime,
    tenant: str,
    way: Way,
    told: Server | Gateway,
    paces: Paces,
) -> None:
    """Set a channel up, or anew: it begins well."""
    n = notice_channels.c
    mine = sa.and_(n.tenant == tenant, n.channel == way.value)
    known = c.execute(sa.select(n.channel_id).where(mine)).scalar_one_or_none()
    channel_id = known or ids.uuid()
    kept = msgspec.json.encode(told).decode()
    values: dict[str, Any] = {
        "hidden": sealing.of(c).seal(kept, ids, sealing.CHANNEL, channel_id),
        "shown": _shown(told),
        "state": "active",
        "a_minute": paces.a_minute,
        "a_day": paces.a_day,
        "failures": 0,
        "fault": "",
        "next_at": now,
        "changed_at": now,
    }
    row = {"tenant": tenant, "channel": way.value, "channel_id": channel_id, **values}
    if known is not None or not insert_new(c, notice_channels, row):
        c.execute(notice_channels.update().where(mine).values(values))


def _shown(told: Server | Gateway) -> str:
    if isinstance(told, Gateway):
        return gateway.shown(told.url)
    return f"{told.sender} · {told.host}:{told.port}"


def listed(c: sa.Connection, tenant: str) -> tuple[Mapping[str, Any], ...]:
    """Without what is sealed."""
    shown = [one for one in notice_channels.c if one.name != "hidden"]
    query = sa.select(*shown).where(notice_channels.c.tenant == tenant)
    rows = c.execute(query.order_by(notice_channels.c.channel)).mappings()
    return tuple(dict(row) for row in rows)


def opened(c: sa.Connection, tenant: str, way: str) -> Server | Gateway | None:
    """As it was set up; None for none. Raises Unreadable."""
    n = notice_channels.c
    mine = sa.and_(n.tenant == tenant, n.channel == way)
    row = c.execute(sa.select(n.channel_id, n.hidden).where(mine)).one_or_none()
    if row is None:
        return None
    plain = sealing.of(c).open(row.hidden, sealing.CHANNEL, row.channel_id)
    if way == Way.EMAIL:
        return msgspec.json.decode(plain, type=Server)
    return msgspec.json.decode(plain, type=Gateway)


def post(told: Server | Gateway, targets: Targets) -> Post:
    """The post office of a channel."""
    return Mail(told, targets) if isinstance(told, Server) else Provider(told, targets)


def switch(c: sa.Connection, tenant: str, way: str, on: bool, now: datetime) -> bool:
    """Pause a channel, or let it go on; whether it changed."""
    n = notice_channels.c
    before, after = ("paused", "active") if on else ("active", "paused")
    mine = sa.and_(n.tenant == tenant, n.channel == way, n.state == before)
    values = {"state": after, "next_at": now, "failures": 0, "fault": ""}
    return c.execute(notice_channels.update().where(mine).values(values)).rowcount == 1


def end(c: sa.Connection, tenant: str, way: str) -> bool:
    n = notice_channels.c
    mine = sa.and_(n.tenant == tenant, n.channel == way)
    return c.execute(notice_channels.delete().where(mine)).rowcount == 1
