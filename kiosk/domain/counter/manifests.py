"""A manifest's life: the signed list of one hand-over (product.md, Lifecycles)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter.facts import ManifestFact
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.table import Goes, Row, Table


class ManifestState(StrEnum):
    UNKNOWN = "unknown"
    DRAFT = "draft"
    READY = "ready"
    SIGNED = "signed"
    ACKNOWLEDGED = "acknowledged"
    RECONCILED = "reconciled"
    DISPUTED = "disputed"
    VOIDED = "voided"


S = ManifestState

MANIFESTS: Table[ManifestState] = Table(
    "Manifest",
    ManifestState,
    (
        Row((S.UNKNOWN,), out.ManifestDrafted, S.DRAFT),
        Row((S.DRAFT,), out.ManifestDrafted, Goes.NOWHERE, added=True),
        Row((S.DRAFT,), out.ManifestReadied, S.READY),
        Row((S.READY,), out.ManifestSigned, S.SIGNED),
        Row((S.SIGNED,), out.ManifestAcknowledged, S.ACKNOWLEDGED),
        Row((S.ACKNOWLEDGED,), out.ManifestReconciled, S.RECONCILED),
        Row((S.ACKNOWLEDGED,), out.ManifestDisputed, S.DISPUTED),
        Row((S.DRAFT, S.READY), out.ManifestVoided, S.VOIDED),
    ),
    {
        S.UNKNOWN: (Because.MANIFEST_UNKNOWN, Then.NEW_MANIFEST),
        S.DRAFT: (Because.MANIFEST_DRAFT, Then.READY_MANIFEST),
        S.READY: (Because.MANIFEST_READY, Then.SIGN_MANIFEST),
        S.SIGNED: (Because.MANIFEST_SIGNED, Then.NEW_MANIFEST),
        S.ACKNOWLEDGED: (Because.MANIFEST_ACKNOWLEDGED, Then.WAIT),
        S.RECONCILED: (Because.MANIFEST_SETTLED, Then.NEW_MANIFEST),
        S.DISPUTED: (Because.MANIFEST_SETTLED, Then.ASK_CENTRE),
        S.VOIDED: (Because.MANIFEST_VOIDED, Then.NEW_MANIFEST),
    },
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest. `containers` and `parcels` (loose) are what is listed; `lines` the frozen list
    once it is ready; `went` and `went_loose` what was signed for; counts as far as told."""

    manifest_id: str
    state: ManifestState = S.UNKNOWN
    carrier: str = ""
    containers: tuple[str, ...] = ()
    parcels: tuple[str, ...] = ()
    lines: tuple[out.ManifestLine, ...] = ()
    went: tuple[str, ...] = ()
    went_loose: tuple[str, ...] = ()
    counted: tuple[int, int] | None = None
    """What the driver counted: containers, loose parcels."""

    @property
    def stayed(self) -> tuple[str, ...]:
        """The containers that were listed and did not go; () before it is signed."""
        signed = self.state in (S.SIGNED, S.ACKNOWLEDGED, S.RECONCILED, S.DISPUTED)
        return tuple(c for c in self.containers if c not in self.went) if signed else ()


def step(manifest: Manifest, fact: ManifestFact) -> Manifest | Refused:
    """The manifest after the fact."""
    to = MANIFESTS.leads(manifest.state, type(fact))
    if to is None:
        return MANIFESTS.refusal(manifest.state)
    state = manifest.state if isinstance(to, Goes) else to
    match fact:
        case out.ManifestDrafted(carrier=carrier, containers=containers, parcels=parcels):
            return replace(
                manifest, state=state, carrier=carrier, containers=containers, parcels=parcels
            )
        case out.ManifestReadied(lines=lines, parcels=parcels):
            containers = tuple(line.container_id for line in lines)
            return replace(
                manifest, state=state, lines=lines, containers=containers, parcels=parcels
            )
        case out.ManifestSigned(containers=containers, loose=loose):
            return replace(manifest, state=state, went=containers, went_loose=loose)
        case out.ManifestAcknowledged(containers=count, parcels=loose_count):
            return replace(manifest, state=state, counted=(count, loose_count))
        case out.ManifestReconciled() | out.ManifestDisputed() | out.ManifestVoided():
            return replace(manifest, state=state)
        case _:
            assert_never(fact)
