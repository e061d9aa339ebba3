"""Cases: what a person must settle, from the moment it is found to the books.

    open_many(connection, tenant, rows)      idempotent by key; says what is new
    settle_many(connection, tenant, rows)    what later facts explain

Nothing is ever deleted: a case is its steps (`lifecycle`), and its state a fold over them.
"""

from sync.central.cases.evidence import Compared, Evidence
from sync.central.cases.kinds import RESOLUTIONS, Kind, Resolution
from sync.central.cases.lifecycle import UNSETTLED, State, Step
from sync.central.cases.opening import Found, Gone, Opened, key_of, open_many, settle_many

__all__ = [
    "RESOLUTIONS",
    "UNSETTLED",
    "Compared",
    "Evidence",
    "Found",
    "Gone",
    "Kind",
    "Opened",
    "Resolution",
    "State",
    "Step",
    "key_of",
    "open_many",
    "settle_many",
]
