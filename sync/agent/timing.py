"""What time it really is, where our clock cannot be believed.

A clock that was once years ahead leaves a mark that no clock may take back, or old rules could be
revived by setting the date (invariant 8). Only the centre can: it signs the time together with a
number that we have just drawn, so that the answer can be neither old nor another's. See ADR 13.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kiosk.ports import Ids
from sync.agent.client import Client, Ok
from sync.agent.trust import Trust
from sync.wire import rings
from sync.wire.messages import TimeAsk

if TYPE_CHECKING:
    from kiosk.store.store import Store

_LOG = logging.getLogger(__name__)
NONCE_BITS = 128
SLOWEST_S = 30.0
"""An answer that took longer tells a time too long ago."""
AGAIN_S = 240.0
DOUBT = timedelta(minutes=5)
"""So far our time may be from what the centre says before it is asked to swear to it."""


@dataclass(slots=True)
class Timing:
    store: Store
    client: Client
    trust: Trust
    ids: Ids
    _asked: float | None = None

    def due(self) -> bool:
        """Whether it is long enough since the last try: a centre that cannot swear, or a line
        that does not let it, is not asked at every heartbeat."""
        now = self.client.clock.monotonic()
        return self._asked is None or now - self._asked >= AGAIN_S

    def ask(self) -> bool:
        """Whether the centre proved a time and it was taken. Raises StoreFailed."""
        if not self.due():
            return False
        self._asked = self.client.clock.monotonic()
        nonce = f"{self.ids.token(NONCE_BITS):032x}"
        clock = self.client.clock
        began = clock.monotonic()
        device = self.client.device_id
        answer = self.client.post(f"/v1/devices/{device}/time", TimeAsk(nonce=nonce))
        if not isinstance(answer, Ok) or clock.monotonic() - began > SLOWEST_S:
            return False
        # Not `trust.keys()`: whether a key is out of time is what cannot be known yet.
        told = rings.open_time(answer.body, self.trust.unrevoked())
        if told is None or (told.tenant, told.device_id, told.nonce) != (
            self.trust.tenant,
            device,
            nonce,
        ):
            _LOG.warning("the centre's word on the time does not hold")
            return False
        return self.store.prove(told.time)
