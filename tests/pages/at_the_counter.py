"""A counter's day, for the pages: parcels in every way to be, a container that left, its list."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter import parcel_facts as par
from kiosk.domain.counter.facts import Fact
from kiosk.domain.counter.log import Stamp
from kiosk.domain.hlc import advance
from sync.central.counter import tell, writing
from sync.central.counter.writing import Site, Told
from sync.central.database import Database

NUMBER, CONTAINER, LIST = "JD0146000012", "use-1", "list-1"


def fill(database: Database, now: datetime, tenant: str, site: str, devices: list[str]) -> None:
    """As two counters (`devices`) told it, the second one without a line for a while."""
    one, other = devices
    morning = now - timedelta(hours=6)
    announced = [par.ParcelAnnounced(f"JD01460000{n}", "dhl", "small", "ab" * 16) for n in (12, 13)]
    database.write(lambda c: tell(c, morning, tenant, site, announced))
    shelves = [out.ShelfSet(f"A{n}", "front", 2) for n in range(1, 4)]
    _put(database, tenant, site, one, morning, [*shelves, *_received(), *_left()])
    twice = par.ParcelCollected(NUMBER, "ben", par.ProofFact(name=True, document="passport"))
    late = [twice, par.ParcelMissing("JD0146000014", "A1", "ben"), _behind()]
    _put(database, tenant, site, other, now - timedelta(hours=1), late)


def _received() -> list[Fact]:
    facts: list[Fact] = []
    for at in range(12, 18):
        number = f"JD01460000{at}"
        facts.append(par.ParcelReceived(number, "dhl", "2026-05-04", "2026-05-11", "anna", "small"))
        if at != 17:
            facts.append(par.ParcelShelved(number, f"A{at % 3 + 1}", "anna"))
    collected = par.ParcelCollected(NUMBER, "anna", par.ProofFact(code=True), proxy=True)
    expired = par.ParcelExpired("JD0146000015", "2026-05-11")
    return [*facts, par.ParcelNotified(NUMBER, "arrived"), collected, expired]


def _left() -> list[Fact]:
    line = out.ManifestLine(CONTAINER, "TOTE-7", "SEAL-1", ("TB0000000011",), ())
    return [
        out.ContainerProvided(CONTAINER, "TOTE-7", "dhl", 20),
        out.ContainerOpened(CONTAINER, "anna"),
        out.BagContained("TB0000000011", CONTAINER, "anna"),
        out.ContainerClosed(CONTAINER, "SEAL-1", 1, 0, "anna"),
        out.ManifestDrafted(LIST, "dhl", (CONTAINER,), (), "anna"),
        out.ManifestReadied(LIST, (line,), (), "anna"),
        out.ManifestSigned(
            LIST, (CONTAINER,), ("TB0000000011",), (), (), "ab" * 32, "cd" * 32, "anna"
        ),
        out.ManifestAcknowledged(LIST, 1, 0),
    ]


def _behind() -> Fact:
    return out.BagContained("TB0000000015", CONTAINER, "ben")


def _put(
    database: Database, tenant: str, site: str, device: str, begin: datetime, facts: list[Fact]
) -> None:
    of, told, hlc = Site(tenant, site), list[Told](), ""
    for place, fact in enumerate(facts):
        at = begin + timedelta(minutes=place)
        hlc = advance(hlc, int(at.timestamp() * 1000))
        told.append(Told(f"{device}-{place}-of-a-counter", Stamp(hlc, device), fact, at))
    database.write(lambda c: writing.put(c, of, begin, writing.hold(c, of), told))
