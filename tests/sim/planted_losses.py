"""Planted bugs of what is kept, let go and given back: photographs, lost records, retention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kiosk.app.photographs import Photographs
from kiosk.domain.events import DropCommitted
from kiosk.store.photos import WAITING
from sync.agent import lost_photos, recalling, tidying
from sync.agent import photos as sending
from sync.agent.client import Away, Busy
from sync.agent.pushing import Went
from sync.agent.recalling import Came, Recalling
from sync.agent.unwanted import Unwanted
from sync.central import photos as central_photos
from sync.wire import codec
from tests.sim.line import Fault
from tests.sim.planting import Plant, swap, together
from tests.sim.story import SHORT_BELOW, Deed

# --- photographs ---


def _gone_after_a_part(self: Any, files: Any, name: str, size: int, body: bytes) -> Any:
    files._remove([files._home / WAITING / name])
    return Went()


def _not_moved(self: Any, names: Any) -> None:
    """The drop stands, and its photographs stay among those of the visit, which go with it."""


def _lost_in_silence(self: Any, name: str, enough: int) -> bool:
    """A photograph that is not whole stays where it is, for an engineer."""
    return False


# --- what comes back ---


def _one_page(self: Any, told: Any) -> Any:
    facts = [(codec.fact(one.type, one.data), one.time) for one in told.events]
    self.store.recalled(facts, told.after, False)
    return Came(False)


def _tell_again(self: Any, told: Any) -> Any:
    """What came back is recorded as if it had happened now."""
    facts = [(codec.fact(one.type, one.data), one.time) for one in told.events]
    self.store.recalled(facts, told.after, told.more)
    for fact, _ in facts:
        assert isinstance(fact, DropCommitted)
        self.store.record(fact, fact.drop_id)
    return Came(told.more)


def _give_up(self: Any) -> Any:
    """Whoever does not answer the first time has nothing."""
    step = _RECALL(self)
    if isinstance(step, Busy | Away):
        self.store.recalled([], "", False)
    return step


def _own_clock(self: Any, there: Any) -> None:
    self._store.outbox.prune(self._clock.now())


_RECALL = recalling.Recalling.step
_LOST = {Deed.LOSE: 30.0, Deed.VISIT: 60.0}

PLANTS: Sequence[Plant] = (
    Plant(
        "a photograph goes with its first part",
        swap(sending.Sending, "_held", _gone_after_a_part),
        first=506,
    ),
    Plant(
        "the end of a visit takes its photographs",
        swap(Photographs, "promised", _not_moved),
        first=502,
    ),
    Plant(
        "a photograph is offered for ever",
        together(
            swap(sending, "PATIENCE", 1 << 30),
            swap(Unwanted, "patience", lambda self, name: self.first_s),
        ),
        {Deed.POISON: 30, Deed.REVOKE: 10},
        512,
    ),
    Plant(
        "what the centre lacks is not asked for",
        swap(central_photos, "lacking", lambda c, device_id: ()),
        {Deed.CENTRE_BACKUP: 20, Deed.CENTRE_RESTORE: 20},
        SHORT_BELOW + 5,
    ),
    Plant(
        "a photograph that changed is not told",
        swap(lost_photos.Lost, "look", _lost_in_silence),
        {Deed.ROT: 60},
        SHORT_BELOW + 53,
    ),
    Plant("a recall ends with its first page", swap(Recalling, "_take", _one_page), _LOST, 528),
    Plant("what comes back is told again", swap(Recalling, "_take", _tell_again), _LOST, first=502),
    Plant(
        "a recall gives up at once",
        swap(Recalling, "step", _give_up),
        _LOST,
        begin=(Fault.BUSY, Fault.LOST, Fault.BROKEN),
        first=511,
    ),
    Plant(
        "retention by the kiosk's own clock",
        swap(tidying.Tidying, "tidy", _own_clock),
        {Deed.CLOCK: 30, Deed.CENTRE_BACKUP: 15, Deed.CENTRE_RESTORE: 15, Deed.ORDER: 0},
        SHORT_BELOW + 314,
    ),
)
