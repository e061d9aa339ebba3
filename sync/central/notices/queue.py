"""The queue of notices: put once, held by one worker, handed over at most once, erased when done.

    QUEUED -> SENDING -> HANDING -> SENT
                |           |-----> DROPPED(unsure)
                |-> QUEUED (a later try, or the next address) | FAILED | DROPPED

Each step is committed before the next one is taken in the world. SENDING: nothing was handed over,
so a worker that dies there leaves a notice that is sent again. HANDING: the provider may have it,
and nobody can be asked; it is not sent again. A notice that comes twice is worse than one that is
missed, because the reminders say the same a little later (sync.central.notices.ending).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.ports import Ids
from sync.central import sealing
from sync.central.audit import Actor, changed
from sync.central.database import insert_new
from sync.central.notices.model import (
    WAITING,
    Hidden,
    Kind,
    State,
    Thing,
    Wanted,
    Why,
)
from sync.central.tables import notices

HOLD: Final = timedelta(minutes=2)
"""How long one sending may take; a provider that answers later is not waited for."""


@dataclass(frozen=True, slots=True)
class Held:
    """A notice that this worker sends. `way` is the index of the address that is tried."""

    notice_id: str
    tenant: str
    kind: Kind
    language: str
    merchant_id: str
    site: str
    told: dict[str, str]
    hidden: Hidden
    way: int
    attempts: int
    not_after: datetime


def put(c: sa.Connection, ids: Ids, now: datetime, tenant: str, wanted: Wanted) -> str:
    """Queue a notice; its id, or "" where it was queued before, whatever became of it."""
    notice_id = ids.uuid()
    kept = msgspec.json.encode(wanted.hidden).decode()
    row = {
        "notice_id": notice_id,
        "tenant": tenant,
        "kind": wanted.kind.value,
        "thing": wanted.thing.value,
        "about": wanted.about,
        "recipient": wanted.recipient,
        "occasion": wanted.occasion,
        "site": wanted.site,
        "merchant_id": wanted.merchant_id,
        "language": wanted.language,
        "told": msgspec.json.encode(wanted.told, order="sorted").decode(),
        "hidden": sealing.of(c).seal(kept, ids, sealing.NOTICE, notice_id),
        "channel": wanted.hidden.to[0].way.value,
        "created_at": now,
        "due_at": wanted.due_at,
        "not_after": wanted.not_after,
    }
    return notice_id if insert_new(c, notices, row) else ""


def hidden_of(c: sa.Connection, row: sa.Row[Any] | sa.RowMapping) -> Hidden:
    """Raises Unreadable."""
    told = row if isinstance(row, sa.RowMapping) else row._mapping
    plain = sealing.of(c).open(told["hidden"], sealing.NOTICE, told["notice_id"])
    return msgspec.json.decode(plain, type=Hidden)


def take(
    c: sa.Connection, tenant: str, channels: Collection[str], now: datetime
) -> sa.RowMapping | None:
    """The one that is due longest by these channels, held from now on; None for none. Two workers
    never hold the same one: PostgreSQL passes over what another has locked, SQLite has one writer.
    """
    n = notices.c
    fit = sa.and_(
        n.tenant == tenant,
        n.state == State.QUEUED.value,
        n.due_at <= now,
        n.channel.in_(list(channels)),
    )
    query = sa.select(n.notice_id).where(fit).order_by(n.due_at).limit(1)
    found = c.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is None:
        return None
    change = (
        notices.update()
        .where(n.notice_id == found, n.tenant == tenant)
        .values(state=State.SENDING.value, held_until=now + HOLD, attempts=n.attempts + 1)
    )
    return c.execute(change.returning(*notices.c)).mappings().one()


def _ours(row: sa.RowMapping) -> sa.ColumnElement[bool]:
    """A notice as it was taken: each taking counts, so whoever was overtaken changes nothing."""
    n = notices.c
    return sa.and_(
        n.tenant == row["tenant"],
        n.notice_id == row["notice_id"],
        n.attempts == row["attempts"],
    )


def handing(c: sa.Connection, row: sa.RowMapping, now: datetime) -> bool:
    """From here on the provider may have it. False where it is not ours any more: whoever took
    longer than the hold hands nothing over."""
    n = notices.c
    held = sa.and_(_ours(row), n.state == State.SENDING.value, n.held_until > now)
    return c.execute(notices.update().where(held).values(state=State.HANDING.value)).rowcount == 1


def settle(
    c: sa.Connection,
    row: sa.RowMapping,
    state: State,
    now: datetime,
    *,
    why: Why | None = None,
    answer: str = "",
) -> bool:
    """Sent or dropped, and erased in the same moment; False where it was settled before."""
    values = {
        "state": state.value,
        "why": why.value if why else "",
        "answer": answer,
        "hidden": "",
        "held_until": None,
        "settled_at": now,
    }
    mine = sa.and_(_ours(row), notices.c.state.in_(WAITING))
    return c.execute(notices.update().where(mine).values(values)).rowcount == 1


def put_back(
    c: sa.Connection,
    row: sa.RowMapping,
    *,
    due_at: datetime | None = None,
    way: tuple[int, str] | None = None,
    answer: str = "",
    failed: Why | None = None,
    untried: bool = False,
) -> None:
    """It was not taken: another time, by another way (index and channel), or, where it failed for
    good, by a person's hand. `untried` takes the attempt back."""
    values: dict[str, Any] = {
        "state": (State.FAILED if failed else State.QUEUED).value,
        "why": failed.value if failed else "",
        "answer": answer,
        "held_until": None,
    }
    values |= {} if due_at is None else {"due_at": due_at}
    values |= {} if way is None else {"way": way[0], "channel": way[1]}
    values |= {"attempts": row["attempts"] - 1} if untried else {}
    mine = sa.and_(_ours(row), notices.c.state.in_(WAITING))
    c.execute(notices.update().where(mine).values(values))


def drop_about(
    c: sa.Connection,
    tenant: str,
    thing: Thing,
    about: str,
    kinds: Collection[Kind],
    now: datetime,
) -> int:
    """What is still to be sent of these kinds about a thing goes: it is not true any more. What is
    being sent just now stays; how many went."""
    n = notices.c
    mine = sa.and_(
        n.tenant == tenant,
        n.thing == thing.value,
        n.about == about,
        n.kind.in_([kind.value for kind in kinds]),
        n.state.in_([State.QUEUED.value, State.FAILED.value]),
    )
    values = {
        "state": State.DROPPED.value,
        "why": Why.GONE.value,
        "hidden": "",
        "settled_at": now,
    }
    return c.execute(notices.update().where(mine).values(values)).rowcount


def drop_confirmation(
    c: sa.Connection, tenant: str, return_id: str, drop_id: str, now: datetime
) -> int:
    """The word that a drop is in, where nobody is sending it yet: staff took the drop back."""
    n = notices.c
    mine = sa.and_(
        n.tenant == tenant,
        n.kind == Kind.DROPPED_OFF.value,
        n.thing == Thing.RETURN.value,
        n.about == return_id,
        n.occasion == drop_id,
        n.state.in_([State.QUEUED.value, State.FAILED.value]),
    )
    values = {
        "state": State.DROPPED.value,
        "why": Why.GONE.value,
        "hidden": "",
        "settled_at": now,
    }
    return c.execute(notices.update().where(mine).values(values)).rowcount


def drop_one(c: sa.Connection, tenant: str, notice_id: str, why: Why, now: datetime) -> bool:
    """One that nobody is sending; whether it was there."""
    n = notices.c
    mine = sa.and_(
        n.tenant == tenant,
        n.notice_id == notice_id,
        n.state.in_([State.QUEUED.value, State.FAILED.value]),
    )
    values = {"state": State.DROPPED.value, "why": why.value, "hidden": "", "settled_at": now}
    return c.execute(notices.update().where(mine).values(values)).rowcount == 1


def drop_all(c: sa.Connection, by: Actor, now: datetime) -> int:
    """All that waits, by hand; how many."""
    n = notices.c
    mine = sa.and_(n.tenant == by.tenant, n.state.in_([one.value for one in WAITING]))
    values = {"state": State.DROPPED.value, "why": Why.BY_HAND.value, "hidden": ""}
    count = c.execute(notices.update().where(mine).values(**values, settled_at=now)).rowcount
    if count:
        changed(c, by, now, "notice.dropped", "*", after={"count": count})
    return count


def retry(c: sa.Connection, tenant: str, notice_id: str, now: datetime) -> bool:
    """Once more from its first address, by a person's hand; whether it had failed."""
    n = notices.c
    mine = sa.and_(
        n.tenant == tenant,
        n.notice_id == notice_id,
        n.state == State.FAILED.value,
        n.not_after > now,
    )
    row = c.execute(sa.select(notices).where(mine)).mappings().one_or_none()
    if row is None:
        return False
    first = hidden_of(c, row).to[0].way.value
    values = {"state": State.QUEUED.value, "why": "", "way": 0, "channel": first, "due_at": now}
    return c.execute(notices.update().where(mine).values(values)).rowcount == 1


def held_of(c: sa.Connection, row: sa.RowMapping) -> Held:
    """Raises Unreadable."""
    return Held(
        row["notice_id"],
        row["tenant"],
        Kind(row["kind"]),
        row["language"],
        row["merchant_id"],
        row["site"],
        msgspec.json.decode(row["told"], type=dict[str, str]),
        hidden_of(c, row),
        row["way"],
        row["attempts"],
        row["not_after"],
    )
