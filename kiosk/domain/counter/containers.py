"""A container's life, for one use of a tote, cage or pallet (product.md, Lifecycles).

What lies in it is not kept here: the goods say where they lie, and the shop counts them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from kiosk.domain.counter import outbound_facts as out
from kiosk.domain.counter.facts import ContainerFact
from kiosk.domain.counter.parcel_facts import ParcelContained
from kiosk.domain.counter.saying import Because, Refused, Then
from kiosk.domain.counter.table import Goes, Row, Table
from kiosk.domain.quick import quick


class ContainerState(StrEnum):
    UNKNOWN = "unknown"
    AVAILABLE = "available"
    OPEN = "open"
    CLOSED = "closed"
    MANIFESTED = "manifested"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    RECONCILED = "reconciled"
    DISPUTED = "disputed"
    DAMAGED = "damaged"
    LOST = "lost"


S = ContainerState
_KNOWN = tuple(state for state in S if state is not S.UNKNOWN)
GONE = (S.HANDED_OVER, S.RECEIVED, S.RECONCILED, S.DISPUTED)
"""It left the shop with a carrier."""
OVER = (*GONE, S.DAMAGED, S.LOST)
"""This use of it is over: its plate may be used again."""

CONTAINERS: Table[ContainerState] = Table(
    "Container",
    ContainerState,
    (
        Row((S.UNKNOWN,), out.ContainerProvided, S.AVAILABLE),
        Row((S.AVAILABLE,), out.ContainerOpened, S.OPEN),
        Row((S.OPEN,), out.BagContained, Goes.NOWHERE),
        Row((S.OPEN,), ParcelContained, Goes.NOWHERE),
        Row((S.OPEN,), out.ContainerClosed, S.CLOSED),
        Row((S.CLOSED,), out.ContainerReopened, S.OPEN),
        Row((S.CLOSED,), out.ManifestReadied, S.MANIFESTED),
        Row((S.MANIFESTED,), out.ManifestSigned, S.HANDED_OVER),
        Row((S.MANIFESTED,), out.ContainersStayed, S.CLOSED, added=True),
        Row((S.MANIFESTED,), out.ManifestVoided, S.CLOSED, added=True),
        Row((S.HANDED_OVER,), out.ContainerArrived, S.RECEIVED),
        Row((S.RECEIVED,), out.ContainerReconciled, S.RECONCILED),
        Row((S.RECEIVED,), out.ContainerDisputed, S.DISPUTED),
        Row(_KNOWN, out.ContainerDamaged, S.DAMAGED),
        Row(_KNOWN, out.ContainerLost, S.LOST),
    ),
    {
        S.UNKNOWN: (Because.CONTAINER_UNKNOWN, Then.OTHER_CONTAINER),
        S.AVAILABLE: (Because.CONTAINER_NOT_OPEN, Then.OPEN_CONTAINER),
        S.OPEN: (Because.CONTAINER_ALREADY_OPEN, Then.CLOSE_CONTAINER),
        S.CLOSED: (Because.CONTAINER_CLOSED, Then.REOPEN_CONTAINER),
        S.MANIFESTED: (Because.CONTAINER_ON_MANIFEST, Then.VOID_MANIFEST),
        S.HANDED_OVER: (Because.CONTAINER_GONE, Then.OTHER_CONTAINER),
        S.RECEIVED: (Because.CONTAINER_GONE, Then.OTHER_CONTAINER),
        S.RECONCILED: (Because.CONTAINER_GONE, Then.OTHER_CONTAINER),
        S.DISPUTED: (Because.CONTAINER_GONE, Then.ASK_CENTRE),
        S.DAMAGED: (Because.CONTAINER_DAMAGED, Then.OTHER_CONTAINER),
        S.LOST: (Because.CONTAINER_LOST, Then.OTHER_CONTAINER),
    },
)


@quick
@dataclass(frozen=True, slots=True)
class Container:
    """One use of a container. `seals` are all it ever had, the last one on it while it is closed;
    `manifest_id` is the manifest that lists it, "" for none."""

    container_id: str
    state: ContainerState = S.UNKNOWN
    plate: str = ""
    carrier: str = ""
    holds: int = 0
    seals: tuple[str, ...] = ()
    manifest_id: str = ""
    case_id: str = ""

    @property
    def seal_id(self) -> str:
        """The seal that is on it, "" where none is."""
        sealed = self.state in (S.CLOSED, S.MANIFESTED, *GONE)
        return self.seals[-1] if sealed and self.seals else ""


def step(container: Container, fact: ContainerFact) -> Container | Refused:
    """The container after the fact. A broken seal never closes it again, and what becomes of a
    manifest concerns the containers that it lists."""
    to = CONTAINERS.leads(container.state, type(fact))
    if to is None or _of_another_manifest(container, fact):
        return CONTAINERS.refusal(container.state)
    if isinstance(fact, out.ContainerClosed) and fact.seal_id in container.seals:
        return Refused(Because.SEAL_USED, Then.OTHER_SEAL, {"seal": fact.seal_id})
    return _changed(container, fact, container.state if isinstance(to, Goes) else to)


def _of_another_manifest(container: Container, fact: ContainerFact) -> bool:
    if isinstance(fact, out.ManifestSigned | out.ManifestVoided | out.ContainersStayed):
        return fact.manifest_id != container.manifest_id
    return False


def _changed(container: Container, fact: ContainerFact, state: ContainerState) -> Container:
    match fact:
        case out.ContainerProvided(plate=plate, carrier=carrier, holds=holds):
            return replace(container, state=state, plate=plate, carrier=carrier, holds=holds)
        case out.ContainerClosed(seal_id=seal_id):
            return replace(container, state=state, seals=(*container.seals, seal_id))
        case out.ManifestReadied(manifest_id=manifest_id):
            return replace(container, state=state, manifest_id=manifest_id)
        case out.ContainersStayed() | out.ManifestVoided():
            return replace(container, state=state, manifest_id="")
        case out.ContainerDisputed(case_id=case_id):
            return replace(container, state=state, case_id=case_id)
        case (
            out.ContainerOpened()
            | out.ContainerReopened()
            | out.ContainerDamaged()
            | out.ContainerLost()
            | out.ContainerArrived()
            | out.ContainerReconciled()
            | out.BagContained()
            | out.ManifestSigned()
            | ParcelContained()
        ):
            return container if state is container.state else replace(container, state=state)
        case _:
            assert_never(fact)
