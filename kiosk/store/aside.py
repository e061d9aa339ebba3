"""Records of this kiosk that the centre has and could not use, as the ledger remembers it.

Nothing of them is lost: what was set apart is a case at the centre, and what travelled without its
body stays here and is offered again. But somebody must hear of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from kiosk.store.values import moment, stamp

COUNT, AT, WITHHELD = "push.set_aside", "push.set_aside.at", "push.withheld"
"""How many were set apart, and the last of them; when that was; bodies that were refused on the
way (sync.agent.withheld), by event id."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Aside:
    """`count` so far were set apart, the `last` of them at the time `at`; None where an earlier
    version wrote it. `withheld` are at the centre without their body."""

    count: int = 0
    last: str = ""
    at: datetime | None = None
    withheld: int = 0


def read(get: Callable[[str], str | None]) -> Aside:
    """`get` gives a value of the ledger's meta. What a damaged disk left there counts as none."""
    count, _, last = (get(COUNT) or "").partition(" ")
    at = get(AT)
    try:
        waiting = msgspec.json.decode(get(WITHHELD) or "{}", type=dict[str, msgspec.Raw])
        return Aside(int(count or 0), last, moment(at) if at else None, len(waiting))
    except (ValueError, msgspec.MsgspecError):
        return Aside()


def more(before: Aside, count: int, last: str, now: datetime) -> dict[str, str]:
    """What to write where `count` more were set apart just now."""
    return {COUNT: f"{before.count + count} {last}"[:_LONGEST], AT: stamp(now)}
