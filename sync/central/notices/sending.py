"""Sends what is due: one notice at a time, each step committed before the next is taken."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, assert_never

import sqlalchemy as sa

from sync.central import limits
from sync.central.centre import Centre
from sync.central.jobs import GoOn
from sync.central.limits import Pace
from sync.central.notices import (
    addresses,
    channels,
    ending,
    hours,
    letters,
    places,
    queue,
    telling,
    wording,
)
from sync.central.notices.channels import Post
from sync.central.notices.letters import Letter
from sync.central.notices.model import (
    WAITING,
    Kind,
    Later,
    Never,
    Outcome,
    State,
    Taken,
    Trouble,
    Unsure,
    Why,
)
from sync.central.notices.wording import Unfit
from sync.central.rest.targets import Targets
from sync.central.sealing import Unreadable
from sync.central.tables import notice_channels, notices, tenants

_LOG = logging.getLogger(__name__)

PORTION: Final = 500
"""Notices of one tenant in one turn, so that the others have theirs."""
TRIES: Final = 12
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Counted:
    """What a turn did."""

    sent: int = 0
    later: int = 0
    dropped: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"sent {self.sent}, later {self.later}, failed {self.failed}, dropped {self.dropped}"


def work(centre: Centre, go_on: GoOn, targets: Targets) -> str:
    """One turn for every tenant."""
    told = Counted()
    for tenant in _waiting(centre):
        if go_on():
            turn(centre, tenant, targets, told, go_on)
    return str(told)


def _waiting(centre: Centre) -> list[str]:
    """Tenants with anything to send or to give up: a look is all that the others cost."""
    with centre.database.reading() as c:
        names = list(c.execute(sa.select(tenants.c.tenant).order_by(tenants.c.tenant)).scalars())
        return [tenant for tenant in names if _any(c, tenant)]


def _any(c: sa.Connection, tenant: str) -> bool:
    n = notices.c
    mine = sa.and_(n.tenant == tenant, n.state.in_([one.value for one in WAITING]))
    return c.execute(sa.select(n.notice_id).where(mine).limit(1)).first() is not None


def turn(
    centre: Centre, tenant: str, targets: Targets, told: Counted, go_on: GoOn = lambda: True
) -> None:
    """What is due of one tenant, up to a portion."""
    now = centre.clock.now()
    ended = centre.database.write(lambda c: ending.sweep(c, centre.ids, tenant, now))
    told.dropped += ended.unsure + ended.late
    centre.database.write(lambda c: _without_way(c, tenant, now))
    sender = _Turn(centre, tenant, targets, told)
    try:
        for _ in range(PORTION):
            if not go_on() or not sender.one():
                return
    finally:
        sender.close()


def _without_way(c: sa.Connection, tenant: str, now: datetime) -> None:
    """Notices whose channel nobody set up go on to their next address, or wait for a person."""
    n = notices.c
    ways = sa.select(notice_channels.c.channel).where(notice_channels.c.tenant == tenant)
    lost = sa.and_(
        n.tenant == tenant,
        n.state == State.QUEUED.value,
        n.due_at <= now,
        n.channel.not_in(ways),
    )
    known = set(c.execute(ways).scalars())
    query = sa.select(notices).where(lost).limit(PORTION).with_for_update(skip_locked=True)
    for row in c.execute(query).mappings():
        _next_way(c, row, known, "", Why.NO_WAY)


def _next_way(c: sa.Connection, row: sa.RowMapping, known: set[str], answer: str, why: Why) -> bool:
    """By the next address that a channel serves; else it has failed. Whether there was one."""
    try:
        hidden = queue.hidden_of(c, row)
    except Unreadable:
        queue.put_back(c, row, failed=Why.SEALED)
        return False
    for index, one in enumerate(hidden.to):
        if index > row["way"] and one.way.value in known:
            queue.put_back(c, row, way=(index, one.way.value), answer=answer)
            return True
    queue.put_back(c, row, failed=why, answer=answer)
    return False


class _Turn:
    """One tenant's post offices, opened where they are needed."""

    def __init__(self, centre: Centre, tenant: str, targets: Targets, told: Counted) -> None:
        self._centre = centre
        self._tenant = tenant
        self._targets = targets
        self._told = told
        self._posts: dict[str, Post] = {}

    def close(self) -> None:
        for one in self._posts.values():
            one.close()

    def one(self) -> bool:
        """Send the one that is due longest; whether there was one."""
        row = self._centre.database.write(self._take)
        if row is None:
            return False
        ready = self._centre.database.write(partial(self._prepare, row))
        if ready is None:
            return True
        post, one = ready
        try:
            outcome = post.hand(one, partial(self._handing, row))
        except Unfit:
            self._centre.database.write(partial(self._fail, row, Why.WORDS))
            return True
        self._centre.database.write(partial(self._settle, row, outcome))
        return True

    def _take(self, c: sa.Connection) -> sa.RowMapping | None:
        """Held, within the paces of its channel."""
        now, n = self._centre.clock.now(), notice_channels.c
        ready = sa.and_(n.tenant == self._tenant, n.state == "active", n.next_at <= now)
        paces = {row.channel: row for row in c.execute(sa.select(notice_channels).where(ready))}
        while paces:
            row = queue.take(c, self._tenant, paces, now)
            if row is None:
                return None
            wait = self._wait(c, paces.pop(row["channel"]), now)
            if not wait:
                return row
            queue.put_back(c, row, untried=True)
            self._rest(c, row["channel"], now + wait)
        return None

    def _wait(self, c: sa.Connection, its: sa.Row[Any], now: datetime) -> timedelta:
        whose = f"{self._tenant} {its.channel}"
        for scope, count, per in (("minute", its.a_minute, MINUTE), ("day", its.a_day, DAY)):
            wait = limits.take(c, f"notices a {scope}", whose, Pace(count, per, count), now)
            if wait:
                return wait
        return timedelta(0)

    def _rest(self, c: sa.Connection, channel: str, until: datetime) -> None:
        n = notice_channels.c
        mine = sa.and_(n.tenant == self._tenant, n.channel == channel)
        c.execute(notice_channels.update().where(mine).values(next_at=until))

    def _prepare(self, row: sa.RowMapping, c: sa.Connection) -> tuple[Post, Letter] | None:
        """None where it was settled right here."""
        try:
            held = queue.held_of(c, row)
            post = self._post(c, row["channel"])
            to = held.hidden.to[held.way]
            unwanted = addresses.refused(c, self._centre.ids, self._tenant, to)
        except Unreadable as error:
            _LOG.error("a notice cannot be read: %s", error)
            self._fail(row, Why.SEALED, c)
            return None
        if unwanted:
            self._unwanted(c, row)
            return None
        if post is None:
            self._fail(row, Why.NO_WAY, c)
            return None
        said, _ = wording.in_force(c, self._tenant, held.merchant_id, held.kind, held.language)
        try:
            return post, letters.of(held, to, said, self._centre.clock.now())
        except Unfit:
            self._fail(row, Why.WORDS, c)
            return None

    def _post(self, c: sa.Connection, channel: str) -> Post | None:
        if channel not in self._posts:
            told = channels.opened(c, self._tenant, channel)
            if told is None:
                return None
            self._posts[channel] = channels.post(told, self._targets)
        return self._posts[channel]

    def _unwanted(self, c: sa.Connection, row: sa.RowMapping) -> None:
        """Who asked not to be told by this address may have given another one."""
        if not _next_way(c, row, self._known(c), "", Why.UNWANTED):
            queue.settle(c, row, State.DROPPED, self._centre.clock.now(), why=Why.UNWANTED)
            self._told.dropped += 1

    def _fail(self, row: sa.RowMapping, why: Why, c: sa.Connection) -> None:
        queue.put_back(c, row, failed=why)
        self._told.failed += 1

    def _known(self, c: sa.Connection) -> set[str]:
        n = notice_channels.c
        return set(c.execute(sa.select(n.channel).where(n.tenant == self._tenant)).scalars())

    def _handing(self, row: sa.RowMapping) -> bool:
        now = self._centre.clock.now()
        return self._centre.database.write(lambda c: queue.handing(c, row, now))

    # --- what became of it ---

    def _settle(self, row: sa.RowMapping, outcome: Outcome, c: sa.Connection) -> None:
        now = self._centre.clock.now()
        match outcome:
            case Taken(answer):
                queue.settle(c, row, State.SENT, now, answer=answer)
                self._well(c, row["channel"])
                telling.notified(c, now, row)
                self._told.sent += 1
            case Unsure(answer):
                ending.unsure(c, self._centre.ids, now, row, answer)
                self._told.dropped += 1
            case Never(answer):
                again = _next_way(c, row, self._known(c), answer, Why.REFUSED)
                self._told.later += again
                self._told.failed += not again
            case Later(answer):
                self._later(c, row, answer)
            case Trouble(answer):
                self._trouble(c, row, answer)
            case _:
                assert_never(outcome)

    def _later(self, c: sa.Connection, row: sa.RowMapping, answer: str) -> None:
        """Another time, with a pause of chance; by the next address where it was tried often."""
        if row["attempts"] % TRIES == 0:
            self._told.later += _next_way(c, row, self._known(c), answer, Why.REFUSED)
            return
        now = self._centre.clock.now()
        fraction = self._centre.ids.token(16) / (1 << 16)
        at = now + hours.pause(row["attempts"], fraction)
        zone = places.zone(c, self._tenant, row["site"], self._centre.timezone)
        quiet = places.quiet(c, self._tenant)
        due = hours.due(Kind(row["kind"]), at, quiet, zone, row["not_after"])
        queue.put_back(c, row, due_at=due, answer=answer)
        self._told.later += 1

    def _trouble(self, c: sa.Connection, row: sa.RowMapping, answer: str) -> None:
        """The channel rests; nothing is held against the notice."""
        now, n = self._centre.clock.now(), notice_channels.c
        queue.put_back(c, row, answer=answer, untried=True)
        mine = sa.and_(n.tenant == self._tenant, n.channel == row["channel"])
        failures = c.execute(sa.select(n.failures).where(mine)).scalar_one_or_none() or 0
        fraction = self._centre.ids.token(16) / (1 << 16)
        at = now + hours.pause(failures + 1, (1 + fraction) / 2)
        values = {"failures": failures + 1, "fault": answer, "next_at": at}
        c.execute(notice_channels.update().where(mine).values(values))
        self._told.later += 1

    def _well(self, c: sa.Connection, channel: str) -> None:
        n = notice_channels.c
        mine = sa.and_(n.tenant == self._tenant, n.channel == channel, n.failures > 0)
        c.execute(notice_channels.update().where(mine).values(failures=0, fault=""))
