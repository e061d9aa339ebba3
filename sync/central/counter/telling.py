"""Facts that the centre makes itself: announcements, codes, notices, what became of containers.

They are stamped like a counter's, with a hybrid clock of the site's own at the centre, which is
past every fact of the site that the centre has; so what is told here comes after what it was told
for, at every counter.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Stamp
from sync.central.counter import writing
from sync.central.counter.writing import Site

CENTRE: Final = writing.CENTRE


def tell(
    c: sa.Connection, now: datetime, tenant: str, site: str, facts: Sequence[Fact]
) -> tuple[Stamp, ...]:
    """Facts of the centre about a site, in the caller's transaction: kept, folded, and heard by
    all counters of the site. Their stamps, in order. Takes the site's lock until commit, so call
    it late; `now` is aware."""
    if not facts:
        return ()
    of = Site(tenant, site)
    return writing.put_own(c, of, now, writing.hold(c, of), facts)
