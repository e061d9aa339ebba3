"""The kiosk's side of the link: one loop on one thread that pushes, pulls and beats.

No state without a timer: whatever happened, there is a next moment at which the loop looks again.
Drops go before everything else; heartbeats and policy have slots of their own. While the centre
cannot be reached every task waits behind one breaker, kept in the store over restarts.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed
from sync.agent import pace as paces
from sync.agent.beating import Beating, Heard
from sync.agent.both import Both
from sync.agent.bounded import Session
from sync.agent.circuit import Breaker
from sync.agent.client import Away, Busy, Client
from sync.agent.counter_feed import Facts, Hearing, News
from sync.agent.device_keys import DeviceKeys
from sync.agent.fetching import More
from sync.agent.ordering import Fetched, Judge, Ordering, no_settings
from sync.agent.pace import Pace
from sync.agent.photos import Sending
from sync.agent.pulling import Installed, NotTaken, Pulling, Same
from sync.agent.pushing import Began, Narrowed, Nothing, Pushing, Shut, Went
from sync.agent.recalling import Came, Recalling
from sync.agent.state import AgentState, LinkError
from sync.agent.tidying import Tidying
from sync.agent.turns import Turns
from sync.wire.faults import BundleFault
from sync.wire.messages import Heartbeat, HeartbeatReply

if TYPE_CHECKING:
    from kiosk.store.photos import PhotoFiles
    from kiosk.store.store import Store
    from sync.agent.counter_book import BookPulling, Books

_LOG = logging.getLogger(__name__)
REVOKED = "agent.revoked"
YES = "yes"
RECALL_S = 1.0  # from one page of what was lost to the next
VAGUE = timedelta(minutes=1)
"""An offset that is known no better is not recorded: a week without the centre."""


class _Task(StrEnum):
    PUSH = "push"
    ORDER = "order"  # only where a heartbeat's answer hints at one
    BOOK = "book"  # as ORDER
    HEAR = "hear"  # of other counters
    PULL = "pull"
    BEAT = "beat"
    PHOTO = "photo"  # last: it goes when nothing else is due


_HINTED = {_Task.ORDER: math.inf, _Task.BOOK: math.inf}


class Agent:
    """`start`, `stop` and `wake` from any thread. `changed` is called on the agent's thread and
    must be quick; `troubles` gives the codes that heartbeats carry. `session` is the port to the
    network; `keys` are what else the centre may know us by; `books` keep the counter book of the
    `site` and `counter` what its counters told, None for a kiosk that has no counter. Whoever
    needs no thread takes the `turn`s by hand."""

    def __init__(
        self,
        store: Store,
        centre_url: str,
        device_id: str,
        key: SigningKey,
        bundle_keys: Mapping[str, bytes],
        clock: Clock,
        ids: Ids,
        version: str,
        timeout_s: float,
        changed: Callable[[AgentState], None],
        *,
        tenant: str,
        pace: Pace | None = None,
        troubles: Callable[[], tuple[str, ...]] = tuple,
        session: Session | None = None,
        judge: Judge = no_settings,
        keys: DeviceKeys | None = None,
        photos: PhotoFiles | None = None,
        screens: PhotoFiles | None = None,
        books: Books | None = None,
        counter: Facts | None = None,
        site: str = "",
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._timeout_s = timeout_s
        self._changed = changed
        self._pace = pace or Pace()
        self._client = Client(
            centre_url, device_id, key, clock, ids, version, timeout_s, session or Session(), keys
        )
        self._pulling = Pulling(store, self._client, tenant, bundle_keys, version, ids)
        trust = self._pulling.trust
        self._pushing = Pushing(store, self._client, trust)
        self._recalling = Recalling(store, self._client)
        self._breaker = Breaker(clock, self._pace, ids)
        self._ordering = Ordering(store, self._client, trust, ids, judge, keys)
        self._book: BookPulling | None = None
        if books is not None:
            # A kiosk without a counter starts sooner without it.
            from sync.agent.counter_book import BookPulling

            directory = store.directory
            self._book = BookPulling(books, self._client, trust, site, directory, ids)
        self._beating = Beating(store, self._client, self._breaker, version, troubles, trust)
        self._sending = Sending(photos, self._client, self._pace.photo_again, store)
        # Without a store: nothing is owed where a picture of the screen is lost.
        self._both = Both(self._sending, Sending(screens, self._client, self._pace.photo_again))
        self._hearing = None if counter is None else Hearing(counter, self._client)
        there = {_Task.PHOTO: photos or screens, _Task.HEAR: counter}
        self._tasks = [task for task in _Task if there.get(task, True)]
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidying = Tidying(store, self._sending, clock)
        self._turns = Turns(clock, self._breaker, _Task.PHOTO)
        self.state = AgentState(
            policy_number=store.policy.number, revoked=store.meta.get(REVOKED) == YES
        )
        self._told: AgentState | None = None
        self._tell_offsets = False  # until the centre says that it can read them
        store.know_offset(
            lambda: self._client.offsets.milliseconds(VAGUE) if self._tell_offsets else None
        )

    # --- from any thread ---

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="agent", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Something was recorded: look at once, unless the centre asked for patience."""
        self._bell.set()

    def centre_time(self) -> datetime | None:
        """What the centre's clock shows, reckoned from its answers by our monotonic clock: whoever
        sets the date here changes nothing of it. None before the first answer since the start."""
        found = self._client.offsets.estimate()
        return None if found is None else self._clock.now() + found.offset

    def stop(self) -> None:
        """Waits for the request under way; may be called twice."""
        self._stopping.set()
        self._bell.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(2 * self._timeout_s + 5.0)
        self._client.close()

    # --- the loop ---

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(self.turn())

    def turn(self) -> float:
        """Do the one thing that is due, if any; seconds until the next. Never raises."""
        try:
            if not self._turns.due:
                self._open()
            if self._bell.is_set():
                self._bell.clear()
                self._again(_Task.PUSH, 0.0)
            task = self._turns.take()
            if task is not None:
                if self._breaker.failures:
                    self._tell()  # of the one call that an open breaker lets through
                self._do(task)
            self._tell()
        except StoreFailed as failure:
            _LOG.error("the store failed: %s", failure)
            self._failed(LinkError.STORE, self._breaker.patience())
        except Exception:  # noqa: BLE001 - a mistake of ours must not end the link for ever
            _LOG.exception("the agent stumbled")
            self._failed(LinkError.FAULT, self._breaker.patience())
        return self._turns.wait()

    def _open(self) -> None:
        """Go on as before the restart."""
        schedule = self._store.outbox.schedule()
        self._breaker.resume(schedule.failures, schedule.next_attempt)
        first = self._pace.first_contact * paces.fraction(self._ids)
        if self._store.policy.number == 0:
            first = 0.0  # just installed, and useless without rules
        now = self._clock.monotonic()
        self._turns.due = dict.fromkeys(self._tasks, now + first) | _HINTED

    def _do(self, task: _Task) -> None:
        match task:
            case _Task.PUSH:
                self._push()
            case _Task.ORDER:
                self._order()
            case _Task.BOOK:
                self._fetch_book()
            case _Task.HEAR:
                self._hear()
            case _Task.PULL:
                self._pull()
            case _Task.BEAT:
                self._beat()
            case _Task.PHOTO:
                self._photo()
            case _:
                assert_never(task)

    def _again(self, task: _Task, seconds: float) -> None:
        self._turns.again(task, seconds)

    def _push(self) -> None:
        step = self._pushing.step()
        match step:
            case Nothing():
                self._turns.nothing()
                # wake() brings it forward; this is only the timer that every state has.
                self._again(_Task.PUSH, paces.spread(self._pace.beat, self._ids))
                if self._both.waits():  # what names them is at the centre
                    self._again(_Task.PHOTO, self._pace.photo)
                self._recall()
            case Went():
                held = sum(notice.kind == "quarantined" for notice in step.notices)
                self._to_hear(step.counter)
                self._reached(replace(self.state, quarantined=self.state.quarantined + held))
            case Narrowed():
                pass  # at once again, and patience still grows while everything is refused
            case Began():
                self._reached(replace(self.state, forked=True))
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _recall(self) -> None:
        """What was lost here and the centre has: a page whenever nothing waits to be sent."""
        match self._recalling.step():
            case Came(more=more):
                self._reached(self.state)
                if more:
                    self._again(_Task.PUSH, RECALL_S)
            case Busy() | Away() as why:
                self._missed(why)
            case None:
                return

    def _photo(self) -> None:
        """What goes wrong here is for the photographs alone: a drop must not wait for it."""
        wait = paces.spread(self._pace.beat, self._ids)
        step = self._both.step(self._store.outbox.position().queued)
        match step:
            case Went():
                self._reached(self.state)
                wait = self._pace.photo
            case Busy():
                now = self._clock.now() + self._client.offset
                told = paces.told_to_wait(step.retry_after, now, self._pace, self._ids)
                wait = max(wait, told or 0.0)
                self._both.rest(wait)
            case Shut() | Away():
                self._both.rest(wait)
            case Nothing():
                pass
            case _:
                assert_never(step)
        self._again(_Task.PHOTO, wait)

    def _order(self) -> None:
        step = self._ordering.step()
        match step:
            case Fetched():
                self._reached(replace(self.state, orders=self.state.orders + 1))
                self._again(_Task.ORDER, math.inf)
                self._work()
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _work(self) -> None:
        """Whatever waits and is the agent's own."""
        did = self._ordering.work()
        if did.pull:
            self._again(_Task.PULL, 0.0)
        if did.rekeyed:
            self.state = replace(self.state, rekeyed=True)
        if self._store.outbox.position().queued:
            self._again(_Task.PUSH, 0.0)

    def _fetch_book(self) -> None:
        self._again(_Task.BOOK, math.inf)
        if self._book is None:
            return
        from sync.agent.counter_book import Kept, Taken

        step = self._book.step()
        match step:
            case Taken():
                self._reached(replace(self.state, books=self.state.books + 1))
                self._again(_Task.PUSH, 0.0)
            case Kept():
                self._reached(self.state)
                if step.fault is not None:
                    self._again(_Task.PUSH, 0.0)  # a refusal is a fact in the outbox
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _hear(self) -> None:
        step = News() if self._hearing is None else self._hearing.step()
        match step:
            case News():
                heard, now = self.state.heard + step.new, self._clock.monotonic()
                self._reached(replace(self.state, heard=heard, heard_at=now))
                again = step.again_s or self._pace.policy
                self._again(_Task.HEAR, 0.0 if step.more else paces.spread(again, self._ids))
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _to_hear(self, hint: int) -> None:
        if self._hearing is not None and self._hearing.to_hear(hint):
            self._again(_Task.HEAR, 0.0)

    def _pull(self) -> None:
        pull = self._pulling.step()
        match pull:
            case Same():
                self._reached(self.state)
            case More():
                self._reached(self.state)
                # Behind any drop that came meanwhile, in turns with a long queue of them.
                self._again(_Task.PULL, 0.0)
                return
            case Installed():
                self._reached(self.state)
                self._again(_Task.PUSH, 0.0)  # the change of bundle is a fact in the outbox
            case NotTaken():
                self._reached(self.state)
                self._again(_Task.PUSH, 0.0)
                if pull.fault is BundleFault.WRONG_HASH:  # torn on the way, most likely
                    self._again(_Task.PULL, paces.spread(self._pace.beat, self._ids))
                    return
            case Shut() | Busy() | Away():
                self._missed(pull)
                return
            case _:
                assert_never(pull)
        self._again(_Task.PULL, paces.spread(self._pace.policy, self._ids))

    def _beat(self) -> None:
        step = self._beating.step()
        match step:
            case Heard():
                self._heard(step.told, step.reply)
            case Shut() | Busy() | Away():
                self._missed(step)
                return
            case _:
                assert_never(step)
        self._again(_Task.BEAT, paces.spread(self._pace.beat, self._ids))

    def _heard(self, told: Heartbeat, reply: HeartbeatReply) -> None:
        if reply.revoked is not self.state.revoked:
            # Kept, or pulling both plugs would make a good kiosk of a revoked one.
            self._store.meta.set(REVOKED, YES if reply.revoked else "")
        self._reached(replace(self.state, revoked=reply.revoked))
        self._tell_offsets = reply.knows_offsets
        self._tidying.tidy(reply.server_time)
        self._sending.missing(reply.photos)
        if self._ordering.hear(reply.settings_version, reply.commands):
            self._again(_Task.ORDER, 0.0)
        if self._book is not None and self._book.hear(reply.book):
            self._again(_Task.BOOK, 0.0)
        self._to_hear(reply.counter)
        self._work()
        hint = self._pulling.hear(reply.keys_version, reply.server_time)
        if hint or reply.policy_number > self._store.policy.highest():
            self._again(_Task.PULL, 0.0)
        if reply.fork:
            _LOG.error("the centre holds another history at %d", told.cursor)
            self._pushing.new_epoch(lost=True)
            self._reached(replace(self.state, forked=True))
            self._again(_Task.PUSH, 0.0)
        elif 0 <= reply.cursor < told.cursor:
            # The centre came back from a backup: what it lost is still here.
            if not self._store.outbox.rewind(reply.cursor):
                self._pushing.new_epoch()
            self._again(_Task.PUSH, 0.0)

    # --- what became of it ---

    def _reached(self, news: AgentState) -> None:
        if self._breaker.close():
            self._store.outbox.reschedule(None, 0)
        self.state = replace(news, online=True, error=LinkError.NONE)

    def _missed(self, why: Shut | Busy | Away) -> None:
        wait = self._breaker.patience()
        match why:
            case Busy():
                now = self._clock.now() + self._client.offset
                told = paces.told_to_wait(why.retry_after, now, self._pace, self._ids)
                self._failed(LinkError.BUSY, wait if told is None else told)
            case Shut():
                _LOG.warning("the centre does not let us in: HTTP %d", why.status)
                self._failed(LinkError.SHUT, wait)
            case Away():
                self.state = replace(self.state, online=False)
                self._failed(LinkError.AWAY, wait)
                _LOG.info("the centre is away: %s", why.detail)
            case _:
                assert_never(why)

    def _failed(self, error: LinkError, wait: float) -> None:
        """Everything waits behind the breaker; then drops first, and a heartbeat where there are
        none, so that the return of the centre is noticed."""
        self._breaker.trip(wait)
        now = self._clock.monotonic()
        kept = {_Task.PULL: self._turns.due.get(_Task.PULL, now), **_HINTED}
        self._turns.due = dict.fromkeys(self._tasks, now) | kept
        self.state = replace(self.state, error=error)
        try:
            until = self._clock.now() + timedelta(seconds=wait)
            self._store.outbox.reschedule(until, self._breaker.failures)
        except StoreFailed:
            _LOG.warning("the schedule could not be kept")
        self._tell()

    def _tell(self) -> None:
        try:
            queued = self._store.outbox.position().queued
        except StoreFailed:
            queued = self.state.queued
        now = replace(
            self.state,
            queued=queued,
            policy_number=self._store.policy.number,
            circuit=self._breaker.state(),
        )
        if now != self._told:
            self._told = now
            self.state = now
            self._changed(now)
