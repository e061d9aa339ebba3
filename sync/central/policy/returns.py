"""Returns as merchants authorised them, for the back office: looked up, cancelled, extended.

What is done here is done by the merchants' own functions (sync.central.rest.returns), so that a
return goes the same ways whoever asks, and its merchant hears of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kiosk.domain.returns import Authorisation, AuthorisationState
from kiosk.ports import Clock, Ids
from sync.central import audit
from sync.central.audit import Actor
from sync.central.database import Database
from sync.central.rest import lifecycle, returns
from sync.central.rest.calls import Answer, Call
from sync.central.rest.keys import Key, Role
from sync.central.rest.problems import Problem
from sync.central.rest.shapes import Cancel, Extend
from sync.central.rest.targets import Targets
from sync.central.tables import authorisations, case_links, cases, drops, merchants

PAGE: Final = 50
MOST_LOOKED_AT: Final = 1000
"""Rows that one page reads at most: a state that few have must not hold the database."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`state` is by the centre's clock; `dropped` whether any of it was brought."""

    one: Authorisation
    state: AuthorisationState
    shop: str
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """`bundle` is the first with it as it stands; 0: it goes out with the next."""

    listed: Listed
    bundle: int
    drops: tuple[Any, ...]
    cases: tuple[Any, ...]

    @property
    def can_cancel(self) -> bool:
        may = lifecycle.may(self.listed.state, AuthorisationState.CANCELLED)
        return may and all(drop.voided for drop in self.drops)

    @property
    def can_extend(self) -> bool:
        return self.listed.state in (*lifecycle.FIRST, AuthorisationState.EXPIRED)


def _rows(tenant: str, merchant: str) -> sa.Select[Any]:
    shop = sa.and_(
        merchants.c.tenant == authorisations.c.tenant,
        merchants.c.merchant_id == authorisations.c.merchant_id,
    )
    dropped = sa.exists().where(
        drops.c.tenant == authorisations.c.tenant,
        drops.c.return_id == authorisations.c.return_id,
        ~drops.c.voided,
    )
    query = (
        sa.select(authorisations, sa.func.coalesce(merchants.c.name, "").label("shop"))
        .add_columns(dropped.label("dropped"))
        .outerjoin(merchants, shop)
        .where(authorisations.c.tenant == tenant)
    )
    return query.where(authorisations.c.merchant_id == merchant) if merchant else query


def _read(row: sa.Row[Any], now: datetime) -> Listed:
    one = msgspec.json.decode(row.body, type=Authorisation)
    state = lifecycle.standing(one, now)
    return Listed(one, state, row.shop or one.merchant_id, bool(row.dropped))


def page(
    database: Database, tenant: str, now: datetime, merchant: str, state: str, after: str
) -> tuple[tuple[Listed, ...], str]:
    """By their number, those after `after`; and where the next page begins, "" at the end.
    `merchant` and `state` are "" for all."""
    query = _rows(tenant, merchant).where(authorisations.c.return_id > after)
    if state:  # what has expired is still written as authorised: it is the clock that says so
        written = {state, "authorised"} if state == "expired" else {state}
        query = query.where(authorisations.c.state.in_(written))
    query = query.order_by(authorisations.c.return_id).limit(MOST_LOOKED_AT)
    found: list[Listed] = []
    with database.reading() as c:
        for count, row in enumerate(c.execute(query), 1):
            one = _read(row, now)
            if not state or one.state.value == state:
                found.append(one)
            if len(found) == PAGE or count == MOST_LOOKED_AT:
                return tuple(found), row.return_id
    return tuple(found), ""


def story(
    database: Database, tenant: str, now: datetime, merchant: str, return_id: str
) -> Story | None:
    with database.reading() as c:
        query = _rows(tenant, merchant).where(authorisations.c.return_id == return_id)
        row = c.execute(query).one_or_none()
        if row is None:
            return None
        its = sa.select(drops).where(drops.c.tenant == tenant, drops.c.return_id == return_id)
        about = (
            sa.select(cases)
            .join(case_links, case_links.c.case_id == cases.c.case_id)
            .where(
                case_links.c.tenant == tenant,
                case_links.c.thing == "return",
                case_links.c.id == return_id,
            )
        )
        return Story(
            _read(row, now),
            row.bundle,
            tuple(c.execute(its.order_by(drops.c.corrected_at, drops.c.drop_id).limit(100))),
            tuple(c.execute(about.order_by(cases.c.opened_at, cases.c.case_id).limit(100))),
        )


def cancel(
    database: Database, clock: Clock, ids: Ids, by: Actor, return_id: str, reason: str
) -> Answer | Problem:
    told = Cancel(reason=reason)
    return _do(database, clock, ids, by, return_id, told, returns.cancel, "returns.cancelled")


def extend(
    database: Database, clock: Clock, ids: Ids, by: Actor, return_id: str, until: datetime
) -> Answer | Problem:
    told = Extend(expires_at=until)
    return _do(database, clock, ids, by, return_id, told, returns.extend, "returns.extended")


def _do(
    database: Database,
    clock: Clock,
    ids: Ids,
    by: Actor,
    return_id: str,
    told: Cancel | Extend,
    run: Callable[[sa.Connection, Call], Answer | Problem],
    what: str,
) -> Answer | Problem:
    """As its merchant could do it, in the name of the house."""

    def work(c: sa.Connection) -> Answer | Problem:
        now = clock.now()
        query = _rows(by.tenant, "").where(authorisations.c.return_id == return_id)
        row = c.execute(query).one_or_none()
        shop = row.merchant_id if row is not None else ""
        key = Key("office", by.tenant, Role.MERCHANT, shop, read_only=False)
        path = {"return_id": return_id}
        call = Call(key, path, None, told, now, ids, Targets.of(()), by.source)
        done = run(c, call)
        if row is not None and isinstance(done, Answer) and done.changed:
            was = {"state": _read(row, now).state.value}
            after = {name: str(value) for name, value in msgspec.to_builtins(told).items()}
            audit.changed(c, by, now, what, return_id, before=was, after=after)
        return done

    return database.write(work)
