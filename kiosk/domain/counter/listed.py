"""The frozen list of a hand-over: what both sides signed for, in one form that has one digest.

On paper it is read, on the driver's screen it is a digest in a signed code: who holds the list can
prove that it is the one that was signed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kiosk.domain import canonical, hlc
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.outbound_facts import ManifestLine, ManifestSigned
from kiosk.domain.counter.shop import Shop


@dataclass(frozen=True, slots=True)
class Counts:
    """What goes: containers, the bags and parcels in them, and parcels in none."""

    containers: int
    bags: int
    parcels: int
    loose: int

    @property
    def pieces(self) -> int:
        """What a driver carries: containers and loose parcels."""
        return self.containers + self.loose


def going(manifest: Manifest) -> tuple[tuple[ManifestLine, ...], tuple[str, ...]]:
    """The lines and loose parcels that were signed for; all that is listed before that."""
    if not manifest.went and not manifest.went_loose:
        return manifest.lines, manifest.parcels
    lines = tuple(line for line in manifest.lines if line.container_id in manifest.went)
    return lines, manifest.went_loose


def counts(manifest: Manifest) -> Counts:
    lines, loose = going(manifest)
    bags, parcels = sum(len(one.bags) for one in lines), sum(len(one.parcels) for one in lines)
    return Counts(len(lines), bags, parcels, len(loose))


def as_listed(manifest: Manifest) -> dict[str, object]:
    """The list as plain data. Its order is by plate and number, whoever wrote it down."""
    lines, loose = going(manifest)
    return {
        "carrier": manifest.carrier,
        "containers": [
            {
                "bags": sorted(line.bags),
                "parcels": sorted(line.parcels),
                "plate": line.plate,
                "seal": line.seal_id,
            }
            for line in sorted(lines, key=lambda one: (one.plate, one.container_id))
        ],
        "manifest": manifest.manifest_id,
        "parcels": sorted(loose),
    }


def confirmed(manifest: Manifest, staff_id: str) -> str:
    """The signature of whoever is signed in: SHA-256 in hex of what they said yes to, and of who
    they are. Anybody can make it again from the facts; that it was they, their badge and PIN and
    the device's own signature of the event say."""
    said = {"list": as_listed(manifest), "staff": staff_id}
    return hashlib.sha256(canonical.encode(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedAs:
    """When a manifest was signed (Unix milliseconds of its stamp), and by whom of the shop."""

    at_ms: int
    by: str


def signed_as(shop: Shop, manifest_id: str) -> SignedAs | None:
    """What is on record of its signing; None for one that is not signed."""
    for record in reversed(shop.manifests.story(manifest_id)):
        if isinstance(record.fact, ManifestSigned):
            return SignedAs(hlc.wall_ms(record.stamp.hlc), record.fact.by)
    return None


def digest(manifest: Manifest) -> str:
    """SHA-256 in hex over the list's canonical JSON (kiosk.domain.canonical)."""
    return hashlib.sha256(canonical.encode(as_listed(manifest))).hexdigest()
