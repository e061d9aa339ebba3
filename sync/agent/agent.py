"""The kiosk's side of the link: one loop on one thread that pushes, pulls and beats.

No state without a timer: whatever happened, there is a next moment at which the loop looks again.
Drops go before everything else; heartbeats and policy have slots of their own. While the centre
cannot be reached every task waits behind one breaker, kept in the store over restarts. Behind a
long queue heartbeats and policy get a turn after each batch once their time has come.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

import requests

from kiosk.ports import Clock, Ids
from kiosk.seal.keys import SigningKey
from kiosk.store import StoreFailed
from sync.agent import pace as paces
from sync.agent.beating import Beating, Heard
from sync.agent.circuit import Breaker, Circuit
from sync.agent.client import Away, Busy, Client
from sync.agent.device_keys import DeviceKeys
from sync.agent.fetching import More
from sync.agent.pace import Pace
from sync.agent.photos import Sending
from sync.agent.pulling import Installed, NotTaken, Pulling, Same
from sync.agent.pushing import Began, Nothing, Pushing, Shut, Went
from sync.wire.faults import BundleFault
from sync.wire.messages import MAX_EVENTS, Heartbeat, HeartbeatReply

if TYPE_CHECKING:
    from kiosk.store.photos import PhotoFiles
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
REVOKED = "agent.revoked"
YES = "yes"
TIDY_S = 3600.0
AGREED = timedelta(days=1)
VAGUE = timedelta(minutes=1)
"""An offset that is known no better is not recorded: a week without the centre."""


class LinkError(StrEnum):
    """What went wrong last; "" while all is well."""

    NONE = ""
    AWAY = "away"  # nobody there, or somebody else
    BUSY = "busy"
    SHUT = "shut"  # the centre does not let us in as we are
    STORE = "store"  # our own disk
    FAULT = "fault"  # our own mistake


@dataclass(frozen=True, slots=True)
class AgentState:
    """Told through `changed` whenever it differs from before. `online`: the last call was
    answered by the centre. `forked`: our history was found to have parted since the start."""

    online: bool = False
    error: LinkError = LinkError.NONE
    queued: int = 0
    policy_number: int = 0
    revoked: bool = False
    forked: bool = False
    quarantined: int = 0
    circuit: Circuit = Circuit.CLOSED

    @property
    def behind(self) -> bool:
        """Whether what is recorded now reaches the centre only later: it is not there, or more than
        one batch has to go first."""
        return not self.online or self.queued > MAX_EVENTS


class _Task(StrEnum):
    PUSH = "push"
    PULL = "pull"
    BEAT = "beat"
    PHOTO = "photo"  # last: it goes when nothing else is due


class Agent:
    """`start`, `stop` and `wake` from any thread. `changed` is called on the agent's thread and
    must be quick; `troubles` gives the codes that heartbeats carry. `session` is the port to the
    network; `keys` are what else the centre may know us by. Whoever needs no thread takes the
    `turn`s by hand."""

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
        session: requests.Session | None = None,
        keys: DeviceKeys | None = None,
        photos: PhotoFiles | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._timeout_s = timeout_s
        self._changed = changed
        self._pace = pace or Pace()
        self._client = Client(
            centre_url,
            device_id,
            key,
            clock,
            ids,
            version,
            timeout_s,
            session=session or requests.Session(),
            keys=keys,
        )
        self._pulling = Pulling(store, self._client, tenant, bundle_keys, version, ids)
        self._pushing = Pushing(store, self._client, self._pulling.trust)
        self._breaker = Breaker(clock, self._pace, ids)
        self._beating = Beating(store, self._client, self._breaker, version, troubles)
        self._sending = Sending(photos, self._client, self._pace.photo_again)
        self._tasks = [t for t in _Task if t is not _Task.PHOTO or photos is not None]
        self._bell = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._tidy_at = -math.inf
        self._due: dict[_Task, float] = {}
        self._done: list[_Task] = []
        self.state = AgentState(
            policy_number=store.policy.number, revoked=store.meta.get(REVOKED) == YES
        )
        self._told: AgentState | None = None
        self._tell_offsets = False
        store.know_offset(self._offset_ms)

    # --- from any thread ---

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="agent", daemon=True)
            self._thread.start()

    def wake(self) -> None:
        """Something was recorded: look at once, unless the centre asked for patience."""
        self._bell.set()

    def stop(self) -> None:
        """Waits for the request under way; may be called twice."""
        self._stopping.set()
        self._bell.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(2 * self._timeout_s + 5.0)
        self._client.close()

    def _offset_ms(self) -> int | None:
        """For the record of each event, once the centre has said that it can read it."""
        found = self._client.offsets.estimate() if self._tell_offsets else None
        if found is None or found.error > VAGUE:
            return None
        return round(found.offset / timedelta(milliseconds=1))

    # --- the loop ---

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._bell.wait(self.turn())

    def turn(self) -> float:
        """Do the one thing that is due, if any; seconds until the next. Never raises."""
        try:
            if not self._due:
                self._open()
            if self._bell.is_set():
                self._bell.clear()
                self._due[_Task.PUSH] = self._clock.monotonic()
            task = self._next()
            if task is not None:
                self._probe()
                self._do(task)
                self._done = [task, *(one for one in self._done if one is not task)]
            self._tell()
        except StoreFailed as failure:
            _LOG.error("the store failed: %s", failure)
            self._failed(LinkError.STORE, self._breaker.patience())
        except Exception:  # noqa: BLE001 - a mistake of ours must not end the link for ever
            _LOG.exception("the agent stumbled")
            self._failed(LinkError.FAULT, self._breaker.patience())
        return self._idle()

    def _idle(self) -> float:
        now = self._clock.monotonic()
        due = min(self._due.values(), default=now)
        return max(0.0, max(due, self._breaker.gate) - now)

    def _next(self) -> _Task | None:
        """Drops go first. After a batch, while more are waiting, whatever was not done for its
        whole time, or not at all since the start, goes once: a kiosk that drains for hours must
        neither look dead nor go without rules."""
        now = self._clock.monotonic()
        if now < self._breaker.gate:
            return None
        due = [task for task, at in self._due.items() if at <= now]
        if self._done[:1] == [_Task.PUSH] and not self._breaker.failures:
            late = [task for task in due if self._late(task, now)]
            return next(iter(late or due), None)
        return next(iter(due), None)

    def _late(self, task: _Task, now: float) -> bool:
        periods = {_Task.PULL: self._pace.policy, _Task.BEAT: self._pace.beat}
        if task not in periods:
            return False
        return task not in self._done or now - self._due[task] >= periods[task]

    def _probe(self) -> None:
        """The one call that an open breaker lets through is told of before it is made."""
        if self._breaker.failures:
            self._tell()

    def _open(self) -> None:
        """Go on as before the restart."""
        now = self._clock.monotonic()
        schedule = self._store.outbox.schedule()
        self._breaker.resume(schedule.failures, schedule.next_attempt)
        first = self._pace.first_contact * paces.fraction(self._ids)
        if self._store.policy.number == 0:
            first = 0.0  # just installed, and useless without rules
        self._due = dict.fromkeys(self._tasks, now + first)

    def _do(self, task: _Task) -> None:
        match task:
            case _Task.PUSH:
                self._push()
            case _Task.PULL:
                self._pull()
            case _Task.BEAT:
                self._beat()
            case _Task.PHOTO:
                self._photo()
            case _:
                assert_never(task)

    def _again(self, task: _Task, seconds: float) -> None:
        self._due[task] = self._clock.monotonic() + seconds

    def _push(self) -> None:
        step = self._pushing.step()
        match step:
            case Nothing():
                # wake() brings it forward; this is only the timer that every state has.
                self._again(_Task.PUSH, paces.spread(self._pace.beat, self._ids))
                if self._sending.waits():  # their drops are at the centre
                    self._again(_Task.PHOTO, self._pace.photo)
            case Went():
                held = sum(notice.kind == "quarantined" for notice in step.notices)
                self._reached(replace(self.state, quarantined=self.state.quarantined + held))
            case Began():
                self._reached(replace(self.state, forked=True))
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _photo(self) -> None:
        step = self._sending.step()
        match step:
            case Nothing():
                self._again(_Task.PHOTO, paces.spread(self._pace.beat, self._ids))
            case Went():
                self._reached(self.state)
                self._again(_Task.PHOTO, self._pace.photo)
            case Shut() | Busy() | Away():
                self._missed(step)
            case _:
                assert_never(step)

    def _pull(self) -> None:
        pull = self._pulling.step()
        match pull:
            case Same():
                self._reached(self.state)
            case More():
                self._reached(self.state)
                # Behind any drop that came meanwhile, in turns with a long queue of them.
                self._again(_Task.PULL, -self._pace.policy)
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
        self._tidy(reply.server_time)
        self._sending.missing(reply.photos)
        hint = self._pulling.hear(reply.keys_version, reply.server_time)
        if hint or reply.policy_number > self._store.policy.highest():
            self._again(_Task.PULL, 0.0)
        if reply.fork:
            _LOG.error("the centre holds another history at %d", told.cursor)
            self._pushing.new_epoch()
            self._reached(replace(self.state, forked=True))
            self._again(_Task.PUSH, 0.0)
        elif 0 <= reply.cursor < told.cursor:
            # The centre came back from a backup: what it lost is still here.
            if not self._store.outbox.rewind(reply.cursor):
                self._pushing.new_epoch()
            self._again(_Task.PUSH, 0.0)

    def _tidy(self, there: datetime) -> None:
        """Forget what the centre has held long enough by both our times: a clock of ours that was
        set years ahead would forget today's drops, which a centre restored from a backup still
        lacks. While the two disagree there is no hurry."""
        now = self._clock.monotonic()
        if now < self._tidy_at or there.tzinfo is None:
            return
        if abs(there - self._clock.now()) < AGREED:
            self._tidy_at = now + TIDY_S
            self._store.outbox.prune(min(there, self._clock.now()))
            self._sending.tidy(min(there, self._clock.now()))

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
        self._due = {**dict.fromkeys(self._tasks, now), _Task.PULL: self._due.get(_Task.PULL, now)}
        self.state = replace(self.state, error=error)
        try:
            self._store.outbox.reschedule(self._until(wait), self._breaker.failures)
        except StoreFailed:
            _LOG.warning("the schedule could not be kept")
        self._tell()

    def _until(self, wait: float) -> datetime:
        return self._clock.now() + timedelta(seconds=wait)

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
