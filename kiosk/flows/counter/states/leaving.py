"""Containers, and what goes with a driver."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.domain.counter.book import Carrier
from kiosk.domain.counter.containers import Container
from kiosk.domain.counter.listed import Counts
from kiosk.domain.counter.manifests import Manifest
from kiosk.domain.counter.meaning import DriverScanned
from kiosk.domain.counter.rules import Fill
from kiosk.flows.counter.states.outbound import Paper, Stroke


@dataclass(frozen=True, slots=True)
class ContainerLine:
    container: Container
    fill: Fill


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one carrier: closed containers and loose parcels. `manifest_id` is a list of
    theirs that was begun and not signed, "" for none."""

    carrier: str
    containers: int
    loose: int
    manifest_id: str = ""


@dataclass(frozen=True, slots=True)
class Containers:
    """The containers of the shop, those that are being filled first, and who may fetch what."""

    lines: tuple[ContainerLine, ...]
    waiting: tuple[Waiting, ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class NewContainer:
    """A plate that nobody knows: whose goods is it for? It holds what its carrier's hold."""

    plate: str
    carriers: tuple[Carrier, ...]


class Sure(StrEnum):
    """What is asked twice before it is told: it cannot be taken back."""

    DAMAGED = "damaged"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class ContainerInHand:
    """Bags and parcels that are scanned go into it; a seal closes it. `sure` is set once something
    was touched that must be touched again."""

    line: ContainerLine
    bags: tuple[str, ...]
    parcels: tuple[str, ...]
    page: int = 0
    sure: Sure | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What a carrier takes along. `going` are the containers and loose parcels that were scanned
    or are ticked, None for all of them. Until the list is frozen it follows what waits."""

    manifest: Manifest
    lines: tuple[ContainerLine, ...]
    loose: tuple[str, ...]
    going: tuple[str, ...] | None = None
    round: DriverScanned | None = None
    page: int = 0

    def goes(self, name: str) -> bool:
        """Whether a container (by its id) or a loose parcel goes along."""
        return self.going is None or name in self.going

    @property
    def containers_going(self) -> tuple[str, ...]:
        ids = (line.container.container_id for line in self.lines)
        return tuple(one for one in ids if self.goes(one))

    @property
    def loose_going(self) -> tuple[str, ...]:
        return tuple(number for number in self.loose if self.goes(number))


@dataclass(frozen=True, slots=True)
class Signing:
    """The list is frozen, whoever is signed in has said so; the driver draws their name."""

    job: HandOver
    strokes: tuple[Stroke, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Signed:
    """Both hold the same list: on paper, as print `job`, and as a QR."""

    manifest: Manifest
    qr: str
    counts: Counts
    round: DriverScanned | None = None
    paper: Paper = Paper.WAITING
    job: int = 0


class LabelKind(StrEnum):
    SHELF = "shelf"
    BAG = "bag"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels to print: so many plates of a kind, or the one of a shelf. `paper` is what became of
    the last ones, print `job`; None before any."""

    shelves: tuple[str, ...]
    kind: LabelKind = LabelKind.SHELF
    shelf_id: str = ""
    count: int = 1
    paper: Paper | None = None
    job: int = 0
    page: int = 0
