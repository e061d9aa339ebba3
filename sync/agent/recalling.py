"""After a recovery, or on an older image of the disk: the drops that only the centre still knows
are asked back, page by page.

Asked for when nothing waits to be sent, so that what this kiosk still has is there first. What
comes is written down as known; it is never sent again. A centre that is older than this kiosk has
no such door: then nothing is asked until it has.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.events import DropCommitted
from sync.agent.client import Away, Busy, Client, Ok, Refused
from sync.wire import codec
from sync.wire.messages import Recall, Recalled

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Came:
    """A page was written down; `more` is there."""

    more: bool


@dataclass(slots=True)
class Recalling:
    store: Store
    client: Client

    def step(self) -> Came | Busy | Away | None:
        """Ask for one page; None where nothing is to be asked, or the centre gives nothing.
        Raises StoreFailed when our own disk fails."""
        place = self.store.recall_place()
        if place is None:
            return None
        path = f"/v1/devices/{self.client.device_id}/recall"
        answer = self.client.post(path, Recall(after=place))
        match answer:
            case Ok():
                told = codec.decode(answer.body, Recalled)
                if told is None or (told.more and told.after == place):
                    return Away("an answer that is not the centre's")
                return self._take(told)
            case Refused():
                _LOG.warning("the centre gives no drops back: HTTP %d", answer.status)
                return None
            case Busy() | Away():
                return answer

    def _take(self, told: Recalled) -> Came | Away:
        facts = [(codec.fact(one.type, one.data), one.time) for one in told.events]
        promises = [(fact, at) for fact, at in facts if isinstance(fact, DropCommitted)]
        if len(promises) < len(facts):
            return Away("an answer that was bent")  # what is passed over now never comes again
        self.store.recalled(promises, told.after, told.more)
        _LOG.warning("the centre told of %d drops that may be lost here", len(promises))
        return Came(told.more)
