"""Facts that the centre makes itself: announcements, codes, notices, what became of containers.

They are stamped like a counter's, with a hybrid clock of the site's own at the centre, which is
past every fact of the site that the centre has; so what is told here comes after what it was told
for, at every counter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Stamp
from kiosk.domain.hlc import advance
from sync.central.counter import writing
from sync.central.counter.writing import Site, Told

CENTRE: Final = "centre"
"""The device name of the centre's own facts. No kiosk has it: theirs are made of digits and
hyphens."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def tell(
    c: sa.Connection, now: datetime, tenant: str, site: str, facts: Sequence[Fact]
) -> tuple[Stamp, ...]:
    """Facts of the centre about a site, in the caller's transaction: kept, folded, and heard by
    all counters of the site. Their stamps, in order. Takes the site's lock until commit, so call
    it late; `now` is aware."""
    if not facts:
        return ()
    of = Site(tenant, site)
    standing = writing.hold(c, of)
    told, hlc = list[Told](), standing.hlc
    wall_ms = int((now - _EPOCH).total_seconds() * 1000)
    for fact in facts:
        hlc = advance(hlc, wall_ms)
        told.append(Told(None, Stamp(hlc, CENTRE), fact, now))
    writing.put(c, of, now, standing, told)
    return tuple(one.stamp for one in told)
