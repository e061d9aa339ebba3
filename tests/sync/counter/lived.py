"""Things that happen at a counter, for tests of the centre."""

from __future__ import annotations

from kiosk.domain.counter.outbound_facts import (
    BagCommitted,
    BagContained,
    ContainerClosed,
    ContainerOpened,
    ContainerProvided,
    ManifestDrafted,
    ManifestLine,
    ManifestReadied,
    ManifestSigned,
)
from kiosk.domain.counter.parcel_facts import (
    ParcelCollected,
    ParcelReceived,
    ParcelShelved,
    ProofFact,
)

RECEIVED = ParcelReceived("P1", "dhl", "2026-05-04", "2026-05-11", "anna")
SHELVED = ParcelShelved("P1", "A3", "anna")
COLLECTED = ParcelCollected("P1", "anna", ProofFact(code=True))

BAG = BagCommitted("B1", "d-1", "dhl", "2026-05-04")
FILLED = (
    ContainerProvided("C1", "TOTE-1", "dhl", 20),
    ContainerOpened("C1", "anna"),
    BAG,
    BagContained("B1", "C1", "anna"),
    ContainerClosed("C1", "S1", 1, 0, "anna"),
    ManifestDrafted("M1", "dhl", ("C1",), (), "anna"),
    ManifestReadied("M1", (ManifestLine("C1", "TOTE-1", "S1", ("B1",), ()),), (), "anna"),
)
SIGNED = ManifestSigned("M1", ("C1",), ("B1",), (), (), "ab" * 32, "cd" * 32, "anna")
