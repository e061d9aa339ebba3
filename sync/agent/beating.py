"""Heartbeats: what the kiosk tells of itself about once a minute."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from kiosk.store.orders import Orders
from sync.agent import vitals, vouching
from sync.agent.circuit import Breaker
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pushing import Shut
from sync.agent.trust import Trust
from sync.wire import codec
from sync.wire.messages import Heartbeat, HeartbeatReply

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
_MS = timedelta(milliseconds=1)
_DAY = len("2026-05-04")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was told, and what the centre said to it."""

    told: Heartbeat
    reply: HeartbeatReply


@dataclass(slots=True)
class Beating:
    """Raises StoreFailed."""

    store: Store
    client: Client
    breaker: Breaker
    version: str
    troubles: Callable[[], tuple[str, ...]]
    trust: Trust
    _sworn: tuple[str, int, str] = ("", 0, "")
    """Epoch, sequence and day of the last oath that a heartbeat brought."""

    def step(self) -> Heard | Shut | Busy | Away:
        told = self.heartbeat()
        answer = self.client.post(f"/v1/devices/{self.client.device_id}/heartbeat", told)
        match answer:
            case Ok():
                reply = codec.decode(answer.body, HeartbeatReply)
                if reply is None:
                    return Away("an answer that is not the centre's")
                self.breaker.missed = 0
                self._witness(told, reply)
                return Heard(told, reply)
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer
            case _:
                assert_never(answer)

    def _witness(self, told: Heartbeat, reply: HeartbeatReply) -> None:
        """Keep the centre's oath on what both hold, once a day: a kiosk that nobody uses sends no
        batch whose answer would bring one."""
        said = reply.anchor
        if said is None or reply.cursor != told.cursor:
            return
        new = (told.epoch, told.cursor, said.time[:_DAY])
        about = (self.client.device_id, told.epoch, told.cursor, told.chain_head)
        found = None if new == self._sworn else vouching.oath(said, about, self.trust)
        if isinstance(found, vouching.Fault):
            _LOG.error("the centre's oath with a heartbeat does not hold: %s", found.value)
        elif found is not None:
            outbox = self.store.outbox
            if outbox.acknowledge(told.epoch, told.cursor, told.chain_head, None, found):
                self._sworn = new

    def heartbeat(self) -> Heartbeat:
        position = self.store.outbox.position()
        now = self.client.clock.now()
        disk = vitals.disk(self.store.directory)
        clock = self.client.offsets.estimate()
        return Heartbeat(
            time=now,
            version=self.version,
            epoch=position.epoch,
            cursor=position.cursor,
            chain_head=position.chain_head,
            queued=position.queued,
            oldest_queued_s=_since(position.oldest, now) or 0,
            policy_number=self.store.policy.number,
            troubles=self.troubles(),
            disk_free_mb=disk.free_mb,
            inodes_free=disk.inodes_free,
            clock_offset_ms=None if clock is None else round(clock.offset / _MS),
            clock_error_ms=None if clock is None else round(clock.error / _MS),
            boot_id=vitals.boot_id(),
            checked_s=_since(self.store.last_look(), now),
            circuit=self.breaker.state().value,
            missed=self.breaker.missed,
            settings_version=Orders(self.store).in_force().version,
        )


def _since(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else max(0, int((now - moment).total_seconds()))
