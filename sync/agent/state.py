"""What the agent tells of the link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sync.agent.circuit import Circuit
from sync.wire.messages import MAX_EVENTS


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
    answered by the centre. `forked`: our history was found to have parted since the start.
    `orders` grows when something was ordered that waits for a quiet moment. `rekeyed`: the device
    key was changed, and who holds the old one should be started anew. `books` grows with every
    counter book that came into force, `heard` with every fact of another counter or of the centre;
    `heard_at` is when these were asked last (monotonic s), 0.0 for not yet."""

    online: bool = False
    error: LinkError = LinkError.NONE
    queued: int = 0
    policy_number: int = 0
    revoked: bool = False
    forked: bool = False
    quarantined: int = 0
    circuit: Circuit = Circuit.CLOSED
    orders: int = 0
    rekeyed: bool = False
    books: int = 0
    heard: int = 0
    heard_at: float = 0.0

    @property
    def behind(self) -> bool:
        """Whether what is recorded now reaches the centre only later: it is not there, or more
        than one batch has to go first."""
        return not self.online or self.queued > MAX_EVENTS
