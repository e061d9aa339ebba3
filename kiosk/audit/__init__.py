"""The ledger's history as a file that anyone can check; docs/audit.md says how it is written.

`export` writes it, `check` proves it. `docs/verify_audit.py` is a second verifier that shares no
code with this one.
"""

from __future__ import annotations

from kiosk.audit.checking import check
from kiosk.audit.exporting import export
from kiosk.audit.findings import Broken, Found, Given, KeyUse, Note, Proven, Vouched
from kiosk.audit.lines import FORMAT, Chain, Event, Head

__all__ = [
    "FORMAT",
    "Broken",
    "Chain",
    "Event",
    "Found",
    "Given",
    "Head",
    "KeyUse",
    "Note",
    "Proven",
    "Vouched",
    "check",
    "export",
]
