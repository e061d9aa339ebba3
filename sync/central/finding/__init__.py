"""What somebody types or scans in the back office, and all that bears that name.

`names` reads the text, `found` looks it up, `goods` tells the way of one bag, container, list or
return. All that is looked for by equality, in one tenant, on an index; `parts` looks for a part of
a name among the newest drops. A merchant's people find what is theirs alone.
"""

from __future__ import annotations

from sync.central.finding.found import Found, find
from sync.central.finding.goods import Thing, Way, way_of
from sync.central.finding.names import LONGEST, Names, read
from sync.central.finding.parts import REACH, Partly, by_part

__all__ = [
    "LONGEST",
    "REACH",
    "Found",
    "Names",
    "Partly",
    "Thing",
    "Way",
    "by_part",
    "find",
    "read",
    "way_of",
]
