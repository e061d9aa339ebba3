"""What the centre knows of staffed counters: parcels, bags, containers, manifests, shelves.

    take(connection, tenant, device_id, entries)     facts of a counter, as its events come in
    tell(connection, now, tenant, site, facts)       facts that the centre itself makes
    page(database, device, after)                    what the other counters of a site told

The pure fold of kiosk.domain.counter is the one truth of what follows from facts.
"""

from sync.central.counter.taking import take
from sync.central.counter.telling import CENTRE, tell

__all__ = ["CENTRE", "take", "tell"]
