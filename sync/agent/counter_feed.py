"""What the other counters of the shop told, and the centre itself: asked for, and written down.

Asked for when an answer hints at something, soon again while another counter is at work (the centre
says so), and now and then in any case. A page is on the disk before the next one is asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from kiosk.domain import canonical
from kiosk.store.counter import ToldFact
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.agent.pushing import Shut
from sync.wire import codec
from sync.wire.messages import CounterFact, CounterFacts

_LOG = logging.getLogger(__name__)
SOONEST_S: Final = 1.0
"""Whatever the centre says."""


class Facts(Protocol):
    """What keeps them (kiosk.store.counter.CounterFacts)."""

    def cursor(self) -> int: ...
    def hear(self, told: Sequence[ToldFact], cursor: int) -> int: ...
    def begin_anew(self) -> None: ...


@dataclass(frozen=True, slots=True)
class News:
    """A page was written down; so many of it were `new`. The next one at once where there is
    `more`, else after so many seconds, 0.0 for no hurry."""

    new: int = 0
    more: bool = False
    again_s: float = 0.0


@dataclass(slots=True)
class Hearing:
    """Raises StoreFailed."""

    facts: Facts
    client: Client

    def to_hear(self, hint: int) -> bool:
        """Whether an answer's hint is at something that was not heard."""
        return hint > self.facts.cursor()

    def step(self) -> News | Shut | Busy | Away:
        place = self.facts.cursor()
        path = f"/v1/devices/{self.client.device_id}/counter/facts/{place}"
        answer = self.client.get(path)
        match answer:
            case Ok():
                told = codec.decode(answer.body, CounterFacts)
                if told is None or (told.more and told.after <= place and not told.anew):
                    return Away("an answer that is not the centre's")
                return self._take(told)
            case Refused(status=403 | 404):
                return News()  # a centre that tells nothing, or nothing to us any more
            case Refused(status=status):
                return Shut(status)
            case Busy() | Away():
                return answer

    def _take(self, told: CounterFacts) -> News:
        if told.anew:
            _LOG.warning("the centre lost its latest: what other counters told is heard again")
            self.facts.begin_anew()
        facts = [fact for one in told.facts if (fact := _read(one)) is not None]
        new = self.facts.hear(facts, told.after)
        again = max(SOONEST_S, float(told.again_s)) if told.again_s > 0 else 0.0
        return News(new, told.more, again)


def _read(one: CounterFact) -> ToldFact | None:
    """As the store keeps it; None for what no counter of ours can have told."""
    try:
        data = canonical.encode(one.data).decode()
    except (TypeError, ValueError, RecursionError):
        _LOG.error("another counter told what is no fact: %.60s", one.type)
        return None
    return ToldFact(one.hlc, one.device, one.type, data)
